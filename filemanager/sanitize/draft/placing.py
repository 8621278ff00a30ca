"""Where what comes in is put: nothing is lost, and no file stands where a directory must be."""

import unicodedata
from dataclasses import dataclass, field

from filemanager.domain.trees.areas import ANCILLARY_DIRECTORY, Area
from filemanager.domain.trees.tree import TreePath
from filemanager.domain.workspaces.log import escaped
from filemanager.sanitize.actions import Note, info, warn
from filemanager.sanitize.codes import Code
from filemanager.sanitize.draft.overlay import Overlay
from filemanager.sanitize.draft.pending import Pending, PendingDirectory
from filemanager.sanitize.portable import storable


@dataclass(frozen=True, slots=True)
class Spot:
    """A place that is free but for ``replaced``, and what is to be said of it.

    ``replaced`` is a file of the same upload that the newcomer takes the place of.
    """

    path: TreePath
    replaced: Pending | None = None
    notes: tuple[Note, ...] = field(default=())

    @property
    def is_changed(self) -> bool:
        return bool(self.notes)


def split_area(area: Area, path: str) -> tuple[Area, str]:
    """``anc/`` at the top of the source is the ancillary area."""
    first, slash, rest = path.partition("/")
    if area is Area.SOURCE and first == ANCILLARY_DIRECTORY and slash:
        return Area.ANCILLARY, rest
    return area, path


def spot_for(overlay: Overlay, area: Area, newcomer: Pending, wanted: str) -> Spot:
    """Find a place for *newcomer*, whose path is to be *wanted* if that can be."""
    path = storable(wanted, in_source=area is Area.SOURCE)
    if path != unicodedata.normalize("NFC", wanted):
        return _unusable(overlay, area, wanted, path)
    clear = overlay.naming.clear_of_files(area, path)
    if clear != path or overlay.is_directory(area, path):
        return _out_of_the_way(overlay, area, path, clear)
    there = overlay.pending.file(area, path)
    if there is not None and (why := _why_both_stay(there, newcomer)):
        return _numbered(overlay, area, path, *why)
    return Spot(TreePath(path), there)


def _why_both_stay(there: Pending, newcomer: Pending) -> tuple[Code, str] | None:
    """Of one archive, and of what is sent by itself, the later of two files is meant."""
    if there.held(newcomer.digest):
        return None
    if there.archive != newcomer.archive:
        return Code.ARCHIVE_MEMBER_RENAMED, _of_two_archives(there, newcomer)
    if there.as_sent != newcomer.as_sent:
        message = f"Two names in '{escaped(newcomer.source)}' come to '{there.path}'."
        return Code.NAME_COLLISION, message
    return None


def _of_two_archives(there: Pending, newcomer: Pending) -> str:
    earlier = f"'{escaped(there.source)}'" if there.source else "the upload itself"
    return (
        f"'{escaped(newcomer.as_sent)}' in '{escaped(newcomer.source)}' has the name of another"
        f" file in {earlier}."
    )


def _unusable(overlay: Overlay, area: Area, wanted: str, path: str) -> Spot:
    to = overlay.free_path(area, path)
    message = f"'{escaped(wanted)}' is no path for a file on every system. Renamed to '{to}'."
    return Spot(to, notes=(warn(Code.UNUSABLE_NAME, message, persistent=False),))


def _out_of_the_way(overlay: Overlay, area: Area, path: str, clear: str) -> Spot:
    to = overlay.free_path(area, clear)
    message = f"'{path}' would be a file and a directory at once. Renamed to '{to}'."
    return Spot(to, notes=(warn(Code.PATH_IN_THE_WAY, message, persistent=False),))


def _numbered(overlay: Overlay, area: Area, path: str, code: Code, message: str) -> Spot:
    to = overlay.naming.numbered_path(area, path)
    note = warn(code, f"{message} Renamed to '{to}'.", persistent=False)
    return Spot(to, notes=(note,))


def replaced_note(file: Pending, newcomer: Pending) -> Note:
    """For the earlier of two files of one upload at one path."""
    where = f" in '{newcomer.source}'" if newcomer.source else ""
    later = f"'{escaped(newcomer.as_sent)}'{where}"
    message = f"Removed file '{file.path.name}': a later {later} took its place."
    return info(Code.DUPLICATE_MEMBER, message)


def make_directories(overlay: Overlay, area: Area, path: str) -> None:
    """The directories above *path* and, where it ends in ``/``, itself.

    From the inside out until one is there, since the one more file of a deep directory is common.
    """
    missing, parent = [], path.rpartition("/")[0]
    while parent and overlay.pending.directory(area, parent) is None:
        missing.append(parent)
        parent = parent.rpartition("/")[0]
    for directory in reversed(missing):
        overlay.pending.put(PendingDirectory(area=area, path=directory))
