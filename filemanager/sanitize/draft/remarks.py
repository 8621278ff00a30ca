"""Findings on files that were in the tree before, taken back or added to."""

from collections.abc import Callable, Iterable, Iterator

from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.findings import Finding
from filemanager.domain.trees.ports import TreeView
from filemanager.sanitize.actions import Note
from filemanager.sanitize.draft.pending import Place


class Remarks:
    """What is said of the tree's own files: read when it is first touched, written if it changed.

    In an upload transient findings end by themselves, so they are neither read nor kept.
    """

    def __init__(self, view: TreeView, *, keep_transient: bool) -> None:
        self._view = view
        self._keep_transient = keep_transient
        self._before: dict[Place, list[Note]] = {}
        self._now: dict[Place, list[Note]] = {}

    def of(self, area: Area, path: str) -> list[Note]:
        """The notes as they are now; the list may be changed."""
        place = (area, path)
        if place not in self._now:
            found = self._view.findings_on(area, path)
            notes = [note_of(one) for one in found if one.persistent or self._keep_transient]
            self._before[place] = list(notes)
            self._now[place] = notes
        return self._now[place]

    def load(self, places: Iterable[Place]) -> None:
        """Read what is said of many places at once."""
        unknown = {place for place in places if place not in self._now}
        for place in unknown:
            self.begin(*place)
        for one in self._view.findings_at(unknown) if unknown else ():
            if one.area and one.path and (one.persistent or self._keep_transient):
                self._before[one.area, one.path].append(note_of(one))
                self._now[one.area, one.path].append(note_of(one))

    def begin(self, area: Area, path: str) -> list[Note]:
        """The empty list of a place of which nothing that was said goes on."""
        self._before[area, path], self._now[area, path] = [], []
        return self._now[area, path]

    def touched(self) -> Iterable[list[Note]]:
        return self._now.values()

    def changed(self) -> Iterator[tuple[Place, list[Note]]]:
        for place, notes in self._now.items():
            if notes != self._before[place]:
                yield place, notes

    def forget(self, area: Area, path: str) -> None:
        """The file went away, and what was said goes another way."""
        self._before.pop((area, path), None)
        self._now.pop((area, path), None)


def finding(note: Note, area: Area | None, path: str | None) -> Finding:
    """A note as the tree keeps it; what is said of removed files is told once."""
    return Finding(
        severity=note.severity,
        code=note.code,
        message=note.message,
        area=area,
        path=path,
        persistent=note.persistent and area is not Area.REMOVED,
        awaits=note.awaits,
    )


def note_of(one: Finding) -> Note:
    return Note(one.severity, one.code, one.message, one.persistent, one.awaits)


def edited(notes: list[Note], change: Callable[[Note], Iterable[Note]]) -> None:
    """Replace each note, in place, by what *change* makes of it."""
    notes[:] = [new for old in notes for new in change(old)]
