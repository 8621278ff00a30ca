"""A directory that checks take for the whole tree: what is beside it they do not see."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from filemanager.domain.trees.areas import ANCILLARY_DIRECTORY, Area
from filemanager.domain.trees.findings import Finding
from filemanager.domain.trees.kinds import FileKind, SourceFormat
from filemanager.domain.trees.ports import TreeView
from filemanager.domain.trees.tree import Altered, Entry, TreeChange, TreePath
from filemanager.sanitize.outcome import Outcome

_ANCILLARY = f"{ANCILLARY_DIRECTORY}/"


class CheckedFolder:
    """A directory by its path, in the source and in the ancillary area alike.

    Paths in it are *inner* ones; those in the removed area are public, as everywhere.
    """

    def __init__(self, path: TreePath) -> None:
        self.path = path

    def outer(self, area: Area | None, inner: str) -> TreePath:
        """Raise ``PathRefused`` where it is too long for a tree."""
        if area is Area.REMOVED:
            return self.public(inner)
        return _within_bounds(f"{self.path}/{inner}")

    def public(self, inner: str) -> TreePath:
        if inner.startswith(_ANCILLARY):
            return _within_bounds(f"{_ANCILLARY}{self.path}/{inner.removeprefix(_ANCILLARY)}")
        return _within_bounds(f"{self.path}/{inner}")

    def inner(self, area: Area | None, outer: str) -> TreePath | None:
        """None: it does not lie in here."""
        if area is Area.REMOVED and outer.startswith(_ANCILLARY):
            below = self.inner(Area.ANCILLARY, outer.removeprefix(_ANCILLARY))
            return below and TreePath(f"{_ANCILLARY}{below}")
        prefix = f"{self.path}/"
        is_below = outer.startswith(prefix) and outer != prefix
        return TreePath(outer.removeprefix(prefix)) if is_below else None


def _within_bounds(path: str) -> TreePath:
    """Of a file, or of a directory, whose path ends in a slash."""
    TreePath.parse(path.removesuffix("/"))
    return TreePath(path)


class Subtree:
    """The view of a folder. Each area is listed once, when the first question is asked of it."""

    def __init__(self, view: TreeView, folder: CheckedFolder) -> None:
        self._view = view
        self._folder = folder
        self._listed: dict[Area, Mapping[str, Entry]] = {}

    @cached_property
    def counts(self) -> Mapping[Area, Mapping[FileKind, int]]:
        areas = (Area.SOURCE, Area.ANCILLARY)
        return {area: Counter(one.kind for one in self._entries(area).values()) for area in areas}

    @property
    def source_format(self) -> SourceFormat:
        """Nobody keeps that of a folder: it is judged anew with each change."""
        return SourceFormat.INVALID

    def find(self, area: Area, path: str) -> Entry | None:
        return self._entries(area).get(path)

    def holds_below(self, area: Area, directory: str) -> bool:
        return bool(self.below(area, directory))

    def sole_source(self) -> Entry | None:
        entries = list(self._entries(Area.SOURCE).values())
        return entries[0] if len(entries) == 1 else None

    def source_bounds(self) -> tuple[str, str] | None:
        paths = sorted(self._entries(Area.SOURCE), key=str.encode)
        return (paths[0], paths[-1]) if paths else None

    def below(self, area: Area, directory: str) -> Sequence[Entry]:
        prefix = f"{directory}/" if directory else ""
        return [one for path, one in self._entries(area).items() if path.startswith(prefix)]

    def findings_on(self, area: Area | None, path: str | None) -> Sequence[Finding]:
        """What is said of the folder itself is said of the whole, as checks see it."""
        if area is None or path is None:
            found = self._view.findings_on(Area.SOURCE, f"{self._folder.path}/")
            return [replace(one, area=None, path=None) for one in found]
        return list(self._inside(self._view.findings_on(area, self._folder.outer(area, path))))

    def findings_at(self, places: Collection[tuple[Area, str]]) -> Sequence[Finding]:
        outer = [(area, str(self._folder.outer(area, path))) for area, path in places]
        return list(self._inside(self._view.findings_at(outer)))

    def findings_of(self, code: str) -> Sequence[Finding]:
        return list(self._inside(self._view.findings_of(code)))

    def _entries(self, area: Area) -> Mapping[str, Entry]:
        if area not in self._listed:
            self._listed[area] = {str(one.path): one for one in self._listing(area)}
        return self._listed[area]

    def _listing(self, area: Area) -> Iterator[Entry]:
        places = [str(self._folder.path)]
        if area is Area.REMOVED:
            places.append(f"{_ANCILLARY}{self._folder.path}")
        for place in places:
            for entry in self._view.below(area, place):
                inner = self._folder.inner(area, entry.path)
                if inner is not None:
                    yield replace(entry, path=inner)

    def _inside(self, found: Sequence[Finding]) -> Iterator[Finding]:
        for one in found:
            inner = None if one.path is None else self._folder.inner(one.area, one.path)
            if inner is not None:
                awaits = one.awaits and self._folder.inner(Area.REMOVED, one.awaits)
                yield replace(one, path=inner, awaits=awaits)


def placed(outcome: Outcome, folder: CheckedFolder, source_format: SourceFormat) -> Outcome:
    """What checks made of a folder, done to the tree around it, which stays of *source_format*.

    What is said once, of the last upload, stays: the next upload may be another person's. Raises
    ``PathRefused`` for a path that is too long with the folder's before it.
    """
    change = outcome.change
    put = tuple(replace(one, path=folder.outer(one.area, one.path)) for one in change.put)
    removed = tuple((one.area, str(one.path)) for one in put if one.area is Area.REMOVED)
    clear = tuple((area, str(folder.outer(area, path))) for area, path in change.clear)
    itself = ((Area.SOURCE, f"{folder.path}/"),) if change.clear_codes else ()
    return replace(
        outcome,
        change=TreeChange(
            end=tuple((area, folder.outer(area, path)) for area, path in change.end),
            put=put,
            clear=(*clear, *removed, *itself),
            findings=tuple(_finding(one, folder) for one in change.findings),
            altered=tuple(_altered(one, folder) for one in change.altered),
            is_upload=change.is_upload,
        ),
        origins={
            (area, folder.outer(area, path)): number
            for (area, path), number in outcome.origins.items()
        },
        source_format=source_format,
    )


def _finding(one: Finding, folder: CheckedFolder) -> Finding:
    area = one.area or Area.SOURCE
    path = f"{folder.path}/" if one.path is None else str(folder.outer(area, one.path))
    awaits = None if one.awaits is None else str(folder.public(one.awaits))
    return replace(one, area=area, path=path, awaits=awaits, persistent=True)


def _altered(one: Altered, folder: CheckedFolder) -> Altered:
    after = None if one.after is None else str(folder.public(one.after))
    return replace(one, before=str(folder.public(one.before)), after=after)
