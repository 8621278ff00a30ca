"""Uploads: bytes on their way in, with an owner, a target and a state."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from filemanager.domain.caller import Caller, Owner
from filemanager.domain.errors import Conflict, Forbidden, Gone, NotFound, Throttled, TooLarge
from filemanager.domain.ids import Digest, is_random_id
from filemanager.domain.jobs.job import JobId
from filemanager.domain.quotas import ReservationId
from filemanager.domain.uploads.targets import (
    DropTarget,
    InvitationTarget,
    PackageTarget,
    PartTarget,
    RepositoryTarget,
    Target,
    WorkspaceTarget,
)

UploadId = NewType("UploadId", str)
"""32 random hex digits."""

BatchId = NewType("BatchId", str)
"""Uploads that are received together; one without a batch has its own, named by its id."""

_BATCH_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")

INCOMING = "incoming"
"""The first segment of the keys of objects that are nobody's blob yet."""

MAX_REPOSITORY_CHARACTERS = 200
"""Of a path that uploads may go to: a job keeps it with the rights to look at it."""

_NAMED = 20
"""Uploads that a refusal names; the rest is counted."""

INLINE_BYTES = 32 << 20
"""A batch up to this size is received in the request that completes it; a larger one is a job."""


class UploadState(StrEnum):
    OPEN = "open"
    COMPLETE = "complete"
    RECEIVING = "receiving"
    RECEIVED = "received"
    REFUSED = "refused"


class Way(StrEnum):
    """How the bytes come."""

    TUS = "tus"
    GRANT = "grant"


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """``received_bytes`` lie safely in the store. ``size_bytes`` None: not told yet.

    ``generation`` is the number of the newest writer: an older one adds nothing any more.
    ``caller`` is who completed it last, with the scopes of then: rights are looked at again when it
    is received. ``result`` or ``code`` and ``message`` say what became of it.
    """

    id: UploadId
    owner: Owner
    caller: Caller
    way: Way
    target: Target
    batch: BatchId
    reservation: ReservationId
    state: UploadState = UploadState.OPEN
    size_bytes: int | None
    received_bytes: int = 0
    digest: Digest | None = None
    is_known: bool = False
    """No bytes come: those of the digest are in the store, and the owner can read them there."""
    generation: int = 0
    metadata: str = ""
    """As the client sent it, to be given back (tus); of a grant, the type of the file."""
    parts: tuple[UploadId, ...] = ()
    """What a final upload is put together of (tus concatenation)."""
    part_bytes: int | None = None
    store_name: str | None = None
    """Of a grant in parts: their size, and the store's name for the unfinished object."""
    job_id: JobId | None = None
    result: Mapping[str, object] | None = None
    code: str | None = None
    message: str | None = None
    created_at: datetime
    expires_at: datetime

    @property
    def is_whole(self) -> bool:
        return self.size_bytes == self.received_bytes

    @property
    def is_over(self) -> bool:
        return self.state in (UploadState.RECEIVED, UploadState.REFUSED)

    @property
    def is_alone(self) -> bool:
        """Whether it is received as soon as it is whole: it waits for no others."""
        return str(self.batch) == str(self.id) and not isinstance(self.target, PartTarget)

    @property
    def is_due(self) -> bool:
        """Whether it is to be received as soon as it is asked for."""
        return self.state is UploadState.COMPLETE and self.is_alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Bytes ``[start, start + size_bytes)`` of an upload, as an object under ``incoming/``; few of
    them under ``small/``.
    """

    upload_id: UploadId
    key: str
    start: int
    size_bytes: int


def name_of(upload: Upload) -> str:
    """How an upload is named to its owner."""
    match upload.target:
        case WorkspaceTarget(path=path) | PackageTarget(path=path) | InvitationTarget(path=path):
            return path
        case DropTarget(name=name) | RepositoryTarget(name=name):
            return name
        case PartTarget():
            return str(upload.id)


class UploadNotFound(NotFound):
    code = "upload_not_found"

    def __init__(self) -> None:
        super().__init__("There is no such upload, or it has expired.")


class TooManyUploads(Throttled):
    code = "too_many_uploads"

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"You have {limit} uploads open, which is as many as one owner may have. Finish or"
            " delete some."
        )


class TooManySegments(TooLarge):
    code = "too_many_segments"

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"An upload may lie in {limit} pieces (FILEMANAGER_MAX_SEGMENTS). Send it again in"
            " fewer and larger ones."
        )


class UploadRefused(Conflict):
    """It was looked at before, and refused for good; the message says why."""

    code = "upload_refused"


class UploadOver(Gone):
    code = "upload_over"

    def __init__(self) -> None:
        super().__init__("The upload was received, refused or abandoned already.")


class UploadIncomplete(Conflict):
    """``missing`` names what has not come yet."""

    code = "upload_incomplete"

    def __init__(self, missing: list[str]) -> None:
        named = ", ".join(missing[:_NAMED])
        if len(missing) > _NAMED:
            named = f"{named} and {len(missing) - _NAMED} more"
        super().__init__(
            f"Not everything has been uploaded yet: {named}. Upload what is missing and repeat."
        )
        self.missing = missing


class BatchElsewhere(Conflict):
    code = "batch_elsewhere"

    def __init__(self) -> None:
        super().__init__(
            "Uploads of this batch go to another place. Give this one a batch of another name."
        )


class BatchClosed(Conflict):
    code = "batch_closed"

    def __init__(self) -> None:
        super().__init__(
            "The batch is being received, or was. Give this upload a batch of another name."
        )


class PartUnusable(Conflict):
    code = "part_unusable"

    def __init__(self) -> None:
        super().__init__(
            "An upload is put together of parts, each of which is used once and for one upload."
        )


class MadeOfParts(Forbidden):
    code = "made_of_parts"

    def __init__(self) -> None:
        super().__init__("The upload is put together of parts and takes no bytes of its own.")


class OffsetConflict(Conflict):
    code = "offset_conflict"

    def __init__(self, received_bytes: int) -> None:
        super().__init__(
            f"The upload goes on at byte {received_bytes}, or another request writes it now."
            " Ask for the offset and repeat."
        )
        self.received_bytes = received_bytes


def upload_id_from(text: str) -> UploadId:
    """Raise ``UploadNotFound`` for what is no upload's id."""
    if not is_random_id(text):
        raise UploadNotFound
    return UploadId(text)


def batch_id_from(text: str) -> BatchId | None:
    """A batch as clients name it; None for what can be no name of one."""
    return BatchId(text) if _BATCH_ID.fullmatch(text) else None
