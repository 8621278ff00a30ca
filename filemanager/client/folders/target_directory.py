"""A directory that is written to, whatever the paths of a service say: nothing leaves it.

Every step of a path is opened below the one before and links are not followed, so that no link that
lies in the directory, or comes into it meanwhile, leads out.
"""

import contextlib
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from filemanager.client.errors import PathUnsafe
from filemanager.client.folders.choosing import PART_PREFIX
from filemanager.client.folders.local_files import sha256_of

_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW


class Part:
    """A file that is not whole yet. It stays where it is unless it is finished."""

    def __init__(self, file: BinaryIO, place: "_Place", unfinished: str) -> None:
        self._file = file
        self._place = place
        self._unfinished = unfinished

    @property
    def size_bytes(self) -> int:
        return self._file.seek(0, os.SEEK_END)

    def write(self, block: bytes) -> None:
        self._file.write(block)

    def cut(self, size_bytes: int) -> None:
        self._file.seek(size_bytes)
        self._file.truncate()

    def sha256(self) -> str:
        self._file.flush()
        self._file.seek(0)
        return sha256_of(self._file, lambda _: None)

    def finish(self) -> None:
        """Put it under its own name, over a file that is there."""
        self._file.flush()
        os.fsync(self._file.fileno())
        with self._place.parent() as parent:
            os.rename(
                self._unfinished, self._place.name, src_dir_fd=self._place.root, dst_dir_fd=parent
            )


class _Place:
    """A file's place below *root*, the descriptor of the directory."""

    def __init__(self, root: int, path: str) -> None:
        self.root = root
        *self._parents, self.name = path.split("/")
        self._path = path

    @contextmanager
    def parent(self, *, is_made: bool = True) -> Iterator[int]:
        """The descriptor of the file's directory. Raises ``PathUnsafe``."""
        here = os.dup(self.root)
        try:
            for name in self._parents:
                if is_made:
                    with contextlib.suppress(FileExistsError):
                        os.mkdir(name, dir_fd=here)
                below = self._open(name, here)
                os.close(here)
                here = below
            yield here
        finally:
            os.close(here)

    def _open(self, name: str, here: int) -> int:
        try:
            return os.open(name, _DIRECTORY, dir_fd=here)
        except NotADirectoryError as error:
            why = f"'{name}' of '{self._path}' is a link or a file there"
            raise PathUnsafe(f"{why}, and is not followed. Move it away.") from error


class TargetDirectory:
    """Made where it is not there. Used by several threads."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._root = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.close(self._root)

    def ensure_inside(self, path: str) -> None:
        """Raise ``PathUnsafe`` for a path that no file of ours can have."""
        names = path.split("/")
        if "\0" in path or {"", ".", ".."} & {*names} or names[0].startswith(PART_PREFIX):
            raise PathUnsafe(f"The service names a file {path!r}, which is not written.")

    def sha256_of(self, path: str, size_bytes: int) -> str | None:
        """None where no regular file of that size is there."""
        place = _Place(self._root, path)
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
        try:
            with place.parent(is_made=False) as parent:
                descriptor = os.open(place.name, flags, dir_fd=parent)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _in_the_way(path) from error
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise _in_the_way(path)
        with os.fdopen(descriptor, "rb") as file:
            if os.fstat(descriptor).st_size != size_bytes:
                return None
            return sha256_of(file, lambda _: None)

    @contextmanager
    def part(self, path: str, sha256: str) -> Iterator[Part]:
        """The unfinished file of a path, as far as an earlier run has come with the same bytes."""
        name = PART_PREFIX + hashlib.sha256(f"{sha256} {path}".encode()).hexdigest()[:32]
        descriptor = os.open(name, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o666, dir_fd=self._root)
        with os.fdopen(descriptor, "r+b") as file:
            yield Part(file, _Place(self._root, path), name)


def _in_the_way(path: str) -> PathUnsafe:
    return PathUnsafe(f"'{path}' is there, and is no file. Move it away.")
