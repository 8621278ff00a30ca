"""Objects as files below one directory: written once, fsynced, never edited or renamed.

Those of uploads on their way may grow; bytes that were made durable stay as they are.
"""

import errno
import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from filemanager.domain.blobs.blob import CHUNK_BYTES, StoredObject
from filemanager.domain.errors import StoreFull, StoreUnavailable
from filemanager.storage.blobs.files import FileCalls, GrowingFile, lock, write_all
from filemanager.storage.blobs.objects import PREFIXES, ObjectMissing

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC


class FileSystemObjects:
    """An object is ``<directory>/<prefix>/<two letters>/<name>``.

    *directory* must exist and is never made here: what looks like an empty store may be a volume
    that is not mounted.
    """

    def __init__(self, directory: Path, calls: FileCalls = os) -> None:
        self._directory = directory
        self._calls = calls
        self._durable: set[Path] = set()

    @property
    def files(self) -> "FileSystemObjects":
        return self

    def write(self, key: str, chunks: Iterable[bytes]) -> None:
        path = self._path(key)
        with self._refusals():
            self._make_durable(path.parent)
            self._write_file(path, chunks)
            self._sync_directory(path.parent)

    def adopt(self, key: str, descriptor: int) -> bool:
        path = self._path(key)
        with self._refusals():
            self._make_durable(path.parent)
            if not self._link(descriptor, path):
                return False
            with _gone_on_error(path):
                self._calls.fsync(descriptor)
            self._sync_directory(path.parent)
        return True

    def link(self, source: str, key: str) -> bool:
        path = self._path(key)
        with self._refusals():
            self._make_durable(path.parent)
            try:
                # The sweeper gives an object time from now. Its bytes are durable already.
                os.utime(self._path(source))
                self._calls.link(self._path(source), path)
            except OSError:
                # Whatever keeps it from a second name may not keep it from being copied.
                return False
            with _gone_on_error(path):
                self._sync_directory(path.parent)
        return True

    def begin(self, key: str) -> GrowingFile:
        path = self._path(key)
        with self._refusals():
            self._make_durable(path.parent)
            descriptor = self._calls.open(path, _NEW | os.O_APPEND, 0o600)
            growing = GrowingFile(self._calls, descriptor, self._refusals)
            with _gone_on_error(path), ExitStack() as on_error:
                on_error.callback(growing.close)
                lock(descriptor)
                self._sync_directory(path.parent)
                on_error.pop_all()
        return growing

    def resume(self, key: str, size_bytes: int) -> GrowingFile | None:
        try:
            descriptor = os.open(self._path(key), os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC)
        except OSError:
            return None
        growing = GrowingFile(self._calls, descriptor, self._refusals, size_bytes)
        # In this order: whoever had the lock before may have added to it until then.
        if lock(descriptor) and os.fstat(descriptor).st_size == size_bytes:
            return growing
        growing.close()
        return None

    def read(self, key: str, start: int, stop: int) -> Iterator[bytes]:
        with self._refusals():
            descriptor = self._open_for_reading(key)
            try:
                while start < stop:
                    chunk = os.pread(descriptor, min(CHUNK_BYTES, stop - start), start)
                    if not chunk:
                        return
                    start += len(chunk)
                    yield chunk
            finally:
                os.close(descriptor)

    def size(self, key: str) -> int | None:
        with self._refusals():
            try:
                return self._path(key).stat().st_size
            except FileNotFoundError:
                self._ensure_mounted()
                return None

    def delete(self, key: str) -> None:
        with self._refusals():
            try:
                self._path(key).unlink()
            except FileNotFoundError:
                self._ensure_mounted()

    def listing(self) -> Iterator[StoredObject]:
        self.check()
        for prefix in PREFIXES:
            for fan in self._names_in(self._directory / prefix):
                for name in self._names_in(self._directory / prefix / fan):
                    yield from self._listed(f"{prefix}/{name}")

    def check(self) -> None:
        if not os.access(self._directory, os.R_OK | os.W_OK | os.X_OK):
            raise StoreUnavailable

    def _path(self, key: str) -> Path:
        prefix, _, name = key.partition("/")
        return self._directory / prefix / name[:2] / name

    def _make_durable(self, directory: Path) -> None:
        """Once in every process: another may have made it and died before its fsync."""
        for level in (directory.parent, directory):
            if level in self._durable:
                continue
            with suppress(FileExistsError):
                self._calls.mkdir(level, 0o700)
            self._sync_directory(level.parent)
            self._durable.add(level)

    def _write_file(self, path: Path, chunks: Iterable[bytes]) -> None:
        descriptor = self._calls.open(path, _NEW, 0o600)
        with _gone_on_error(path):
            try:
                write_all(self._calls, descriptor, chunks)
            finally:
                self._calls.close(descriptor)

    def _link(self, descriptor: int, path: Path) -> bool:
        """False for another file system, and for whatever else a copy may help against."""
        # Only with a directory, which an absolute path passes over, does the call follow links.
        with suppress(OSError):
            # It came long ago, perhaps, and the sweeper gives an object time from now.
            os.utime(descriptor)
            self._calls.link(f"/proc/self/fd/{descriptor}", path, src_dir_fd=descriptor)
            return True
        return False

    def _sync_directory(self, directory: Path) -> None:
        descriptor = self._calls.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            self._calls.fsync(descriptor)
        finally:
            self._calls.close(descriptor)

    def _open_for_reading(self, key: str) -> int:
        try:
            return os.open(self._path(key), os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError as error:
            self._ensure_mounted()
            raise ObjectMissing from error

    def _ensure_mounted(self) -> None:
        """Tell a missing object from a missing store: every used one has a prefix directory."""
        if not any((self._directory / prefix).is_dir() for prefix in PREFIXES):
            raise StoreUnavailable

    def _listed(self, key: str) -> Iterator[StoredObject]:
        """Nothing where the object was deleted meanwhile."""
        with self._refusals(), suppress(FileNotFoundError):
            found = self._path(key).stat()
            modified_at = datetime.fromtimestamp(found.st_mtime, UTC)
            yield StoredObject(key=key, size_bytes=found.st_size, modified_at=modified_at)

    def _names_in(self, directory: Path) -> list[str]:
        with self._refusals():
            try:
                return sorted(path.name for path in directory.iterdir())
            except FileNotFoundError:
                return []

    @contextmanager
    def _refusals(self) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError as error:
            # The volume may come back without our directories.
            self._durable.clear()
            raise StoreUnavailable from error
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise StoreFull("The store is full. Nothing was added.") from error
            raise StoreUnavailable from error


@contextmanager
def _gone_on_error(path: Path) -> Iterator[None]:
    """Half an object would be swept in time, but a full disk needs its room now."""
    try:
        yield
    except BaseException:
        with suppress(OSError):
            path.unlink()
        raise
