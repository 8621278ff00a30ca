"""A directory of read-only files and relative links."""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from filemanager.domain.errors import StoreUnavailable
from filemanager.domain.ids import random_id

_STAGING = ".staging"
_READ_ONLY = 0o444


class DirectoryLinkTree:
    """Nothing is written through a link: a path with one above it is passed over.

    Files and links appear whole: they are made in ``.staging`` and renamed.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def write(self, path: str, chunks: Callable[[], Iterable[bytes]]) -> bool:
        place = self._directory / path
        with _translated():
            if os.path.lexists(place) or not self._makes_parent(path):
                return False
            staged = self._staged()
            try:
                _write_durably(staged, chunks())
                staged.rename(place)
            finally:
                staged.unlink(missing_ok=True)
        return True

    def link(self, path: str, target: str) -> bool:
        place = self._directory / path
        with _translated():
            if not self._makes_parent(path):
                return False
            if place.is_symlink():
                if str(place.readlink()) == target:
                    return False
            elif place.exists():
                return False
            staged = self._staged()
            staged.symlink_to(target)
            staged.rename(place)
        return True

    def paths(self, below: str) -> Iterator[str]:
        top = self._directory / below
        with _translated():
            for directory, directories, files in os.walk(top):
                links = [name for name in directories if Path(directory, name).is_symlink()]
                for name in (*files, *links):
                    yield Path(directory, name).relative_to(self._directory).as_posix()

    def tidy(self, unfinished_before: datetime) -> None:
        with _translated():
            for staged in (self._directory / _STAGING).glob("*"):
                with suppress(FileNotFoundError):
                    if staged.lstat().st_mtime < unfinished_before.timestamp():
                        staged.unlink()

    def delete(self, path: str) -> None:
        with _translated():
            (self._directory / path).unlink(missing_ok=True)
            for above in Path(path).parents[:-1]:
                with suppress(OSError):
                    # It fails where something else lies in it, which is as it should be.
                    (self._directory / above).rmdir()

    def _makes_parent(self, path: str) -> bool:
        """Make the directories of *path*; False where a file or a link is in the way."""
        place = self._directory
        place.mkdir(parents=True, exist_ok=True)
        for segment in path.split("/")[:-1]:
            place /= segment
            if place.is_symlink() or (place.exists() and not place.is_dir()):
                return False
            place.mkdir(exist_ok=True)
        return True

    def _staged(self) -> Path:
        staging = self._directory / _STAGING
        staging.mkdir(exist_ok=True)
        return staging / random_id()


def _write_durably(path: Path, chunks: Iterable[bytes]) -> None:
    with path.open("xb") as file:
        for chunk in chunks:
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    path.chmod(_READ_ONLY)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreUnavailable from error
