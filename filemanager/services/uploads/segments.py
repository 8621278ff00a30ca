"""Bytes of a request become segments of its upload; short ones are joined to what comes next."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from filemanager.domain.blobs.store import BlobStore
from filemanager.domain.errors import FilemanagerError, StoreUnavailable, Unavailable
from filemanager.domain.ports import Database, Transaction
from filemanager.domain.uploads.upload import (
    OffsetConflict,
    Segment,
    TooManySegments,
    Upload,
    UploadId,
    UploadState,
)
from filemanager.services.uploads.admission import Admission
from filemanager.services.uploads.inflow import Inflow, Readable, incoming_key
from filemanager.services.uploads.parts import went_with_rows

JOINED_BYTES = 256 << 10
"""A segment below this size is copied to the front of the next, so no upload has two of them."""


@dataclass(frozen=True, slots=True)
class Segments:
    """Bytes are durable before the row that counts them; what is refused leaves nothing."""

    database: Database
    blobs: BlobStore
    admission: Admission

    def take(self, upload: Upload, stream: Readable, stop: int) -> Upload:
        """Take bytes of a claimed upload from *stream* to its end, or the byte *stop*."""
        inflow = Inflow(stream, upload.received_bytes, stop)
        short: Segment | None = None
        if first := inflow.read():
            short = self._short_end(upload)
        while first:
            upload = self._take(upload, inflow, first, short)
            first, short = inflow.read(), None
        inflow.ensure_whole()
        return upload

    def ensure_few(self, tx: Transaction, of: Sequence[UploadId], received_bytes: int) -> None:
        """Raise ``TooManySegments`` where they are more than an upload may lie in."""
        limit = self.admission.limits.segments
        # As all but the last of an upload are long, few bytes cannot be many; nobody is asked.
        most = received_bytes // JOINED_BYTES + len(of)
        if most > limit and tx.uploads.count_segments(of) > limit:
            raise TooManySegments(limit)

    def _short_end(self, upload: Upload) -> Segment | None:
        """The last segment, if it is to be joined. Only the writer of the upload adds behind it."""
        if not upload.received_bytes:
            return None
        with self.database.read() as tx:
            last = tx.uploads.last_segment(upload.id)
        return last if last is not None and last.size_bytes < JOINED_BYTES else None

    def _take(self, upload: Upload, inflow: Inflow, first: bytes, short: Segment | None) -> Upload:
        start, before = upload.received_bytes, b""
        if short is not None:
            start, before = short.start, self._read(short)
        chunks = chain([before] if before else [], inflow.segment(first))
        head = self._small_head(chunks)
        small = head if self.blobs.may_be_small(len(head)) else None
        key = incoming_key(is_small=small is not None)
        if small is None:
            self.blobs.write_object(key, chain([head], chunks))
        size_bytes = inflow.offset + inflow.taken_bytes - start
        segment = Segment(upload_id=upload.id, key=key, start=start, size_bytes=size_bytes)
        return self._counted(upload, _Next(segment, small, short))

    def _small_head(self, chunks: Iterator[bytes]) -> bytes:
        """All of them, or those that together are too large to lie in a row."""
        head = b""
        for chunk in chunks:
            head += chunk
            if not self.blobs.may_be_small(len(head)):
                break
        return head

    def _counted(self, upload: Upload, following: "_Next") -> Upload:
        try:
            grown, left = self.database.write(lambda tx: self._count(tx, upload, following))
        except Unavailable:
            # The row may be there all the same. The sweeper knows.
            raise
        except FilemanagerError:
            if following.small is None:
                self.blobs.delete(following.segment.key)
            raise
        if left is not None:
            self.blobs.delete(left)
        return grown

    def _read(self, short: Segment) -> bytes:
        data = b"".join(self.blobs.read_object(short.key) or ())
        if len(data) != short.size_bytes:
            raise StoreUnavailable
        return data

    def _count(
        self, tx: Transaction, mine: Upload, following: "_Next"
    ) -> tuple[Upload, str | None]:
        """The upload, and the key of the object that is left of what was joined."""
        segment, short = following.segment, following.short
        upload = tx.uploads.lock(mine.id)
        if upload.generation != mine.generation or upload.state is not UploadState.OPEN:
            raise OffsetConflict(upload.received_bytes)
        if short is not None:
            tx.uploads.drop_segment(short.key)
        if following.small is not None:
            tx.small_packs.add({segment.key: following.small}, self.admission.clock())
        tx.uploads.add_segment(segment)
        grown = completed(replace(upload, received_bytes=segment.start + segment.size_bytes))
        self.ensure_few(tx, [upload.id], grown.received_bytes)
        tx.uploads.save(grown)
        if grown.size_bytes is None:
            self.admission.reserve_anew(tx, mine.caller, grown, grown.received_bytes)
        left = None if short is None or went_with_rows(tx, short.key) else short.key
        return grown, left


@dataclass(frozen=True, slots=True)
class _Next:
    """A segment to be counted, its bytes if they are to lie in a row, and the one before in it."""

    segment: Segment
    small: bytes | None
    short: Segment | None


def completed(upload: Upload) -> Upload:
    return replace(upload, state=UploadState.COMPLETE) if upload.is_whole else upload
