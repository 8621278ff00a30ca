"""Names that are free: where a file may go, and the nearest place where it cannot."""

from bisect import bisect_left
from typing import Protocol

from filemanager.domain.trees.areas import ANCILLARY_DIRECTORY, Area
from filemanager.domain.trees.errors import PathRefused
from filemanager.domain.trees.tree import TreePath
from filemanager.sanitize.check import Sibling
from filemanager.sanitize.draft.pending import PendingFiles, Place
from filemanager.sanitize.portable import numbered, storable


class Places(Protocol):
    """What stands where in the tree as it would be."""

    def find(self, area: Area, path: str) -> Sibling | None: ...
    def is_directory(self, area: Area, path: str) -> bool: ...


class Naming:
    """Remembers the numbers it gave, so that many equal names cost no more than others."""

    def __init__(self, tree: Places, pending: PendingFiles) -> None:
        self._tree = tree
        self._pending = pending
        self._numbers: dict[Place, int] = {}
        self._apart: dict[Place, int] = {}
        self._cleared: dict[Place, str] = {}

    def is_free(self, area: Area, path: str) -> bool:
        return (
            _is_usable(area, path)
            and not self._tree.find(area, path)
            and not self._tree.is_directory(area, path)
            and not self.file_above(area, path)
        )

    def free_path(self, area: Area, path: str) -> TreePath:
        if self.is_free(area, path):
            return TreePath.parse(path)
        usable = self.clear_of_files(area, storable(path, in_source=area is Area.SOURCE))
        if self.is_free(area, usable):
            return TreePath.parse(usable)
        return self.numbered_path(area, usable)

    def numbered_path(self, area: Area, path: str) -> TreePath:
        """The first numbered sibling that is free; numbers given before are not tried again."""
        while True:
            number = self._numbers.get((area, path), 0) + 1
            self._numbers[area, path] = number
            candidate = storable(numbered(path, number), in_source=area is Area.SOURCE)
            if self.file_above(area, candidate):
                candidate = candidate.rpartition("/")[2]
            if self.is_free(area, candidate):
                return TreePath.parse(candidate)

    def path_apart(self, area: Area, path: str) -> TreePath:
        """The first numbered sibling that is free, and that no file differs from by case only.

        Numbers are remembered for all that differ by case, so that many cost no more than others.
        """
        place = (area, path.casefold())
        while True:
            number = self._apart.get(place, 0) + 1
            self._apart[place] = number
            candidate = storable(numbered(path, number), in_source=area is Area.SOURCE)
            if self.is_free(area, candidate) and not self._pending.twin(area, candidate):
                return TreePath.parse(candidate)

    def file_above(self, area: Area, path: str) -> str | None:
        """The outermost directory of *path* that is a file.

        None is above a directory of this upload: it would not have been made. So those that were
        made are all in front, and the first behind them that is no directory tells.
        """
        if self._pending.directory(area, path.rpartition("/")[0]):
            return None
        above = TreePath(path).directories()
        made = bisect_left(
            above, x=True, key=lambda directory: self._pending.directory(area, directory) is None
        )
        behind = (d for d in above[made:] if not self._tree.is_directory(area, d))
        first = next(behind, None)
        return first if first and self._tree.find(area, first) else None

    def clear_of_files(self, area: Area, path: str) -> str:
        """*path* with other directories where files stand in the way.

        Numbered like files; what one upload puts into such a directory stays together.
        """
        parent, slash, name = path.rpartition("/")
        if self.file_above(area, path) is None:
            return path
        return f"{self._clear_directory(area, parent)}{slash}{name}"

    def _clear_directory(self, area: Area, directory: str) -> str:
        """From the innermost directory on whose other name is known and still good."""
        waiting: list[str] = []
        while directory and not self._known_clear(area, directory):
            directory, _, segment = directory.rpartition("/")
            waiting.append(segment)
        clear = self._known_clear(area, directory) or ""
        for segment in reversed(waiting):
            directory = f"{directory}/{segment}" if directory else segment
            clear = self._past_files(area, f"{clear}/{segment}" if clear else segment)
            self._cleared[area, directory] = clear
        return clear

    def _known_clear(self, area: Area, directory: str) -> str | None:
        cleared = self._cleared.get((area, directory))
        if cleared is None or self._tree.find(area, cleared):
            return None
        return None if self.file_above(area, cleared) else cleared

    def _past_files(self, area: Area, wanted: str) -> str:
        """*wanted*, numbered past the files that have its name."""
        number = self._numbers.get((area, f"{wanted}/"), 0)
        clear = numbered(wanted, number) if number else wanted
        while not self._tree.is_directory(area, clear) and self._tree.find(area, clear):
            number += 1
            clear = numbered(wanted, number)
        self._numbers[area, f"{wanted}/"] = number
        return clear


def _is_usable(area: Area, path: str) -> bool:
    if area is Area.SOURCE and path.partition("/")[0] == ANCILLARY_DIRECTORY:
        return False
    try:
        return TreePath.parse(path) == path
    except PathRefused:
        return False
