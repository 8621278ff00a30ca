"""The unnamed files of a scratch, and contents that are slices of them or of memory."""

import hashlib
import io
import os
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Self

from zlib_ng import zlib_ng

from filemanager.domain.errors import ScratchFull
from filemanager.domain.ids import Digest, digest_of
from filemanager.storage.reading import reader_of
from filemanager.storage.scratch.second import RunningMd5
from filemanager.storage.unnamed import open_unnamed, seal

_AT_ONCE_BYTES = 1 << 18
"""A content up to this size is read in one call: a file of a paper is opened three times."""


class ScratchFile:
    """Grows at its end only; read by position, so readers do not disturb one another.

    A closed file raises ``ValueError`` instead of reading what took over its descriptor.
    """

    def __init__(self, directory: Path, *, is_shared: bool) -> None:
        try:
            self._file, can_be_named = open_unnamed(directory)
        except OSError as error:
            raise ScratchFull from error
        self._is_sealable = can_be_named and not is_shared
        self.size_bytes = 0

    def append(self, data: memoryview) -> None:
        while data:
            try:
                written = os.pwrite(self._file.fileno(), data, self.size_bytes)
            except OSError as error:
                # A scratch disk that fails has no room for uploads either.
                raise ScratchFull from error
            self.size_bytes += written
            data = data[written:]

    def read_into(self, target: memoryview, offset: int) -> int:
        return os.preadv(self._file.fileno(), [target], offset)

    def read(self, length: int, offset: int) -> bytes:
        return os.pread(self._file.fileno(), length, offset)

    def sealed(self) -> int | None:
        """See ``InOwnFile``; nothing can be appended afterwards."""
        if not self._is_sealable:
            return None
        try:
            seal(self._file.fileno())
        except OSError:
            # What keeps it from being taken over does not keep it from being copied.
            return None
        return self._file.fileno()

    def close(self) -> None:
        self._file.close()


@dataclass(frozen=True, slots=True)
class MemoryContent:
    data: bytes
    digest: Digest
    crc32: int

    @classmethod
    def of(cls, data: bytes) -> Self:
        return cls(data, digest_of(data), zlib_ng.crc32(data))

    @property
    def size_bytes(self) -> int:
        return len(self.data)

    @property
    def md5(self) -> str:
        """Worked out when a store asks: most contents of an upload are stored already."""
        return hashlib.md5(self.data, usedforsecurity=False).hexdigest()

    def open(self) -> BinaryIO:
        return io.BytesIO(self.data)

    def head(self, length: int) -> bytes:
        return self.data[:length]


@dataclass(frozen=True, slots=True)
class FileContent:
    file: ScratchFile
    offset: int
    size_bytes: int
    digest: Digest
    crc32: int
    told_md5: str | RunningMd5 | None = None

    @property
    def md5(self) -> str | None:
        told = self.told_md5
        return told.hexdigest() if isinstance(told, RunningMd5) else told

    def open(self) -> BinaryIO:
        if self.size_bytes <= _AT_ONCE_BYTES:
            return io.BytesIO(self.head(self.size_bytes))
        return reader_of(_FileSlice(self.file, self.offset, self.size_bytes))

    def head(self, length: int) -> bytes:
        return self.file.read(min(length, self.size_bytes), self.offset)

    def sealed(self) -> int | None:
        is_all = (self.offset, self.size_bytes) == (0, self.file.size_bytes)
        return self.file.sealed() if is_all else None


@dataclass(frozen=True, slots=True)
class _FileSlice:
    file: ScratchFile
    offset: int
    size_bytes: int

    def read_into(self, target: memoryview, position: int) -> int:
        return self.file.read_into(target, self.offset + position)

    def close(self) -> None:
        """The file belongs to the scratch, which closes it."""
