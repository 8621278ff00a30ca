"""Scratch space: where the bytes of running uploads lie, counted and bounded."""

import hashlib
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from zlib_ng import zlib_ng

from filemanager.domain.blobs.blob import CHUNK_BYTES, Content
from filemanager.domain.errors import ScratchFull
from filemanager.domain.ids import Digest
from filemanager.domain.intake.scratch import MD5_BYTES
from filemanager.storage.scratch.file import FileContent, MemoryContent, ScratchFile
from filemanager.storage.scratch.second import RunningMd5, SecondThread

MEMORY_BYTES = 2 << 20
"""What the contents of one scratch hold in memory before a file is used."""

_OWN_FILES = 8
"""So many large contents of one scratch get a file each, which is open until the scratch ends."""


class DiskScratchSpace:
    """One for a process; *capacity_bytes* is the share of this process.

    Bytes in memory count as well. They, and space that is reserved, are set against the free
    space of the disk until they are written there, so two uploads are not promised the same room.
    """

    def __init__(
        self, directory: Path, capacity_bytes: int, memory_bytes: int = MEMORY_BYTES
    ) -> None:
        self._directory = directory
        self._capacity_bytes = capacity_bytes
        self._memory_bytes = memory_bytes
        self._lock = threading.Lock()
        self._claimed_bytes = 0
        self._on_disk_bytes = 0

    @contextmanager
    def open(self) -> Iterator["DiskScratch"]:
        room = _Room(self, self._directory, self._memory_bytes)
        try:
            yield DiskScratch(room)
        finally:
            room.close()

    def free_bytes(self) -> int:
        with self._lock:
            return self._free_bytes()

    def claimed_bytes(self) -> int:
        """What running uploads hold, in memory, on the disk or promised."""
        return self._claimed_bytes

    def claim(self, size_bytes: int) -> None:
        with self._lock:
            if size_bytes > self._free_bytes():
                raise ScratchFull
            self._claimed_bytes += size_bytes

    def note_written(self, size_bytes: int) -> None:
        """Claimed bytes are on the disk now, so that its free space tells of them."""
        with self._lock:
            self._on_disk_bytes += size_bytes

    def release(self, claimed_bytes: int, on_disk_bytes: int) -> None:
        with self._lock:
            self._claimed_bytes -= claimed_bytes
            self._on_disk_bytes -= on_disk_bytes

    def _free_bytes(self) -> int:
        try:
            disk = os.statvfs(self._directory)
        except OSError:
            # Whoever looks after a process asks too, and must not end it.
            return 0
        promised = self._claimed_bytes - self._on_disk_bytes
        room = disk.f_bavail * disk.f_frsize - promised
        return max(0, min(self._capacity_bytes - self._claimed_bytes, room))


class DiskScratch:
    """Written by one thread at a time; its contents may be read by any."""

    def __init__(self, room: "_Room") -> None:
        self._room = room

    def writer(self, *, needs_md5: bool = False) -> "DiskScratchWriter":
        return DiskScratchWriter(self._room, needs_md5=needs_md5)

    def write(self, data: bytes) -> Content:
        if self._room.keep_in_memory(len(data)):
            return MemoryContent.of(data)
        writer = self.writer()
        writer.write(data)
        return writer.finish()

    def reserve(self, size_bytes: int) -> None:
        self._room.reserve(size_bytes)


