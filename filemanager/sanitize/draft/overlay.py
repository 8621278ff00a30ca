"""The tree as it would be: what came and what went away, over what is there.

Checks ask while others have already renamed, removed and unpacked, so each must see the tree
halfway: as if every action so far had been done, and none of those to come. Nothing is done,
though, until all have spoken: an upload may still be refused, and under the lock it is looked at
again over another tree.

Who implements a question here must answer from both, the pending files and the view below, must
never list a whole area of the view to do it (the tree may hold 50,000 files), and must count what
was asked of the view, since that is what takes time under the lock.
"""

import weakref
from collections.abc import Mapping, Sequence

from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.kinds import FileKind
from filemanager.domain.trees.ports import TreeView
from filemanager.domain.trees.tree import Entry, TreePath
from filemanager.sanitize.check import Sibling
from filemanager.sanitize.draft.naming import Naming
from filemanager.sanitize.draft.pending import Pending, PendingFiles
from filemanager.sanitize.draft.underlay import Underlay


class Overlay:
    """Answers every check from one tree: what is pending, and what is left under it."""

    def __init__(self, view: TreeView, *, keeps_directories: bool = False) -> None:
        self.below = Underlay(view)
        self._keeps_directories = keeps_directories
        self.pending = PendingFiles()
        self.unpacked_any = False
        # Held both ways, the two would keep all files of an upload until the collector comes by.
        self.naming = Naming(weakref.proxy(self), self.pending)

    # What checks ask.

    def count(self, area: Area) -> int:
        return sum(self.below.kinds(area).values()) + self.pending.kinds[area].total()

    def kinds(self) -> Mapping[FileKind, int]:
        kinds = dict(self.below.kinds(Area.SOURCE))
        for kind, number in self.pending.kinds[Area.SOURCE].items():
            kinds[kind] = kinds.get(kind, 0) + number
        return {kind: number for kind, number in kinds.items() if number}

    def find(self, area: Area, path: str) -> Sibling | None:
        if pending := self.pending.file(area, path):
            return Sibling(area, pending.path, pending.kind, pending.kept_by_owner)
        entry = self.entry(area, path)
        return _sibling(entry) if entry else None

    def is_free(self, area: Area, path: str) -> bool:
        return self.naming.is_free(area, path)

    def free_path(self, area: Area, path: str) -> TreePath:
        return self.naming.free_path(area, path)

    def path_apart(self, area: Area, path: str) -> TreePath:
        return self.naming.path_apart(area, path)

    def case_twin(self, area: Area, path: str) -> TreePath | None:
        return self.pending.twin(area, path)

    def sole_source(self) -> Sibling | None:
        if self.count(Area.SOURCE) != 1:
            return None
        if pending := next((one for one in self.changed() if one.area is Area.SOURCE), None):
            return pending
        if former := self.formerly_sole():
            return former
        # Several were there and all but one went: at most one more is listed than went away.
        return next((_sibling(entry) for entry in self.below.left(Area.SOURCE)), None)

    def formerly_sole(self) -> Sibling | None:
        entry = self.below.sole_source()
        return _sibling(entry) if entry else None

    def changed(self) -> Sequence[Sibling]:
        return [
            Sibling(file.area, file.path, file.kind, file.kept_by_owner)
            for file in self.pending.files()
        ]

    def ended(self) -> Sequence[tuple[Area, TreePath]]:
        return self.below.ended()

    def is_one_directory(self) -> bool:
        if self._keeps_directories:
            return False
        paths = [*self.below.source_bounds(), *self.pending.children(Area.SOURCE, "")[:2]]
        tops = {path.partition("/")[0] for path in paths}
        return len(tops) == 1 and all("/" in path for path in paths)

    def source_paths(self) -> Sequence[str]:
        there = [entry.path for entry in self.below.left(Area.SOURCE)]
        came = [
            item.path if isinstance(item, Pending) else f"{item.path}/"
            for item in self.pending.items()
            if item.area is Area.SOURCE
        ]
        return there + came

    def has_unpacked(self) -> bool:
        return self.unpacked_any

    # What the runner asks, and tells.

    @property
    def view(self) -> TreeView:
        return self.below.view

    def entry(self, area: Area, path: str) -> Entry | None:
        """The tree's own entry, where it neither moved nor was overwritten."""
        return self.below.entry(area, path)

    def end(self, entry: Entry) -> None:
        if self.below.has(entry):
            self.below.end(entry)
            self.pending.kinds[entry.area][entry.kind] -= 1

    def end_all(self, area: Area) -> None:
        """End every entry of *area* at once, without asking which they are."""
        self.pending.kinds[area].subtract(self.below.kinds(area))
        self.below.empty(area)

    def holds_files(self, area: Area, directory: str) -> bool:
        """Exactly, so it lists what was in the directory."""
        came = self.pending.below(area, directory)
        return any(isinstance(item, Pending) for item in came) or bool(
            self.below.left(area, directory)
        )

    def is_directory(self, area: Area, path: str) -> bool:
        return self.pending.directory(area, path) is not None or self.below.is_inhabited(area, path)


def _sibling(entry: Entry) -> Sibling:
    return Sibling(entry.area, entry.path, entry.kind, entry.kept_by_owner)
