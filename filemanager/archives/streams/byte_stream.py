"""Bytes that come in chunks and are wanted in other counts."""

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from filemanager.archives.faults import Fault
from filemanager.domain.blobs.blob import CHUNK_BYTES
from filemanager.domain.intake.budget import Budget
from filemanager.domain.intake.unpacking import ArchiveRefused


def chunks_of(file: BinaryIO) -> Iterator[bytes]:
    while chunk := file.read(CHUNK_BYTES):
        yield chunk


def counted(chunks: Iterable[bytes], budget: Budget) -> Iterator[bytes]:
    """The same chunks, each taken from *budget* first; an empty one lets it look at the clock."""
    for chunk in chunks:
        budget.take_bytes(len(chunk))
        yield chunk


class ByteStream:
    """Hands out bytes in order; holds one chunk, or as much as was asked for at once."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._chunk = b""
        self._at = 0

    def peek(self, count: int) -> bytes:
        """The next bytes, fewer than *count* only at the end; they stay."""
        if self._at + count > len(self._chunk):
            self._hold(count)
        return self._chunk[self._at : self._at + count]

    def take(self, count: int) -> bytes:
        """The next bytes, fewer than *count* only at the end."""
        start = self._at
        stop = start + count
        if stop <= len(self._chunk):
            self._at = stop
            return self._chunk[start:stop]
        data = self.peek(count)
        self._at += len(data)
        return data

    def take_some(self) -> bytes:
        """What is at hand, else the next chunk; empty only at the end."""
        self.peek(1)
        data = self._chunk[self._at :]
        self._chunk, self._at = b"", 0
        return data

    def give_back(self, data: bytes) -> None:
        """Put *data* in front of what comes next."""
        self._chunk = data + self._chunk[self._at :]
        self._at = 0

    def pieces(self, count: int) -> Iterator[memoryview]:
        """The next *count* bytes without holding them; raises ``ArchiveRefused`` at the end."""
        while count:
            if self._at == len(self._chunk) and not self.peek(1):
                raise ArchiveRefused(Fault.TRUNCATED, "it ends in the middle of a file")
            piece = memoryview(self._chunk)[self._at : self._at + count]
            self._at += len(piece)
            count -= len(piece)
            yield piece

    def holds_only_zeros(self) -> bool:
        """Read to the end; whether nothing but zeros came."""
        while chunk := self.take_some():
            if chunk.count(0) != len(chunk):
                return False
        return True

    def _hold(self, count: int) -> None:
        held = [self._chunk[self._at :]]
        missing = count - len(held[0])
        while missing > 0:
            chunk = next(self._chunks, None)
            if chunk is None:
                break
            held.append(chunk)
            missing -= len(chunk)
        self._chunk, self._at = b"".join(held), 0
