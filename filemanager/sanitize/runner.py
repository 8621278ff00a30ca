"""Does what checks decide: rounds over the files at hand until nothing is left to look at."""

from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.tree import TreePath
from filemanager.sanitize.actions import (
    Action,
    Add,
    Classify,
    Judge,
    Keep,
    LiftUp,
    Note,
    On,
    Record,
    Remove,
    Rename,
    Replace,
    TreeAction,
    Unpack,
    Weigh,
    Withdraw,
)
from filemanager.sanitize.check import Directory, File, Profile, TreeCheck
from filemanager.sanitize.draft.draft import Draft
from filemanager.sanitize.draft.expansion import expand
from filemanager.sanitize.draft.lifting import lift_up
from filemanager.sanitize.draft.pending import Pending, PendingDirectory
from filemanager.sanitize.draft.remarks import edited
from filemanager.sanitize.workshop import Workshop


class Look:
    """Runs checks of the whole tree."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft

    def at(self, checks: tuple[TreeCheck, ...]) -> bool:
        """True where one of them moved or removed something."""
        has_moved = False
        for check in checks:
            for action in check(self._draft.overlay):
                has_moved = self._act(action) or has_moved
        return has_moved

    def _act(self, action: TreeAction) -> bool:
        match action:
            case Judge():
                self._draft.judgement = action
                return False
            case LiftUp():
                lift_up(self._draft, action)
                return True
            case On(area, path, Remove() as removal):
                return self._remove_there(area, path, removal)
            case On(area, path, Note() | Withdraw() | Weigh() as remark):
                self._remark(area, path, remark)
        return False

    def _remove_there(self, area: Area, path: TreePath, action: Remove) -> bool:
        file = self._draft.overlay.pending.file(area, path)
        if file is None and (entry := self._draft.overlay.entry(area, path)):
            file = self._draft.adopt(entry)
        if file is not None:
            self._draft.remove(file, action)
        return file is not None

    def _remark(self, area: Area, path: TreePath, remark: Note | Withdraw | Weigh) -> None:
        file = self._draft.overlay.pending.file(area, path)
        notes = file.notes if file else self._draft.remarks.of(area, path)
        match remark:
            case Note():
                if remark not in notes:
                    notes.append(remark)
            case Withdraw(codes):
                edited(notes, lambda note: () if note.code in codes else (note,))
            case Weigh(code, severity):
                edited(notes, lambda note: (note.weighed(severity) if note.code == code else note,))


class Runner:
    """One pass of a profile over what a draft holds."""

    def __init__(self, profile: Profile, workshop: Workshop, draft: Draft) -> None:
        self._profile = profile
        self._workshop = workshop
        self._draft = draft
        self._pending = draft.overlay.pending

    def run(self) -> None:
        """Until every file was looked at and the whole tree gives no more cause to change it.

        Raises ``OverBudget``.
        """
        while True:
            while unchecked := self._pending.unchecked():
                self._check_round(unchecked)
                Look(self._draft).at(self._profile.round_checks)
            if not Look(self._draft).at(self._profile.tree_checks):
                return

    def _check_round(self, items: list[Pending | PendingDirectory]) -> None:
        """Of this moment's files; what they bring along is for the next round."""
        for item in items:
            self._workshop.take_time()
            if self._pending.holds(item) and not item.is_checked:
                item.is_checked = True
                if isinstance(item, Pending):
                    self._check_file(item)
                else:
                    self._check_directory(item)

    def _check_directory(self, item: PendingDirectory) -> None:
        directory = Directory(item.area, item.path)
        for check in self._profile.directory_checks:
            for action in check(directory, self._draft.overlay):
                if isinstance(action, Note):
                    item.add_note(action)
                elif isinstance(action, Remove):
                    self._draft.remove_directory(item, action)
                    return

    def _check_file(self, item: Pending) -> None:
        file = self._file_of(item)
        for check in self._profile.checks:
            has_changed = False
            for action in check(file, self._draft.overlay):
                has_changed = self._act(item, file, action) or has_changed
            if has_changed:
                if not self._pending.holds(item):
                    return
                file = self._file_of(item)

    def _file_of(self, item: Pending) -> File:
        if item.content is None:
            raise AssertionError(item.path)
        return File(
            area=item.area,
            path=item.path,
            kind=item.kind,
            content=item.content,
            workshop=self._workshop,
            unpack=item.unpack,
            kept_by_owner=item.kept_by_owner,
        )

    def _act(self, item: Pending, file: File, action: Action) -> bool:
        """True where *file* is no more what the item is now: most actions only say something."""
        if isinstance(action, Note):
            item.add_note(action)
            return False
        if isinstance(action, Record):
            self._draft.log.tell(action.code, action.text)
            return False
        if isinstance(action, Unpack):
            expand(self._draft, item, file, action)
        else:
            self._change(item, action)
        return True

    def _change(
        self, item: Pending, action: Rename | Remove | Replace | Classify | Add | Keep
    ) -> None:
        match action:
            case Rename():
                self._draft.rename(item, action)
            case Remove():
                if not item.kept_by_owner:
                    self._draft.remove(item, action)
            case Replace():
                self._draft.replace(item, action)
            case Classify(kind):
                self._draft.classify(item, kind)
            case Add(path, content):
                beside = Pending(
                    area=item.area, path=path, content=content, origin=f"{item.origin}+{path}"
                )
                beside.as_sent = beside.public_path
                self._draft.place(beside, item.area, path)
            case Keep():
                self._draft.keep(item, action)
