"""What is left of the tree itself, asked as little as possible."""

from collections import Counter
from collections.abc import Mapping

from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.kinds import FileKind
from filemanager.domain.trees.ports import TreeView
from filemanager.domain.trees.tree import Entry, TreePath
from filemanager.sanitize.draft.pending import Place

_FEW = 64
"""Questions about single places of an area; an upload that asks more has many files."""


class Underlay:
    """The tree's own entries that neither moved, went nor were overwritten.

    A directory that holds nothing in the view is remembered, so that an archive's files there
    cost no query.
    """

    def __init__(self, view: TreeView) -> None:
        self.view = view
        self.counts = view.counts
        self._ended: dict[Place, Entry] = {}
        self._emptied: set[Area] = set()
        self._inhabited: dict[Place, bool] = {}
        self._asked: Counter[Area] = Counter()
        self._listed: dict[Area, Mapping[str, Entry]] = {}

    def kinds(self, area: Area) -> Mapping[FileKind, int]:
        """As the view has them: what ended meanwhile is included."""
        return self.counts.get(area, {})

    def entry(self, area: Area, path: str) -> Entry | None:
        if (area, path) in self._ended or not self.is_inhabited(area, path.rpartition("/")[0]):
            return None
        listed = self._listing(area)
        return self.view.find(area, path) if listed is None else listed.get(path)

    def _listing(self, area: Area) -> Mapping[str, Entry] | None:
        """All of *area* by path, once, from where many questions would cost more than that."""
        self._asked[area] += 1
        if self._asked[area] > _FEW and area not in self._listed:
            below = self.view.below(area, "")
            self._listed[area] = {str(entry.path): entry for entry in below}
            outer = {d for entry in below for d in entry.path.directories()}
            self._inhabited.update(((area, directory), True) for directory in outer)
        return self._listed.get(area)

    def has(self, entry: Entry) -> bool:
        return entry.area not in self._emptied and (entry.area, entry.path) not in self._ended

    def end(self, entry: Entry) -> None:
        """It is no longer where it was."""
        self._ended[entry.area, entry.path] = entry

    def ended(self) -> list[tuple[Area, TreePath]]:
        """What ended one by one."""
        return [(entry.area, entry.path) for entry in self._ended.values()]

    def empty(self, area: Area) -> None:
        """Say that nothing is left in *area*."""
        self._emptied.add(area)

    def sole_source(self) -> Entry | None:
        entry = self.view.sole_source()
        return entry if entry and self.has(entry) else None

    def left(self, area: Area, directory: str = "") -> list[Entry]:
        """Everything in *directory*: lists it, for the rare cases that concern every entry."""
        if not self.is_inhabited(area, directory):
            return []
        return [entry for entry in self.view.below(area, directory) if self.has(entry)]

    def source_bounds(self) -> tuple[str, ...]:
        if Area.SOURCE in self._emptied:
            return ()
        return self.view.source_bounds() or ()

    def is_inhabited(self, area: Area, directory: str) -> bool:
        """Whether the view holds something in *directory*; outer ones are asked first."""
        if area in self._emptied or not self.counts.get(area):
            return False
        if not directory:
            return True
        if (area, directory) in self._inhabited:
            return self._inhabited[area, directory]
        for outer in (*TreePath(directory).directories(), directory):
            place = (area, outer)
            if place not in self._inhabited:
                # What a whole listing knows nothing of is not there.
                is_listed = self._listing(area) is not None
                known = self._inhabited.get(place, False)
                self._inhabited[place] = known if is_listed else self.view.holds_below(area, outer)
            if not self._inhabited[place]:
                return False
        return True
