"""What must hold of the uploads of a batch before it is received."""

from collections.abc import Sequence

from filemanager.domain.uploads.targets import PartTarget, place_of
from filemanager.domain.uploads.upload import (
    BatchElsewhere,
    Upload,
    UploadIncomplete,
    UploadRefused,
    UploadState,
    name_of,
)
from filemanager.services.uploads.targets import PartOfAnother


def ensure_complete(uploads: Sequence[Upload]) -> None:
    """Uploads whose job failed for good are complete too."""
    whole = (UploadState.COMPLETE, UploadState.RECEIVING)
    missing = [name_of(upload) for upload in uploads if upload.state not in whole]
    if missing:
        raise UploadIncomplete(missing)


def ensure_one_place(uploads: Sequence[Upload]) -> None:
    """Two that began a batch at once may not have seen each other; parts have no place."""
    if isinstance(uploads[0].target, PartTarget):
        raise PartOfAnother
    if len({place_of(upload.target) for upload in uploads}) > 1:
        raise BatchElsewhere


def ensure_not_refused(uploads: Sequence[Upload]) -> None:
    """Raise ``UploadRefused`` with what a batch was refused for before."""
    for upload in uploads:
        if upload.state is UploadState.REFUSED:
            raise UploadRefused(upload.message or "The upload was refused.")
