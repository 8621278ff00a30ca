"""The ways in: they hand what came to the doors that receive it."""

from datetime import timedelta

from filemanager.api.uploads.door import UploadsDoor
from filemanager.api.uploads.mounting import guest_uploads, uploads
from filemanager.domain.uploads.targets import PartTarget
from filemanager.factory.core import Core
from filemanager.factory.door import Door
from filemanager.factory.limits import upload_limits
from filemanager.factory.parts import Parts, clock
from filemanager.factory.workspaces.invitations import opening_of
from filemanager.jobs.schedule import Periodic
from filemanager.services.uploads.admission import Admission
from filemanager.services.uploads.appending import AppendingService
from filemanager.services.uploads.direct import DirectService
from filemanager.services.uploads.grants import GrantService
from filemanager.services.uploads.plans import GrantTerms
from filemanager.services.uploads.receiving import RECEIVE, ReceivingService
from filemanager.services.uploads.resumable import UploadService
from filemanager.services.uploads.stale_parts import DirectSweep
from filemanager.services.uploads.targets import PartReceiver, Receivers, Targets


def uploads_door(core: Core, receivers: Receivers) -> Door:
    """Made behind all doors whose *receivers* it hands uploads to."""
    made = _services(core, receivers)
    return Door(
        stands_on=made,
        blueprints=(uploads, guest_uploads),
        cross_origin=("/uploads",),
        handlers={RECEIVE: made.receiving.run},
        periodic=(
            Periodic("sweep_uploads", timedelta(minutes=10), made.uploads.sweep),
            Periodic("sweep_parts", timedelta(hours=1), stale_parts(core.parts).sweep),
        ),
    )


def stale_parts(parts: Parts) -> DirectSweep:
    """Parts go when no grant can want them any more, and a grace later."""
    life = timedelta(days=parts.settings.upload_days)
    grace = timedelta(hours=parts.settings.sweep_grace_hours)
    return DirectSweep(parts.direct, life + grace, clock)


def _services(core: Core, receivers: Receivers) -> UploadsDoor:
    settings, database, blobs = core.settings, core.database, core.blobs
    parts = PartReceiver(settings.max_owner_bytes)
    targets = Targets({**receivers, PartTarget: parts})
    receiving = ReceivingService(database, blobs, core.intake, targets, core.jobs)
    resumable = UploadService(database, blobs, targets, upload_limits(settings), clock)
    return UploadsDoor(
        uploads=resumable,
        appending=AppendingService(resumable, receiving, core.intake),
        receiving=receiving,
        grants=GrantService(
            database=database,
            blobs=blobs,
            store=core.parts.direct,
            admission=Admission(targets, upload_limits(settings), clock),
            receiving=receiving,
            terms=GrantTerms(life=timedelta(minutes=settings.grant_minutes)),
            clock=clock,
        ),
        direct=DirectService(database, blobs, clock),
        guests=opening_of(core),
    )
