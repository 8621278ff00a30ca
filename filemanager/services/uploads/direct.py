"""Taking bytes by a leave of ours: exactly those that it is for, once, and in time."""

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256

from filemanager.domain.blobs.blob import CHUNK_BYTES
from filemanager.domain.blobs.store import BlobStore
from filemanager.domain.errors import DigestMismatch, RequestTooLarge
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.uploads.grant import (
    KnownLeave,
    LeaveExpired,
    LeaveUsed,
    WrongLength,
    capability_of,
)
from filemanager.domain.uploads.upload import Segment, Upload, UploadNotFound, UploadState
from filemanager.services.uploads.inflow import Readable, incoming_key


class DirectService:
    """Bytes are durable before the row that counts them; what is refused leaves nothing."""

    def __init__(self, database: Database, blobs: BlobStore, clock: Clock) -> None:
        self._database = database
        self._blobs = blobs
        self._clock = clock

    def take(self, secret: str, stream: Readable, told_bytes: int | None) -> str:
        """Take the bytes that *secret* is leave for; returns their SHA-256.

        *told_bytes* is what the request says of its length, so that a wrong one is refused before
        anything is read. Raises ``LeaveNotFound``, ``LeaveExpired``, ``LeaveUsed``,
        ``WrongLength``, ``RequestTooLarge`` and ``DigestMismatch``.
        """
        with self._database.read() as tx:
            leave = tx.uploads.leave(capability_of(secret))
            if leave.expires_at <= self._clock():
                raise LeaveExpired
            _usable(tx, leave, tx.uploads.get(leave.upload_id))
        if told_bytes is not None:
            _ensure_length(leave, told_bytes)
        body = _Body(leave, stream)
        key = incoming_key()
        self._blobs.write_object(key, body.chunks())
        segment = Segment(
            upload_id=leave.upload_id, key=key, start=leave.start, size_bytes=leave.size_bytes
        )
        try:
            self._database.write(lambda tx: self._count(tx, leave, segment))
        except (LeaveUsed, UploadNotFound):
            self._blobs.delete(key)
            raise
        return body.digest

    def _count(self, tx: Transaction, leave: KnownLeave, segment: Segment) -> None:
        # A request that began in time may end later, as it may in a store of objects.
        upload = _usable(tx, leave, tx.uploads.lock(leave.upload_id))
        received_bytes = upload.received_bytes + segment.size_bytes
        is_whole = received_bytes == upload.size_bytes
        state = UploadState.COMPLETE if is_whole else UploadState.OPEN
        tx.uploads.add_segment(segment)
        tx.uploads.save(replace(upload, received_bytes=received_bytes, state=state))


def _usable(tx: Transaction, leave: KnownLeave, upload: Upload) -> Upload:
    """Raise ``LeaveUsed`` where the bytes have come."""
    is_there = tx.uploads.segment_at(upload.id, leave.start) is not None
    if is_there or upload.state is not UploadState.OPEN:
        raise LeaveUsed
    return upload


def _ensure_length(leave: KnownLeave, size_bytes: int) -> None:
    if size_bytes > leave.size_bytes:
        raise RequestTooLarge(leave.size_bytes)
    if size_bytes < leave.size_bytes:
        raise WrongLength(leave.size_bytes)


class _Body:
    """The bytes of a request as long as they can be those of a leave."""

    def __init__(self, leave: KnownLeave, stream: Readable) -> None:
        self._leave = leave
        self._stream = stream
        self._hash = sha256()

    @property
    def digest(self) -> str:
        return self._hash.hexdigest()

    def chunks(self) -> Iterator[bytes]:
        """Raises before the end what is wrong with them, so that no object is made."""
        taken_bytes = 0
        while chunk := self._stream.read(CHUNK_BYTES):
            taken_bytes += len(chunk)
            if taken_bytes > self._leave.size_bytes:
                raise RequestTooLarge(self._leave.size_bytes)
            self._hash.update(chunk)
            yield chunk
        _ensure_length(self._leave, taken_bytes)
        if self._leave.digest not in (None, self.digest):
            raise DigestMismatch("sha-256")
