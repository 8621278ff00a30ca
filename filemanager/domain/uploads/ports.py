"""The ports of uploads: their rows, and leave to put their bytes into the store."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from filemanager.domain.caller import Caller, Owner
from filemanager.domain.ids import Digest, GuestId
from filemanager.domain.uploads.grant import KnownLeave, Leave, Portion, Reader
from filemanager.domain.uploads.upload import BatchId, Segment, Upload, UploadId


class Uploads(Protocol):
    def add(self, uploads: Sequence[Upload]) -> None: ...

    def get(self, upload_id: UploadId) -> Upload:
        """Raises ``UploadNotFound``."""

    def lock(self, upload_id: UploadId) -> Upload:
        """``get``, holding off every other writer of this upload until the transaction ends."""

    def lock_batch(self, owner: Owner, batch: BatchId) -> Sequence[Upload]:
        """Every upload of the batch, by id, each locked; empty where there is no such batch."""

    def of_batch(self, owner: Owner, batch: BatchId) -> Sequence[Upload]:
        """By id, not locked."""

    def lock_any_of_batch(self, owner: Owner, batch: BatchId) -> Upload | None:
        """One upload of the batch, locked; the same cost at any size of it. None: there is none."""

    def save(self, upload: Upload) -> None:
        """Write everything but the id, owner, way, batch, reservation and creation time."""

    def save_all(self, uploads: Sequence[Upload]) -> None: ...

    def count_open(self, owner: Owner | None) -> int:
        """Uploads of *owner*, or of everybody, that are not over."""

    def expire(self, owners: Sequence[Owner], at: datetime) -> None:
        """Let what these owners have not finished expire then, where it would later."""

    def unfinished(
        self, owner: Owner, at: datetime, after: UploadId | None, limit: int
    ) -> Sequence[Upload]:
        """Those of *owner* that are neither over nor expired then, by id, behind *after*."""

    def expired(self, before: datetime, limit: int) -> Sequence[Upload]:
        """Uploads that expired before then, over or not, oldest first."""

    def count_expired(self, before: datetime) -> int:
        """Uploads that expired before then, and reservations that no such upload releases."""

    def delete(self, upload_id: UploadId) -> None:
        """Delete the upload and its segments' rows."""

    def add_segment(self, segment: Segment) -> None: ...
    def add_segments(self, segments: Sequence[Segment]) -> None: ...

    def drop_segment(self, key: str) -> None: ...

    def last_segment(self, upload_id: UploadId) -> Segment | None: ...

    def count_segments(self, upload_ids: Sequence[UploadId]) -> int:
        """Of all of them together."""

    def segment_at(self, upload_id: UploadId, start: int) -> Segment | None: ...

    def segments(self, upload_id: UploadId) -> Sequence[Segment]:
        """By where they start."""

    def segments_page(self, after: str, limit: int) -> Sequence[Segment]:
        """Of all uploads, by the keys of their objects, those behind *after*."""

    def drop_segments(self, upload_id: UploadId) -> Sequence[str]:
        """Delete the rows and return the keys of their objects."""

    def save_leaves(self, leaves: Sequence[Leave]) -> None:
        """Remember leaves that have a capability; each takes the place of an older one for the
        same bytes. Leaves go with their uploads.
        """

    def leave(self, capability: str) -> KnownLeave:
        """Raises ``LeaveNotFound``."""

    def readable(self, digests: Collection[Digest], reader: Reader) -> Collection[Digest]:
        """Those of *digests* that a file of a workspace has now which *reader* may read, and whose
        bytes are not known to be damaged.
        """


class UploadingGuests(Protocol):
    def uploader(self, secret: str) -> tuple[Caller, GuestId]:
        """Who uploads by the secret in a path, as long as he may; raises what he is told else."""


class DirectStore(Protocol):
    """Gives leave to put single objects straight into the store, each checked by whoever takes it.

    Every method but ``may_put`` and ``key_of``, which only reckon, raises ``StoreUnavailable``.
    """

    def may_put(self, portion: Portion, expires_at: datetime) -> Leave:
        """Leave to put exactly these bytes until then: of a whole file once; a part may be given
        leave for again.

        A part needs the ``store_name`` that ``begin_parts`` returned.
        """

    def key_of(self, upload_id: UploadId) -> str | None:
        """The object under ``incoming/``, called by the upload's id, that a file's bytes will lie
        in; None: they lie in objects that are called something else.
        """

    def begin_parts(self, upload_id: UploadId) -> str:
        """Begin an object that is put in parts; returns the store's name for it."""

    def finish_parts(
        self, upload_id: UploadId, store_name: str, sizes_bytes: Sequence[int]
    ) -> None:
        """Make the object of its parts if each is there and has its size; ``sizes`` tells."""

    def forget_parts(self, upload_id: UploadId, store_name: str) -> None:
        """Delete parts that no object was made of; none being there is no error."""

    def sizes(self, grant: BatchId) -> Mapping[UploadId, int]:
        """Which files of a grant lie whole in the store under ``key_of``, and how large."""

    def count_stale(self, before: datetime) -> int:
        """Of how many objects ``forget_stale`` would delete parts."""

    def forget_stale(self, before: datetime) -> int:
        """Delete parts of objects that were begun before then and never made, whoever began them;
        returns of how many.
        """
