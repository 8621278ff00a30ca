"""What takes files that come one by one, as dput sends them."""

from datetime import timedelta

from filemanager.domain.uploads.targets import RepositoryTarget
from filemanager.factory.core import Core
from filemanager.factory.parts import clock
from filemanager.services.repositories.aside import Aside
from filemanager.services.repositories.incoming import IncomingService
from filemanager.services.repositories.pushing import PushService
from filemanager.services.repositories.receiver import RepositoryReceiver
from filemanager.services.uploads.admission import UploadLimits
from filemanager.services.uploads.resumable import UploadService
from filemanager.services.uploads.targets import Targets
from filemanager.signing.verifying import OpenPgpVerifier

_LIFE = timedelta(hours=24)
_FILES = 200
"""Of one uploader, in all repositories."""


def incoming_of(core: Core, pushes: PushService, receiver: RepositoryReceiver) -> IncomingService:
    settings = core.settings.repositories
    limits = UploadLimits(
        life=_LIFE,
        open_uploads=_FILES,
        upload_bytes=settings.repositories_max_push_bytes,
        segments=core.settings.max_segments,
    )
    targets = Targets({RepositoryTarget: receiver})
    uploads = UploadService(core.database, core.blobs, targets, limits, clock)
    keys = settings.repositories_changes_keys
    return IncomingService(
        core.database,
        Aside(core.database, core.blobs, uploads),
        pushes,
        settings.catalogue,
        OpenPgpVerifier(keys) if keys else None,
    )
