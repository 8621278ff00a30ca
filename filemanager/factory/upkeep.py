"""What keeps the store clean, whatever door its bytes came through."""

from datetime import timedelta

from filemanager.domain.repositories.repository import PURPOSE
from filemanager.factory.core import Core
from filemanager.factory.door import Door
from filemanager.factory.limits import upload_limits
from filemanager.factory.parts import Parts, clock
from filemanager.factory.uploads import stale_parts
from filemanager.jobs.schedule import Periodic
from filemanager.services.upkeep.garbage import GarbageCollector
from filemanager.services.upkeep.sweep import Keeping, Sweeper
from filemanager.services.uploads.resumable import UploadService
from filemanager.services.uploads.targets import Targets


def upkeep(core: Core) -> Door:
    """No door that anybody comes through: it has periodic work alone."""
    return Door(
        periodic=(
            Periodic("sweep", timedelta(hours=1), sweeper(core.parts).sweep),
            Periodic("prune_idempotency_keys", timedelta(hours=1), core.idempotency.prune),
        )
    )


def collector(parts: Parts) -> GarbageCollector:
    # No target is asked when an upload expires.
    targets = Targets({})
    uploads = UploadService(
        parts.database, parts.blobs, targets, upload_limits(parts.settings), clock
    )
    return GarbageCollector(
        database=parts.database,
        uploads=uploads,
        parts=stale_parts(parts),
        sweeper=sweeper(parts),
        clock=clock,
    )


def sweeper(parts: Parts) -> Sweeper:
    settings = parts.settings
    keeping = Keeping(
        grace=timedelta(hours=settings.sweep_grace_hours),
        history=timedelta(days=settings.history_days),
        history_by_purpose={
            PURPOSE: timedelta(days=settings.repositories.repositories_history_days)
        },
    )
    return Sweeper(parts.database, parts.blobs, keeping, clock)
