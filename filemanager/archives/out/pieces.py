"""The pieces that archives are put together from, and any range of them in handy chunks."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from filemanager.archives.out.deflate import (
    STORED_BLOCK_BYTES,
    STORED_HEAD_BYTES,
    wrapped,
    wrapped_bytes,
)
from filemanager.domain.blobs.blob import CHUNK_BYTES, StoredBlob
from filemanager.domain.blobs.chunks import joined, part_of
from filemanager.domain.blobs.gzip_member import GZIP_FRAME_BYTES

ReadStored = Callable[[StoredBlob, int, int], Iterator[bytes]]
"""Bytes ``[start, stop)`` of a slice as it is stored, in chunks of at most 1 MiB."""


class Piece(Protocol):
    @property
    def length(self) -> int: ...

    def chunks(self, read: ReadStored, start: int, stop: int) -> Iterator[bytes]:
        """Bytes ``[start, stop)`` of the piece; never asked for none."""


@dataclass(frozen=True, slots=True)
class Made:
    """Bytes at hand."""

    made: bytes

    @property
    def length(self) -> int:
        return len(self.made)

    def chunks(self, _read: ReadStored, start: int, stop: int) -> Iterator[bytes]:
        for first in range(start, stop, CHUNK_BYTES):
            yield self.made[first : min(first + CHUNK_BYTES, stop)]


@dataclass(frozen=True, slots=True)
class RawBody:
    """The bytes of a raw blob as they are."""

    blob: StoredBlob

    @property
    def length(self) -> int:
        return self.blob.stored_bytes

    def chunks(self, read: ReadStored, start: int, stop: int) -> Iterator[bytes]:
        return read(self.blob, start, stop)


@dataclass(frozen=True, slots=True)
class DeflatedBody:
    """The deflate stream of a gzip blob, to be followed by another block."""

    blob: StoredBlob

    @property
    def length(self) -> int:
        return self.blob.stored_bytes - 2 * GZIP_FRAME_BYTES

    def chunks(self, read: ReadStored, start: int, stop: int) -> Iterator[bytes]:
        """A whole body is read with its frame, since only a whole slice is verified."""
        if stop - start < self.length:
            return read(self.blob, GZIP_FRAME_BYTES + start, GZIP_FRAME_BYTES + stop)
        whole = read(self.blob, 0, self.blob.stored_bytes)
        return part_of(whole, GZIP_FRAME_BYTES, GZIP_FRAME_BYTES + self.length)


@dataclass(frozen=True, slots=True)
class WrappedBody:
    """The bytes of a raw blob in stored deflate blocks."""

    blob: StoredBlob

    @property
    def length(self) -> int:
        return wrapped_bytes(self.blob.size_bytes)

    def chunks(self, read: ReadStored, start: int, stop: int) -> Iterator[bytes]:
        size, period = self.blob.size_bytes, STORED_BLOCK_BYTES + STORED_HEAD_BYTES
        before, behind = start // period, -(-stop // period)
        first, last = before * STORED_BLOCK_BYTES, min(behind * STORED_BLOCK_BYTES, size)
        blocks = wrapped(read(self.blob, first, last), first, size)
        return part_of(blocks, start - before * period, stop - before * period)


def assembled(
    pieces: Iterable[Piece], read: ReadStored, start: int, stop: int | None
) -> Iterator[bytes]:
    """Bytes ``[start, stop)`` of the pieces one after another; None: to the end.

    Pieces are taken as they are needed, none of those behind *stop* but one. Chunks have
    256 KiB to about 1 MiB; the first, the last and those before a large one may have less.
    """
    return joined(
        cut(((piece.length, partial(piece.chunks, read)) for piece in pieces), start, stop)
    )


ChunksOfPart = Callable[[int, int], Iterator[bytes]]
"""Bytes ``[start, stop)`` of something."""


def cut(parts: Iterable[tuple[int, ChunksOfPart]], start: int, stop: int | None) -> Iterator[bytes]:
    """Bytes ``[start, stop)`` of parts of known lengths; none of no bytes is asked for any."""
    position = 0
    for length, chunks in parts:
        first = max(0, start - position)
        last = length if stop is None else min(length, stop - position)
        if first < last:
            yield from chunks(first, last)
        position += length
        if stop is not None and position >= stop:
            return
