"""Leave to put bytes that this service takes itself, where its objects are files."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime

from filemanager.domain.uploads.grant import Leave, Portion, capability_of
from filemanager.domain.uploads.upload import BatchId, UploadId

_SECRET_BYTES = 32


class OwnDirectStore:
    """Hands out secrets as paths below *place*; what comes there is checked by the use case, and
    its objects are known by rows. So there is nothing here that could be stale.
    """

    def __init__(self, place: str) -> None:
        self._place = place

    def may_put(self, portion: Portion, expires_at: datetime) -> Leave:
        secret = secrets.token_urlsafe(_SECRET_BYTES)
        headers = {"Content-Type": portion.media_type} if portion.media_type else {}
        return Leave(
            portion=portion,
            url=f"{self._place}/{secret}",
            headers={"Content-Length": str(portion.size_bytes), **headers},
            expires_at=expires_at,
            capability=capability_of(secret),
        )

    def key_of(self, upload_id: UploadId) -> str | None:
        del upload_id
        return None

    def begin_parts(self, upload_id: UploadId) -> str:
        return str(upload_id)

    def finish_parts(
        self, upload_id: UploadId, store_name: str, sizes_bytes: Sequence[int]
    ) -> None:
        """An upload whose parts have all come is complete by its row: then nobody asks here."""

    def forget_parts(self, upload_id: UploadId, store_name: str) -> None:
        """They are segments of the upload, and go with it."""

    def sizes(self, grant: BatchId) -> Mapping[UploadId, int]:
        del grant
        return {}

    def count_stale(self, before: datetime) -> int:
        del before
        return 0

    def forget_stale(self, before: datetime) -> int:
        del before
        return 0