class DiskScratchWriter:
    """Gathers small writes, so that hashing and writing see a mebibyte at a time.

    What is larger than that gets a file of its own, which a store can take over as it is.
    """

    def __init__(self, room: "_Room", *, needs_md5: bool) -> None:
        self._room = room
        self._file: ScratchFile | None = None
        self._gathered = bytearray()
        self._sha256 = hashlib.sha256()
        self._md5 = RunningMd5(room.second)
        self._md5_stop = None if needs_md5 else MD5_BYTES
        self._crc32 = 0
        self._offset = 0
        self._written_bytes = 0

    def write(self, data: bytes | memoryview) -> int:
        if self._gathered and len(self._gathered) + len(data) > CHUNK_BYTES:
            self._spill(self._gathered)
            self._gathered = bytearray()
        if len(data) >= CHUNK_BYTES:
            self._spill(data)
        else:
            self._gathered += data
        return len(data)

    def finish(self) -> Content:
        if not self._written_bytes and self._room.keep_in_memory(len(self._gathered)):
            return MemoryContent.of(bytes(self._gathered))
        file = self._file = self._file or self._room.file()
        self._spill(self._gathered)
        digest = Digest(self._sha256.hexdigest())
        md5 = self._md5.told() if self._has_md5(self._written_bytes) else None
        return FileContent(file, self._offset, self._written_bytes, digest, self._crc32, md5)

    def _has_md5(self, size_bytes: int) -> bool:
        return self._md5_stop is None or size_bytes <= self._md5_stop

    def _spill(self, data: bytes | bytearray | memoryview) -> None:
        if self._has_md5(self._written_bytes + len(data)):
            # Beside the disk, the other digest, and whatever makes the next bytes.
            self._md5.update(data)
        self._write_out(data)
        if isinstance(data, memoryview):
            # Its bytes are another's, who may write over them.
            self._md5.wait()

    def _write_out(self, data: bytes | bytearray | memoryview) -> None:
        if self._file is None:
            self._file = self._room.own_file()
        offset = self._room.append(self._file, memoryview(data))
        if not self._written_bytes:
            self._offset = offset
        if offset != self._offset + self._written_bytes:
            raise RuntimeError("Two writers of one scratch are unfinished.")
        self._sha256.update(data)
        self._crc32 = zlib_ng.crc32(data, self._crc32)
        self._written_bytes += len(data)


class _Room:
    """What one scratch holds: claims, memory and files."""

    def __init__(self, space: DiskScratchSpace, directory: Path, memory_bytes: int) -> None:
        self._space = space
        self._directory = directory
        self._memory_left = memory_bytes
        self._file: ScratchFile | None = None
        self._own_files: list[ScratchFile] = []
        self.second = SecondThread()
        self._claimed_bytes = 0
        self._reserved_bytes = 0
        self._on_disk_bytes = 0

    def reserve(self, size_bytes: int) -> None:
        self._space.claim(size_bytes)
        self._claimed_bytes += size_bytes
        self._reserved_bytes += size_bytes

    def keep_in_memory(self, size_bytes: int) -> bool:
        """Claim memory for that many bytes; False where they belong into the file."""
        if size_bytes > self._memory_left:
            return False
        self._claim(size_bytes)
        self._memory_left -= size_bytes
        return True

    def file(self) -> ScratchFile:
        """The one that contents share."""
        if self._file is None:
            self._file = ScratchFile(self._directory, is_shared=True)
        return self._file

    def own_file(self) -> ScratchFile:
        """One that nobody else writes to, while there are few; then the shared one."""
        if len(self._own_files) == _OWN_FILES:
            return self.file()
        self._own_files.append(ScratchFile(self._directory, is_shared=False))
        return self._own_files[-1]

    def append(self, file: ScratchFile, data: memoryview) -> int:
        """Write at the end of *file*; returns the offset."""
        self._claim(len(data))
        offset = file.size_bytes
        file.append(data)
        self._space.note_written(len(data))
        self._on_disk_bytes += len(data)
        return offset

    def close(self) -> None:
        self.second.close()
        for file in (self._file, *self._own_files):
            if file is not None:
                file.close()
        self._space.release(self._claimed_bytes, self._on_disk_bytes)

    def _claim(self, size_bytes: int) -> None:
        reserved_bytes = min(size_bytes, self._reserved_bytes)
        more_bytes = size_bytes - reserved_bytes
        if more_bytes:
            self._space.claim(more_bytes)
        self._reserved_bytes -= reserved_bytes
        self._claimed_bytes += more_bytes
