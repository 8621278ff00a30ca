"""What the routes of uploads stand on."""

from dataclasses import dataclass

from filemanager.api.http.context import door_of
from filemanager.domain.uploads.ports import UploadingGuests
from filemanager.services.uploads.appending import AppendingService
from filemanager.services.uploads.direct import DirectService
from filemanager.services.uploads.grants import GrantService
from filemanager.services.uploads.receiving import ReceivingService
from filemanager.services.uploads.resumable import UploadService


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadsDoor:
    uploads: UploadService
    appending: AppendingService
    receiving: ReceivingService
    grants: GrantService
    direct: DirectService
    guests: UploadingGuests


def door() -> UploadsDoor:
    return door_of(UploadsDoor)
