"""What archives held that could not be taken: said until it is there, or the archive is over."""

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import replace

from filemanager.domain.intake.unpacking import RefusedMember
from filemanager.domain.trees.areas import ANCILLARY_DIRECTORY, Area, public_path
from filemanager.domain.trees.errors import PathRefused
from filemanager.domain.trees.findings import Finding
from filemanager.domain.trees.tree import TreePath
from filemanager.domain.workspaces.log import escaped
from filemanager.sanitize.actions import LiftUp, Note, warn
from filemanager.sanitize.codes import Code
from filemanager.sanitize.draft.overlay import Overlay
from filemanager.sanitize.draft.pending import Pending, Place
from filemanager.sanitize.draft.placing import split_area
from filemanager.sanitize.draft.remarks import Remarks, edited
from filemanager.sanitize.draft.unpacked import member_note
from filemanager.sanitize.portable import sibling_path

MAX_TOLD = 100
"""Members of an archive that are told one by one; the rest is counted."""


def left_out_notes(archive: Pending, refused: Sequence[RefusedMember]) -> Iterator[Note]:
    """A line for each of the first, then how many more there are."""
    for member in refused[:MAX_TOLD]:
        note = warn(Code.MEMBERS_LEFT_OUT, member_note(member).message, persistent=True)
        yield replace(note, awaits=_path_of(archive, member))
    if len(refused) > MAX_TOLD:
        text = f"{len(refused) - MAX_TOLD} more members of '{escaped(archive.path.name)}'"
        yield warn(Code.MEMBERS_LEFT_OUT, f"{text} were left out.", persistent=True)


def _path_of(archive: Pending, member: RefusedMember) -> str | None:
    """Where it would have been; None for a path that leads out of the archive, or is none."""
    inside = "/".join(part for part in member.path.split("/") if part not in ("", "."))
    area, path = split_area(archive.area, sibling_path(archive.path, inside))
    try:
        return public_path(area, TreePath.parse(path))
    except PathRefused:
        return None


class LeftOut:
    """The lines of archives that gave way to their members, those said before included.

    Those of an archive that stays are notes on it like others.
    """

    def __init__(self) -> None:
        self._came: dict[Area | None, set[str | None]] = defaultdict(set)
        self._new: dict[Place, list[Note]] = {}
        self._lifts: list[LiftUp] = []

    def came(self, file: Pending) -> None:
        """It was sent now: what was said of an archive of its name is over."""
        # By area: a place for each of thousands of files would take as much as their paths.
        self._came[file.area].add(file.path)

    def say(self, archive: Pending, notes: Iterable[Note]) -> None:
        self._new[archive.area, str(archive.path)] = list(notes)

    def lift(self, action: LiftUp, files: Iterable[Pending]) -> None:
        """What the lines wait for would have come to the top as well."""
        self._lifts.append(action)
        for notes in (*self._new.values(), *(file.notes for file in files)):
            _lift(notes, action)

    def settle(self, overlay: Overlay, remarks: Remarks, over: Callable[[Place], bool]) -> None:
        """End what is over; *over* tells the places of which nothing is said any more.

        What was said before is found with one look, and read where it changes with another.
        """
        files = overlay.pending.files()
        said = overlay.view.findings_of(Code.MEMBERS_LEFT_OUT)
        if not (said or self._new or any(note.awaits for file in files for note in file.notes)):
            return
        there = {name for file in files for name in (file.public_path, file.as_sent)}
        changing = [place for place in self._changing(said, there) if not over(place)]
        remarks.load((*changing, *(place for place in self._new if not over(place))))
        for place in changing:
            self._go_on(place, remarks.of(*place))
        for place, notes in self._new.items():
            lines = remarks.begin(*place) if over(place) else remarks.of(*place)
            lines[:] = notes
        for notes in (*(file.notes for file in files), *remarks.touched()):
            _end_what_is_there(notes, there)

    def _changing(self, said: Sequence[Finding], there: Container[str | None]) -> Iterable[Place]:
        """Where lines stand that are over, or that wait for another path than before."""
        places = dict.fromkeys(
            (one.area, one.path)
            for one in said
            if self._lifts or one.awaits in there or one.path in self._came[one.area]
        )
        return [(area, path) for area, path in places if area and path]

    def _go_on(self, place: Place, notes: list[Note]) -> None:
        area, path = place
        if path in self._came[area]:
            edited(notes, lambda note: () if note.code == Code.MEMBERS_LEFT_OUT else (note,))
        for action in self._lifts:
            _lift(notes, action)


def _end_what_is_there(notes: list[Note], there: Container[str | None]) -> None:
    if any(note.awaits in there for note in notes):
        edited(notes, lambda note: () if note.awaits in there else (note,))


def _lift(notes: list[Note], action: LiftUp) -> None:
    if any(note.awaits for note in notes):
        edited(notes, lambda note: (replace(note, awaits=_lifted(note.awaits, action)),))


def _lifted(path: str | None, action: LiftUp) -> str | None:
    """An ``anc/`` in a directory that goes is that of the ancillary files then."""
    if path is None:
        return None
    prefix = ""
    for directory in action.directories:
        prefix += f"{directory}/"
        if path.startswith(f"{prefix}{ANCILLARY_DIRECTORY}/"):
            return path.removeprefix(prefix)
    return path.removeprefix(action.prefix)
