"""The tree as it would be: what came and what went away, over what is there."""

from collections.abc import Iterator, Mapping, Sequence

from filemanager.domain.areas import ANCILLARY_DIRECTORY, Area
from filemanager.domain.errors import PathRefused
from filemanager.domain.kinds import FileKind
from filemanager.domain.ports import TreeView
from filemanager.domain.tree import Entry, TreePath
from filemanager.sanitize.check import Sibling
from filemanager.sanitize.pending import Pending, PendingFiles, Place
from filemanager.sanitize.portable import numbered, storable


class Overlay:
    """Answers every check from one tree. The view is asked as little as possible.

    A directory that holds nothing in the view is remembered, so that an archive's files there
    cost no query.
    """

    def __init__(self, view: TreeView) -> None:
        self.view = view
        self._counts = view.counts
        self.pending = PendingFiles()
        self.unpacked_any = False
        self._ended: dict[Place, Entry] = {}
        self._emptied: set[Area] = set()
        self._inhabited: dict[Place, bool] = {}
        self._numbers: dict[Place, int] = {}

    # What checks ask.

    def count(self, area: Area) -> int:
        return sum(self._counts.get(area, {}).values()) + self.pending.kinds[area].total()

    def kinds(self) -> Mapping[FileKind, int]:
        kinds = dict(self._counts.get(Area.SOURCE, {}))
        for kind, number in self.pending.kinds[Area.SOURCE].items():
            kinds[kind] = kinds.get(kind, 0) + number
        return {kind: number for kind, number in kinds.items() if number}

    def find(self, area: Area, path: str) -> Sibling | None:
        if pending := self.pending.file(area, path):
            return Sibling(area, pending.path, pending.kind, pending.kept_by_owner)
        entry = self.entry(area, path)
        return _sibling(entry) if entry else None

    def is_free(self, area: Area, path: str) -> bool:
        return (
            _is_usable(area, path)
            and not self.find(area, path)
            and not self.is_directory(area, path)
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

    def case_twin(self, area: Area, path: str) -> TreePath | None:
        return self.pending.twin(area, path)

    def sole_source(self) -> Sibling | None:
        if self.count(Area.SOURCE) != 1:
            return None
        if pending := next((one for one in self.changed() if one.area is Area.SOURCE), None):
            return pending
        return self.formerly_sole() or next(self._left_in_source(), None)

    def formerly_sole(self) -> Sibling | None:
        entry = self.view.sole_source()
        return _sibling(entry) if entry and self.has(entry) else None

    def changed(self) -> Sequence[Sibling]:
        return [
            Sibling(file.area, file.path, file.kind, file.kept_by_owner)
            for file in self.pending.files()
        ]

    def ended(self) -> Sequence[tuple[Area, TreePath]]:
        return [(entry.area, entry.path) for entry in self._ended.values()]

    def is_one_directory(self) -> bool:
        tops = {path.partition("/")[0] for path in self._bounds()}
        children = self.pending.children(Area.SOURCE, "")
        tops.update(child.removesuffix("/") for child in children[:2])
        paths = [*self._bounds(), *children[:2]]
        return len(tops) == 1 and all("/" in path for path in paths)

    def source_paths(self) -> Sequence[str]:
        there = [entry.path for entry in self.entries_left(Area.SOURCE)]
        came = [
            item.path if isinstance(item, Pending) else f"{item.path}/"
            for item in self.pending.items()
            if item.area is Area.SOURCE
        ]
        return there + came

    def has_unpacked(self) -> bool:
        return self.unpacked_any

    # What the runner asks, and tells.

    def entry(self, area: Area, path: str) -> Entry | None:
        """The view's own entry, where it neither moved nor was overwritten."""
        if (area, path) in self._ended or not self._is_inhabited(area, path.rpartition("/")[0]):
            return None
        return self.view.find(area, path)

    def has(self, entry: Entry) -> bool:
        return entry.area not in self._emptied and (entry.area, entry.path) not in self._ended

    def end(self, entry: Entry) -> None:
        """It is no longer where it was."""
        if self.has(entry):
            self._ended[entry.area, entry.path] = entry
            self.pending.kinds[entry.area][entry.kind] -= 1

    def empty(self, area: Area) -> None:
        """Say that none of the view's own entries is left in *area*."""
        self._emptied.add(area)

    def end_all(self, area: Area) -> None:
        """End every entry of *area* at once, without asking which they are."""
        self.pending.kinds[area].subtract(self._counts.get(area, {}))
        self._emptied.add(area)

    def holds_files(self, area: Area, directory: str) -> bool:
        """Exactly, so it lists what was in the directory."""
        below = self.pending.below(area, directory)
        if any(isinstance(item, Pending) for item in below):
            return True
        if not self._is_inhabited(area, directory):
            return False
        return any(self.has(entry) for entry in self.view.below(area, directory))

    def entries_left(self, area: Area) -> list[Entry]:
        """Lists the area: for the rare cases that concern every entry."""
        if area in self._emptied or not self._counts.get(area):
            return []
        return [entry for entry in self.view.below(area, "") if self.has(entry)]

    def is_directory(self, area: Area, path: str) -> bool:
        return self.pending.directory(area, path) is not None or self._is_inhabited(area, path)

    def file_above(self, area: Area, path: str) -> str | None:
        """The outermost directory of *path* that is a file.

        None is above a directory of this upload: it would not have been made.
        """
        if self.pending.directory(area, path.rpartition("/")[0]):
            return None
        above = TreePath(path).directories()
        return next(
            (d for d in above if not self.is_directory(area, d) and self.find(area, d)), None
        )

    def clear_of_files(self, area: Area, path: str) -> str:
        """*path* with other directories where files stand in the way.

        Numbered like files; what one upload puts into such a directory stays together.
        """
        while obstacle := self.file_above(area, path):
            place = (area, f"{obstacle}/")
            number = self._numbers.setdefault(place, 1)
            instead = numbered(obstacle, number)
            path = instead + path.removeprefix(obstacle)
            if self.find(area, instead):
                self._numbers[place] += 1
                path = obstacle + path.removeprefix(instead)
        return path

    def _is_inhabited(self, area: Area, directory: str) -> bool:
        """Whether the view holds something in *directory*; outer ones are asked first."""
        if area in self._emptied or not self._counts.get(area):
            return False
        if not directory:
            return True
        if (area, directory) in self._inhabited:
            return self._inhabited[area, directory]
        for outer in (*TreePath(directory).directories(), directory):
            place = (area, outer)
            if place not in self._inhabited:
                self._inhabited[place] = self.view.holds_below(area, outer)
            if not self._inhabited[place]:
                return False
        return True

    def _bounds(self) -> tuple[str, ...]:
        if Area.SOURCE in self._emptied:
            return ()
        return self.view.source_bounds() or ()

    def _left_in_source(self) -> Iterator[Sibling]:
        """What was not ended; lists at most one entry more than went away."""
        return (_sibling(entry) for entry in self.entries_left(Area.SOURCE))


def _sibling(entry: Entry) -> Sibling:
    return Sibling(entry.area, entry.path, entry.kind, entry.kept_by_owner)


def _is_usable(area: Area, path: str) -> bool:
    if area is Area.SOURCE and path.partition("/")[0] == ANCILLARY_DIRECTORY:
        return False
    try:
        return TreePath.parse(path) == path
    except PathRefused:
        return False
