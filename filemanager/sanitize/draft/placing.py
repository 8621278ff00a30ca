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
    if there is not None and _both_stay(there, newcomer):
        to = overlay.naming.numbered_path(area, path)
        return Spot(to, notes=(_note_on_both(there, newcomer, to),))
    return Spot(TreePath(path), there)


def _both_stay(there: Pending, newcomer: Pending) -> bool:
    """Of one archive, and of what is sent by itself, the later of two files is meant."""
    is_another = there.archive != newcomer.archive or there.as_sent != newcomer.as_sent
    return is_another and not there.held(newcomer.digest)


def _note_on_both(there: Pending, newcomer: Pending, to: TreePath) -> Note:
    source = escaped(newcomer.source)
    if there.archive == newcomer.archive:
        message = f"Two names in '{source}' come to '{there.path}'. Renamed to '{to}'."
        return warn(Code.NAME_COLLISION, message, persistent=False)
    earlier = "another file in the upload itself"
    if there.source:
        earlier = f"another file in '{escaped(there.source)}'"
    message = (
        f"'{escaped(newcomer.as_sent)}' in '{source}' has the name of {earlier}. Renamed to '{to}'."
    )
    return warn(Code.ARCHIVE_MEMBER_RENAMED, message, persistent=False)


def _unusable(overlay: Overlay, area: Area, wanted: str, path: str) -> Spot:
    to = overlay.free_path(area, path)
    message = f"'{escaped(wanted)}' is no path for a file on every system. Renamed to '{to}'."
    return Spot(to, notes=(warn(Code.UNUSABLE_NAME, message, persistent=False),))


def _out_of_the_way(overlay: Overlay, area: Area, path: str, clear: str) -> Spot:
    to = overlay.free_path(area, clear)
    message = f"'{path}' would be a file and a directory at once. Renamed to '{to}'."
    return Spot(to, notes=(warn(Code.PATH_IN_THE_WAY, message, persistent=False),))


def replaced_note(file: Pending, newcomer: Pending) -> Note:
    """For the earlier of two files of one upload at one path."""
    later = f"'{escaped(newcomer.as_sent)}'"
    if newcomer.source:
        later = f"'{escaped(newcomer.as_sent)}' in '{newcomer.source}'"
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
