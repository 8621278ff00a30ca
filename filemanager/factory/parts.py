"""The adapters that everything stands on, made of settings."""

from dataclasses import dataclass
from datetime import UTC, datetime

from filemanager.db.database import Listeners, SqlDatabase
from filemanager.db.engine.bounds import Bounds
from filemanager.domain.blobs.blob import SMALL_PACK_BYTES
from filemanager.domain.blobs.named_objects import NamedObjects
from filemanager.domain.intake.budget import Limits
from filemanager.domain.ports import Database
from filemanager.domain.uploads.ports import DirectStore
from filemanager.factory.limits import limits
from filemanager.factory.stores.blobs import stores
from filemanager.factory.stores.raw_objects import raw_objects
from filemanager.jobs.bell import Bell
from filemanager.services.health import FindingTally
from filemanager.settings.service import Settings
from filemanager.storage.blobs.objects import Objects
from filemanager.storage.blobs.packing import PackingBlobStore
from filemanager.storage.blobs.small_packs import ObjectsBesideRows
from filemanager.storage.private import private_directory
from filemanager.storage.scratch.space import DiskScratchSpace


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What the commands and the server stand on."""

    settings: Settings
    database: SqlDatabase
    objects: Objects
    blobs: PackingBlobStore
    space: DiskScratchSpace
    raw: NamedObjects
    direct: DirectStore
    bell: Bell
    said: FindingTally
    limits: Limits


def clock() -> datetime:
    """The time in UTC, cut to the milliseconds that the database keeps."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def parts_of(settings: Settings) -> Parts:
    """Build the adapters; directories are made, nothing is connected."""
    private_directory(settings.scratch)
    private_directory(settings.data_dir / "store")
    objects, direct_store = stores(settings, clock)
    share = settings.scratch_bytes // settings.workers
    # Requests share theirs: those that wait for a client hold none. Each worker has a second
    # thread, which renews; the schedule has one.
    workers = settings.short_workers + settings.long_workers + settings.packages.hash_workers
    connections = settings.pool_size + 2 * workers + 1
    bell, said = Bell(), FindingTally()
    database = SqlDatabase(
        settings.database,
        bounds=Bounds(
            pool_size=connections,
            log_lines_per_day=settings.log_lines_per_day,
            write_wait_seconds=settings.write_wait_seconds,
            # One writes, half of the threads may wait, and the rest is left for who reads.
            writers=1 + settings.threads // 2,
        ),
        listeners=Listeners(promised=bell.ring, said=said.add),
    )
    return Parts(
        settings=settings,
        database=database,
        objects=objects,
        blobs=small_first(objects, database),
        space=DiskScratchSpace(settings.scratch, share),
        raw=raw_objects(settings, clock),
        direct=direct_store,
        bell=bell,
        said=said,
        limits=limits(settings),
    )


def small_first(objects: Objects, database: Database) -> PackingBlobStore:
    """A blob store of which small packs lie in *database* until the sweeper moves them."""
    beside = ObjectsBesideRows(objects, database)
    return PackingBlobStore(beside, small_bytes=SMALL_PACK_BYTES, read_rows=beside.read_rows)
