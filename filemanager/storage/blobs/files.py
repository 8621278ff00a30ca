"""Files that become objects: the calls by which their bytes become durable, and files that grow."""

import fcntl
import os
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Protocol

from filemanager.domain.blobs.blob import CHUNK_BYTES
from filemanager.storage.blobs.objects import regrouped


class FileCalls(Protocol):
    """The calls by which bytes become durable; ``os`` has them all."""

    def open(self, path: Path, flags: int, mode: int = ...) -> int: ...
    def write(self, descriptor: int, data: bytes, /) -> int: ...
    def fsync(self, fd: int) -> None: ...
    def close(self, fd: int) -> None: ...
    def mkdir(self, path: Path, mode: int = ...) -> None: ...
    def link(self, src: str | Path, dst: Path, *, src_dir_fd: int | None = ...) -> None: ...


class GrowingFile:
    """Of *size_bytes*, opened to append. Locked until it is closed, or its process ends: nobody
    else adds to it meanwhile.
    """

    def __init__(
        self,
        calls: FileCalls,
        descriptor: int,
        refusals: Callable[[], AbstractContextManager[None]],
        size_bytes: int = 0,
    ) -> None:
        self._calls = calls
        self._descriptor = descriptor
        self._refusals = refusals
        self._size_bytes = size_bytes
        self._is_closed = False

    def append(self, chunks: Iterable[bytes]) -> None:
        with self._refusals():
            try:
                self._size_bytes += write_all(self._calls, self._descriptor, chunks)
            except BaseException:
                # A full disk needs the room now, and it can be gone on with behind what is safe.
                with suppress(OSError):
                    os.ftruncate(self._descriptor, self._size_bytes)
                raise

    def close(self) -> None:
        if not self._is_closed:
            self._is_closed = True
            self._calls.close(self._descriptor)


def lock(descriptor: int) -> bool:
    """Lock the file for this descriptor; False where another has it, or there are no locks."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def write_all(calls: FileCalls, descriptor: int, chunks: Iterable[bytes]) -> int:
    """Write *chunks* where the file stands, and make them durable; returns how many bytes."""
    total_bytes = 0
    for chunk in regrouped(chunks, CHUNK_BYTES):
        written = calls.write(descriptor, chunk)
        while written < len(chunk):
            written += calls.write(descriptor, chunk[written:])
        total_bytes += written
    calls.fsync(descriptor)
    return total_bytes
