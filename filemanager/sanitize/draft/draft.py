"""The change in the making: every way in which a check's decision alters it."""

from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.kinds import FileKind
from filemanager.domain.trees.ports import TreeView
from filemanager.domain.trees.tree import Entry, TreePath
from filemanager.domain.workspaces.log import escaped
from filemanager.sanitize.actions import Judge, Keep, Remove, Rename, Replace
from filemanager.sanitize.draft.alterations import Alterations
from filemanager.sanitize.draft.left_out import LeftOut
from filemanager.sanitize.draft.lines import Lines
from filemanager.sanitize.draft.overlay import Overlay
from filemanager.sanitize.draft.pending import Pending, PendingDirectory
from filemanager.sanitize.draft.placing import (
    Spot,
    make_directories,
    replaced_note,
    split_area,
    spot_for,
)
from filemanager.sanitize.draft.remarks import Remarks
from filemanager.sanitize.portable import storable


class Draft:
    """Collects what one upload does to one state of a tree.

    ``removed`` holds files and directories as they were when they went, with what was said of
    them.
    """

    def __init__(
        self, view: TreeView, *, keep_transient: bool = False, keeps_directories: bool = False
    ) -> None:
        self.overlay = Overlay(view, keeps_directories=keeps_directories)
        self.remarks = Remarks(view, keep_transient=keep_transient)
        self.removed: list[Pending | PendingDirectory] = []
        self.alterations = Alterations()
        self.left_out = LeftOut()
        self.log = Lines()
        self.judgement: Judge | None = None

    def place(self, newcomer: Pending, area: Area, wanted: str) -> None:
        """Put *newcomer* into the tree at *wanted*, or as near as can be.

        A file of the tree that is there is overwritten. So is one of this upload, which is removed
        then; where it holds the same bytes it stays, and the newcomer is nowhere.
        """
        area, wanted = split_area(area, wanted)
        spot = spot_for(self.overlay, area, newcomer, wanted)
        if spot.replaced:
            if spot.replaced.held(newcomer.digest):
                return
            self._give_way(spot.replaced, newcomer)
        if entry := self.overlay.entry(area, spot.path):
            self.overlay.end(entry)
        newcomer.area, newcomer.path = area, spot.path
        self._put(newcomer, spot)

    def _put(self, newcomer: Pending, spot: Spot) -> None:
        make_directories(self.overlay, newcomer.area, spot.path)
        self.overlay.pending.put(newcomer)
        self.left_out.came(newcomer)
        if spot.is_changed:
            newcomer.was_renamed = True
            self.alterations.renamed(escaped(newcomer.as_sent), newcomer, spot.notes[0].code)
        for note in spot.notes:
            newcomer.add_note(note)

    def _give_way(self, earlier: Pending, newcomer: Pending) -> None:
        note = replaced_note(earlier, newcomer)
        earlier.add_note(note)
        self.remove(earlier, Remove(note.message, note.code))

    def place_directory(self, area: Area, path: str) -> None:
        """An explicit directory of an archive; what files imply comes with them."""
        area, inside = split_area(area, f"{path}/")
        if not inside:
            return
        member = storable(f"{inside}_", in_source=area is Area.SOURCE)
        make_directories(self.overlay, area, self.overlay.naming.clear_of_files(area, member))

    def adopt(self, entry: Entry) -> Pending:
        """Make a file of the tree part of the change, with what is said of it."""
        self.overlay.end(entry)
        file = Pending.of_entry(entry, self.remarks.of(entry.area, entry.path))
        self.remarks.forget(entry.area, entry.path)
        self.overlay.pending.put(file)
        return file

    def rename(self, file: Pending, action: Rename) -> None:
        before = file.public_path
        self.move(file, file.area, action.to)
        file.was_renamed = True
        self.alterations.renamed(before, file, action.code)

    def move(self, file: Pending, area: Area, to: TreePath) -> None:
        """To a free place, at the end of the order."""
        self.overlay.pending.take(file)
        file.area, file.path = area, to
        make_directories(self.overlay, area, to)
        self.overlay.pending.put(file)

    def remove(self, file: Pending, action: Remove) -> None:
        self.overlay.pending.take(file)
        file.reason, file.code = escaped(action.reason), action.code
        self.removed.append(file)
        self.alterations.removed(file, action)

    def remove_directory(self, directory: PendingDirectory, action: Remove) -> None:
        """With everything in it; what is there from before stays, being no part of the upload."""
        for item in self.overlay.pending.below(directory.area, directory.path):
            if isinstance(item, Pending):
                self.remove(item, action)
            else:
                self.overlay.pending.take(item)
        self.overlay.pending.take(directory)
        self.removed.append(directory)

    def replace(self, file: Pending, action: Replace) -> None:
        self.alterations.rewritten(file, action)
        file.digest_as_sent = file.digest_as_sent or file.digest
        file.content = action.content
        if action.kind is not None:
            self.classify(file, action.kind)

    def classify(self, file: Pending, kind: FileKind) -> None:
        self.overlay.pending.classify(file, kind)

    def keep(self, file: Pending, action: Keep) -> None:
        """Put a copy among the removed files; the tree's counts never saw it."""
        copy = Pending(
            area=file.area,
            path=action.path,
            kind=file.kind,
            content=action.content,
            reason=escaped(action.reason),
            code=action.code,
            notes=list(action.notes),
        )
        self.alterations.name(action.content)
        self.removed.append(copy)
