"""A scratch in memory, and archives as contents, for the tests of the readers."""

import io
import zlib
from dataclasses import dataclass
from typing import BinaryIO

from filemanager.archives.unpacker import ArchiveUnpacker
from filemanager.domain.blobs.blob import Content
from filemanager.domain.ids import Digest, digest_of
from filemanager.domain.intake.budget import Budget, Limits
from filemanager.domain.intake.turns import Turns
from filemanager.domain.intake.unpacking import Unpacked


@dataclass(frozen=True, slots=True)
class BytesContent:
    data: bytes

    @property
    def size_bytes(self) -> int:
        return len(self.data)

    @property
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
    """Counts itself as written in its scratch when it is finished."""

    def __init__(self, scratch: "MemoryScratch") -> None:
        self._scratch = scratch
        self._data = bytearray()

    def write(self, data: bytes | memoryview) -> int:
        self._data += data
        self._scratch.longest_write = max(self._scratch.longest_write, len(data))
        self._scratch.written_bytes += len(data)
        return len(data)

    def finish(self) -> Content:
        return BytesContent(bytes(self._data))


class MemoryScratch:
    def __init__(self) -> None:
        self.written_bytes = 0
        self.longest_write = 0
        self.reserved_bytes = 0

    def writer(self, *, needs_md5: bool = False) -> BytesWriter:
        del needs_md5
        return BytesWriter(self)

    def write(self, data: bytes) -> Content:
        writer = self.writer()
        writer.write(data)
        return writer.finish()

    def reserve(self, size_bytes: int) -> None:
        """Memory is there already."""
        self.reserved_bytes += size_bytes


def a_budget(
    sent_bytes: int = 1 << 30,
    *,
    unpacked_bytes: int = 1 << 30,
    entries: int = 1000,
    decoder_bytes: int = 128 << 20,
    turns: Turns | None = None,
) -> Budget:
    limits = Limits(
        unpacked_bytes=unpacked_bytes,
        entries=entries,
        decoder_bytes=decoder_bytes,
        turns=turns or Turns(),
    )
    return Budget(limits=limits, sent_bytes=sent_bytes, clock=lambda: 0.0)


def unpack(data: bytes, budget: Budget | None = None) -> Unpacked | None:
    budget = budget or a_budget()
    with budget.turn:
        return ArchiveUnpacker().unpack(BytesContent(data), budget, MemoryScratch())


def files(unpacked: Unpacked | None) -> dict[str, bytes]:
    """The files of an archive by path; of two with one path the later."""
    assert unpacked is not None
    found = {}
    for member in unpacked.members:
        if member.content is not None:
            with member.content.open() as file:
                found[member.path] = file.read()
    return found
