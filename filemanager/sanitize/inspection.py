"""Checking an upload against a tree."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from filemanager.domain.blobs.blob import Content
from filemanager.domain.intake.budget import Budget
from filemanager.domain.intake.scratch import Scratch
from filemanager.domain.intake.unpacking import Unpacker
from filemanager.domain.trees.areas import Area, public_path
from filemanager.domain.trees.findings import Finding
from filemanager.domain.trees.kinds import FileKind, SourceFormat
from filemanager.domain.trees.ports import TreeView
from filemanager.domain.trees.tree import Entry, TreePath
from filemanager.sanitize.check import Profile
from filemanager.sanitize.draft.draft import Draft
from filemanager.sanitize.draft.pending import Pending
from filemanager.sanitize.outcome import Outcome, outcome_of
from filemanager.sanitize.runner import Runner
from filemanager.sanitize.workshop import Workshop


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it came; ``unpack`` None leaves it to the profile whether it is unpacked.

    What is ``kept_by_owner`` is checked like everything, and not removed.
    """

    area: Area
    path: TreePath
    content: Content
    unpack: bool | None = None
    kept_by_owner: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What the checks of one upload work with; ``at`` is when the files were changed."""

    unpacker: Unpacker
    scratch: Scratch
    budget: Budget
    at: datetime


class Inspection:
    """One upload, checked against as many states of a tree as needed.

    What depends on bytes alone is done the first time only, so that a later call may run inside a
    short lock. A path that an earlier state gave another kind of place may cost more.
    """

    def __init__(self, sent: Sequence[Sent], profile: Profile, tools: Tools) -> None:
        self._sent = tuple(sent)
        self._profile = profile
        self._at = tools.at
        self._turn = tools.budget.turn
        self._workshop = Workshop(tools.unpacker, tools.scratch, tools.budget)

    def against(self, tree: TreeView, *, keeps_directories: bool = False) -> Outcome:
        """What the upload does to the tree in its present state. Raises ``OverBudget``.

        *keeps_directories*: one that holds everything is not dissolved.
        """
        draft = Draft(tree, keeps_directories=keeps_directories)
        for number, sent in enumerate(self._sent):
            draft.place(_newcomer(number, sent), sent.area, sent.path)
        with self._turn:
            Runner(self._profile, self._workshop, draft).run()
        return outcome_of(draft, self._at)


def _newcomer(number: int, sent: Sent) -> Pending:
    return Pending(
        area=sent.area,
        path=sent.path,
        content=sent.content,
        as_sent=public_path(sent.area, sent.path),
        origin=str(number),
        unpack=sent.unpack,
        kept_by_owner=sent.kept_by_owner,
    )


class _EmptyTree:
    """The view of a tree that nothing was put into yet."""

    @property
    def counts(self) -> Mapping[Area, Mapping[FileKind, int]]:
        return {}

    @property
    def source_format(self) -> SourceFormat:
        return SourceFormat.INVALID

    def find(self, _area: Area, _path: str) -> Entry | None:
        return None

    def holds_below(self, _area: Area, _directory: str) -> bool:
        return False

    def sole_source(self) -> Entry | None:
        return None

    def source_bounds(self) -> tuple[str, str] | None:
        return None

    def below(self, _area: Area, _directory: str) -> Sequence[Entry]:
        return ()

    def findings_on(self, _area: Area | None, _path: str | None) -> Sequence[Finding]:
        return ()

    def findings_at(self, _places: Collection[tuple[Area, str]]) -> Sequence[Finding]:
        return ()

    def findings_of(self, _code: str) -> Sequence[Finding]:
        return ()


EMPTY_TREE: TreeView = _EmptyTree()
