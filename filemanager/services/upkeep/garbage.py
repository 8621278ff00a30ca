"""Everything that nobody needs, collected at once as the schedule collects it in turns."""

from dataclasses import asdict, dataclass

from filemanager.domain.ports import Clock, Database
from filemanager.services.upkeep.sweep import Sweeper
from filemanager.services.uploads.resumable import UploadService
from filemanager.services.uploads.stale_parts import DirectSweep


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What was collected, or would be.

    ``uploads`` have expired; a reservation without an upload counts as one. ``unfinished_objects``
    were begun in parts in the store, by us or by clients, and never made.
    """

    uploads: int
    unfinished_objects: int
    history_rows: int
    blobs: int
    packs_rewritten: int
    objects: int
    unnamed_objects: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GarbageCollector:
    database: Database
    uploads: UploadService
    parts: DirectSweep
    sweeper: Sweeper
    clock: Clock

    def collect(self) -> Collected:
        """Uploads first: their objects go with them, and are unnamed to nobody."""
        uploads = self.uploads.sweep()
        unfinished = self.parts.sweep()
        swept = asdict(self.sweeper.sweep())
        return Collected(uploads=uploads, unfinished_objects=unfinished, **swept)

    def dry_run(self) -> Collected:
        """Count what ``collect`` would do now, and change nothing."""
        with self.database.read() as tx:
            uploads = tx.uploads.count_expired(self.clock())
        unfinished = self.parts.dry_run()
        foreseen = asdict(self.sweeper.dry_run())
        return Collected(uploads=uploads, unfinished_objects=unfinished, **foreseen)
