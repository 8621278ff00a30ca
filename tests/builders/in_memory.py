"""Contents and a scratch in memory."""

import io
import zlib
from dataclasses import dataclass
from functools import cached_property
from typing import BinaryIO

from filemanager.domain.blobs.blob import Content
from filemanager.domain.ids import Digest, digest_of


@dataclass(frozen=True)
class Bytes:
    data: bytes

    @property
    def size_bytes(self) -> int:
        return len(self.data)

    @cached_property
    def digest(self) -> Digest:
        return digest_of(self.data)

    @property
    def crc32(self) -> int:
        return zlib.crc32(self.data)

    @property
    def md5(self) -> None:
        return None

    def open(self) -> BinaryIO:
        return io.BytesIO(self.data)

    def head(self, length: int) -> bytes:
        return self.data[:length]


class BytesWriter:
    """Counts what it writes in its scratch."""

    def __init__(self, scratch: "MemoryScratch") -> None:
        self._scratch = scratch
        self._data = bytearray()

    def write(self, data: bytes | memoryview) -> int:
        self._data += data
        self._scratch.longest_write = max(self._scratch.longest_write, len(data))
        self._scratch.written_bytes += len(data)
        return len(data)

    def finish(self) -> Content:
        self._scratch.finished += 1
        return Bytes(bytes(self._data))


class MemoryScratch:
    """Counts what was written, to show what was done once and what in pieces."""

    def __init__(self) -> None:
        self.finished = 0
        self.written_bytes = 0
        self.longest_write = 0
        self.reserved_bytes = 0
        self.needed_md5s: list[bool] = []

    def writer(self, *, needs_md5: bool = False) -> BytesWriter:
        self.needed_md5s.append(needs_md5)
        return BytesWriter(self)

    def write(self, data: bytes) -> Content:
        writer = self.writer()
        writer.write(data)
        return writer.finish()

    def reserve(self, size_bytes: int) -> None:
        """Memory is there already."""
        self.reserved_bytes += size_bytes
