"""Bytes of a request become segments of its upload; short ones are joined to what comes next."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import chain

from filemanager.domain.blobs.store import BlobStore, Growing
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
        with closing(_Writer(self, upload, inflow)) as writer:
            writer.write()
        inflow.ensure_whole()
        return writer.upload

    def ensure_few(self, tx: Transaction, of: Sequence[UploadId], received_bytes: int) -> None:
        """Raise ``TooManySegments`` where they are more than an upload may lie in."""
        limit = self.admission.limits.segments
        # As all but the last of an upload are long, few bytes cannot be many; nobody is asked.
        most = received_bytes // JOINED_BYTES + len(of)
        if most > limit and tx.uploads.count_segments(of) > limit:
            raise TooManySegments(limit)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Written:
    """A segment to be counted, its bytes if they are to lie in a row, and the one before that is
    in it now: of the same object, or copied.
    """

    segment: Segment
    small: bytes | None = None
    instead_of: Segment | None = None

    @property
    def is_new(self) -> bool:
        return self.instead_of is None or self.instead_of.key != self.segment.key


@dataclass(slots=True)
class _Writer:
    """One request's bytes on their way into segments, counted so much at a time.

    Where the store lets an object grow, all of them are one segment, and continue the last one.
    Bytes that were counted stay as they are: whoever adds has the object for himself, and finds it
    as long as the upload was when he claimed it.
    """

    segments: Segments
    upload: Upload
    inflow: Inflow
    last: Segment | None = field(init=False, default=None)
    growing: Growing | None = field(init=False, default=None)

    def write(self) -> None:
        first = self.inflow.read()
        if first and self.upload.received_bytes:
            self.last = self._before()
        while first:
            self._add(self.inflow.segment(first))
            first = self.inflow.read()

    def _before(self) -> Segment:
        """The segment to add behind. Raises ``OffsetConflict`` where a newer writer has added to it
        or behind it: what he counted may be a blob by now, or be joined to another.
        """
        with self.segments.database.glance() as tx:
            last = tx.uploads.last_segment(self.upload.id)
        if last is None or last.start + last.size_bytes != self.upload.received_bytes:
            raise self._overtaken() or StoreUnavailable
        return last

    def _overtaken(self) -> OffsetConflict | None:
        with self.segments.database.glance() as tx:
            now = tx.uploads.get(self.upload.id)
        is_mine = now.generation == self.upload.generation and now.state is UploadState.OPEN
        return None if is_mine else OffsetConflict(now.received_bytes)

    def close(self) -> None:
        if self.growing is not None:
            self.growing.close()

    def _add(self, chunks: Iterator[bytes]) -> None:
        short = self.last if self.last and self.last.size_bytes < JOINED_BYTES else None
        if self.growing is None and self.last is not None and short is None:
            self.growing = self._grown(self.last)
        if self.growing is not None and self.last is not None:
            self.growing.append(chunks)
            self._count(_Written(segment=self._up_to_here(self.last), instead_of=self.last))
            return
        before = b"" if short is None else self._read(short)
        head, rest = self._head(chain([before] if before else [], chunks))
        start = self.upload.received_bytes - len(before)
        is_small = self.segments.blobs.may_be_small(len(head))
        begun = Segment(
            upload_id=self.upload.id, key=incoming_key(is_small=is_small), start=start, size_bytes=0
        )
        if not is_small:
            self._put(begun, chain([head], rest))
        small = head if is_small else None
        self._count(_Written(segment=self._up_to_here(begun), small=small, instead_of=short))

    def _head(self, chunks: Iterator[bytes]) -> tuple[bytes, Iterator[bytes]]:
        """All of them, or those that together are too large to lie in a row; and the rest."""
        head = b""
        for chunk in chunks:
            head += chunk
            if not self.segments.blobs.may_be_small(len(head)):
                break
        return head, chunks

    def _grown(self, segment: Segment) -> Growing | None:
        """Of unknown size, an upload may be whole before its writer knows that he is through."""
        if self.upload.size_bytes is None:
            return None
        return self.segments.blobs.grow(segment.key, segment.size_bytes)

    def _put(self, begun: Segment, chunks: Iterable[bytes]) -> None:
        self.growing = self._grown(begun)
        if self.growing is None:
            self.segments.blobs.write_object(begun.key, chunks)
            return
        try:
            self.growing.append(chunks)
        except FilemanagerError:
            self.segments.blobs.delete(begun.key)
            raise

    def _up_to_here(self, segment: Segment) -> Segment:
        return replace(segment, size_bytes=self.inflow.stands_at - segment.start)

    def _read(self, short: Segment) -> bytes:
        chunks = self.segments.blobs.read_object(short.key, short.size_bytes)
        data = b"".join(chunks or ())
        if len(data) != short.size_bytes:
            raise self._overtaken() or StoreUnavailable
        return data

    def _count(self, written: _Written) -> None:
        if self.inflow.is_at_stop:
            # What is whole may become a blob, which nobody may write to.
            self.close()
        blobs = self.segments.blobs
        try:
            self.upload, left = self.segments.database.write(
                lambda tx: self._counted(tx, self.upload, written)
            )
        except Unavailable:
            # The row may be there all the same. The sweeper knows.
            raise
        except FilemanagerError:
            if written.small is None and written.is_new:
                blobs.delete(written.segment.key)
            raise
        self.last = written.segment
        if left is not None:
            blobs.delete(left)

    def _counted(
        self, tx: Transaction, mine: Upload, written: _Written
    ) -> tuple[Upload, str | None]:
        """The upload, and the key of the object that is left of what was joined."""
        segment, instead_of = written.segment, written.instead_of
        upload = tx.uploads.lock(mine.id)
        if upload.generation != mine.generation or upload.state is not UploadState.OPEN:
            raise OffsetConflict(upload.received_bytes)
        if instead_of is not None:
            tx.uploads.drop_segment(instead_of.key)
        if written.small is not None:
            tx.small_packs.add({segment.key: written.small}, self.segments.admission.clock())
        tx.uploads.add_segment(segment)
        grown = completed(replace(upload, received_bytes=segment.start + segment.size_bytes))
        self.segments.ensure_few(tx, [upload.id], grown.received_bytes)
        tx.uploads.save(grown)
        if grown.size_bytes is None:
            self.segments.admission.reserve_anew(tx, mine.caller, grown, grown.received_bytes)
        if instead_of is None or not written.is_new or went_with_rows(tx, instead_of.key):
            return grown, None
        return grown, instead_of.key


def completed(upload: Upload) -> Upload:
    return replace(upload, state=UploadState.COMPLETE) if upload.is_whole else upload
