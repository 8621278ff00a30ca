"""Seekable readers over bytes that lie elsewhere."""

import io
import os
from typing import BinaryIO, Protocol

BUFFER_BYTES = 64 << 10
"""Fetched at once for small reads; larger reads go straight through."""


class Positioned(Protocol):
    """Bytes that can be asked for by position."""

    @property
    def size_bytes(self) -> int: ...

    def read_into(self, target: memoryview, position: int) -> int:
        """Fill the front of *target*, which ends before the source does; returns how much, at
        least one byte.
        """

    def close(self) -> None: ...


class _SourceReader(io.RawIOBase):
    def __init__(self, source: Positioned) -> None:
        self._source = source
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        origins = {
            os.SEEK_SET: 0,
            os.SEEK_CUR: self._position,
            os.SEEK_END: self._source.size_bytes,
        }
        self._position = max(0, origins[whence] + offset)
        return self._position

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # typeshed's Buffer needs 3.12
        left = self._source.size_bytes - self._position
        if left <= 0 or not len(buffer):
            return 0
        read = self._source.read_into(memoryview(buffer)[:left], self._position)
        self._position += read
        return read

    def close(self) -> None:
        if not self.closed:
            self._source.close()
        super().close()


def reader_of(source: Positioned) -> BinaryIO:
    """A reader at offset 0 that closes *source* when it is closed."""
    return io.BufferedReader(_SourceReader(source), BUFFER_BYTES)
