"""What the settings allow, as the use cases know it: for the composition root."""

from datetime import timedelta

from filemanager.domain.intake.budget import Limits
from filemanager.services.uploads.admission import UploadLimits
from filemanager.services.workspaces.room import Room
from filemanager.settings.service import Settings


def room(settings: Settings) -> Room:
    return Room(
        max_bytes=settings.max_workspace_bytes,
        max_files=settings.max_workspace_files,
        max_checkpoints=settings.max_checkpoints,
        max_owner_bytes=settings.max_owner_bytes,
        max_workspaces=settings.max_open_workspaces,
    )


def upload_limits(settings: Settings) -> UploadLimits:
    return UploadLimits(
        life=timedelta(days=settings.upload_days),
        open_uploads=settings.max_open_uploads,
        upload_bytes=settings.max_upload_bytes,
        segments=settings.max_segments,
    )


def limits(settings: Settings) -> Limits:
    """Call once in a process, whose doors share the turns at large decoders."""
    return Limits(
        unpacked_bytes=settings.max_unpacked_bytes,
        entries=settings.max_unpacked_entries,
        decoder_bytes=settings.decoder_bytes,
    )
