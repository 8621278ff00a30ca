"""Dissolving top-level directories: everything below them moves, nothing is lost."""

from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.tree import TreePath
from filemanager.sanitize.actions import LiftUp, warn
from filemanager.sanitize.codes import Code
from filemanager.sanitize.draft.draft import Draft
from filemanager.sanitize.draft.pending import Pending, PendingDirectory
from filemanager.sanitize.draft.placing import make_directories

_REMOVED = warn(Code.TOP_LEVEL_DIRECTORY_REMOVED, "Removed top level directory", persistent=False)


def lift_up(draft: Draft, action: LiftUp) -> None:
    """Move every source file, and what is known of directories, as planned.

    Everything is taken out before the first is put back: a file of the new top may have the name
    of a directory that goes.
    """
    came = [item for item in draft.overlay.pending.items() if item.area is Area.SOURCE]
    moving = [*_adopt_source(draft), *came]
    for item in moving:
        draft.overlay.pending.take(item)
    goes = _going(action)
    for item in moving:
        if isinstance(item, Pending):
            _put_file(draft, item, action)
        elif item.path in goes:
            goes[item.path].notes.extend(item.notes)
        else:
            _put_directory(draft, item, action)
    draft.left_out.lift(action, draft.overlay.pending.files())
    for directory in goes.values():
        directory.add_note(_REMOVED)
        draft.removed.append(directory)


def _adopt_source(draft: Draft) -> list[Pending | PendingDirectory]:
    """The tree's own files, in listing order, then the directories something was said of."""
    files = [draft.adopt(entry) for entry in draft.overlay.below.left(Area.SOURCE)]
    draft.overlay.below.empty(Area.SOURCE)
    names = dict.fromkeys(name for file in files for name in file.path.directories())
    directories = [found for name in names if (found := _adopted_directory(draft, name))]
    return [*files, *directories]


def _adopted_directory(draft: Draft, path: str) -> PendingDirectory | None:
    said = draft.remarks.of(Area.SOURCE, f"{path}/")
    if not said or draft.overlay.pending.directory(Area.SOURCE, path):
        return None
    directory = PendingDirectory(area=Area.SOURCE, path=path, is_checked=True, notes=list(said))
    said.clear()
    draft.overlay.pending.put(directory)
    return directory


def _going(action: LiftUp) -> dict[str, PendingDirectory]:
    """By the path that each has now; told of as it was when those above it had gone."""
    goes, path = {}, ""
    for directory in action.directories:
        path = f"{path}/{directory}" if path else directory
        goes[path] = PendingDirectory(area=Area.SOURCE, path=directory, is_checked=True)
    return goes


def _put_file(draft: Draft, file: Pending, action: LiftUp) -> None:
    before = file.public_path
    ancillary = action.ancillary.get(file.path)
    area = Area.SOURCE if ancillary is None else Area.ANCILLARY
    wanted = file.path.removeprefix(action.prefix) if ancillary is None else ancillary
    file.area, file.path = area, draft.overlay.free_path(area, wanted)
    make_directories(draft.overlay, area, file.path)
    draft.overlay.pending.put(file)
    draft.alterations.renamed(before, file, Code.TOP_LEVEL_DIRECTORY_REMOVED)
    if file.path != wanted:
        message = f"The name '{wanted}' was taken; the file is '{file.path}' now."
        file.add_note(warn(Code.NAME_COLLISION, message, persistent=False))


def _put_directory(draft: Draft, directory: PendingDirectory, action: LiftUp) -> None:
    """Looked at again where it came to the top, since some rules hold there only."""
    inside = f"{directory.path}/"
    area, path = Area.SOURCE, directory.path.removeprefix(action.prefix)
    if inside in action.ancillary:
        area, path = Area.ANCILLARY, action.ancillary[inside].removesuffix("/")
    if not path:
        return
    clear = draft.overlay.naming.clear_of_files(area, f"{path}/_")
    make_directories(draft.overlay, area, clear)
    placed = draft.overlay.pending.directory(area, TreePath(clear).parent)
    if placed is not None:
        placed.notes.extend(directory.notes)
        placed.is_checked = directory.is_checked and "/" in placed.path
