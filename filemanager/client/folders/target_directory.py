"""A directory that is written to, whatever the paths of a service say: nothing leaves it.

Every step of a path is opened below the one before and links are not followed, so that no link that
lies in the directory, or comes into it meanwhile, leads out.
"""

import contextlib
import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from filemanager.client.crowd import each
from filemanager.client.errors import PathUnsafe
from filemanager.client.folders.choosing import PART_PREFIX
from filemanager.client.folders.local_files import sha256_of

_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW


class Part:
    """A file that is not whole yet. It stays where it is unless it is complete."""

    def __init__(self, file: BinaryIO, tell: Callable[[], None]) -> None:
        self._file = file
        self._tell = tell

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

    def complete(self) -> None:
        """Tell that it is whole: it has its own name when the directory is finished."""
        self._file.flush()
        self._tell()


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
        with os.scandir(self._root) as found:
            names = {one.name for one in found}
        self._begun = {name for name in names if name.startswith(PART_PREFIX)}
        self._whole: list[tuple[str, str]] = []

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

    def is_begun(self, path: str, sha256: str) -> bool:
        """Whether an earlier run left an unfinished file of a path and these bytes."""
        return _part_name(path, sha256) in self._begun

    @contextmanager
    def part(self, path: str, sha256: str) -> Iterator[Part]:
        """The unfinished file of a path, as far as an earlier run has come with the same bytes."""
        name = _part_name(path, sha256)
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW
        descriptor = os.open(name, flags, 0o666, dir_fd=self._root)
        with os.fdopen(descriptor, "r+b") as file:
            yield Part(file, lambda: self._whole.append((name, path)))

    def finish(self, threads: int = 1) -> None:
        """Put every part that is whole under its own name, over a file that is there.

        All bytes are durable before the first name is, and the names when this returns.
        """
        whole, self._whole = self._whole, []
        each(lambda part: self._sync(part[0]), whole, threads)
        for name, path in whole:
            place = _Place(self._root, path)
            with place.parent() as parent:
                os.rename(name, place.name, src_dir_fd=self._root, dst_dir_fd=parent)
        each(self._sync_parent, sorted(_first_in_each([path for _, path in whole])), threads)

    def _sync(self, name: str) -> None:
        descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW, dir_fd=self._root)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def _sync_parent(self, path: str) -> None:
        with _Place(self._root, path).parent(is_made=False) as parent:
            os.fsync(parent)


def _part_name(path: str, sha256: str) -> str:
    return PART_PREFIX + hashlib.sha256(f"{sha256} {path}".encode()).hexdigest()[:32]


def _first_in_each(paths: Iterable[str]) -> Iterable[str]:
    """For every directory on the way to *paths* one path of something in it."""
    found: dict[str, str] = {}
    for path in paths:
        below = path
        while below.rpartition("/")[0] not in found:
            above = below.rpartition("/")[0]
            found[above] = below
            if not above:
                break
            below = above
    return found.values()


def _in_the_way(path: str) -> PathUnsafe:
    return PathUnsafe(f"'{path}' is there, and is no file. Move it away.")
