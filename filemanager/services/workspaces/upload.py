"""One upload into a workspace on its way: what was asked, and what the checks said last."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from filemanager.domain.blobs.blob import Content
from filemanager.domain.caller import Caller
from filemanager.domain.ids import Digest, WorkspaceId
from filemanager.domain.ports import Transaction
from filemanager.domain.requests.preconditions import UNCONDITIONAL, Preconditions
from filemanager.domain.trees.areas import public_path
from filemanager.domain.trees.errors import AlreadyThere
from filemanager.domain.trees.ports import TreeView
from filemanager.domain.workspaces.log import LogLine, escaped
from filemanager.domain.workspaces.workspace import Workspace
from filemanager.sanitize.codes import Code
from filemanager.sanitize.inspection import EMPTY_TREE, Inspection, Sent
from filemanager.sanitize.outcome import Outcome
from filemanager.sanitize.subtree import CheckedFolder, Subtree, placed
from filemanager.services.uploads.targets import Settles
from filemanager.services.workspaces.became import Became, digests_put, paths_after
from filemanager.services.workspaces.logs import Event, signed


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What is asked of an upload besides the bytes.

    ``of_workspace`` is asked of the workspace, ``of_file`` on what is at the path of the one
    file that is sent. ``wants_summary`` False spares the listing. With a ``settlement`` the rights
    of the caller are looked at again under the lock, since they were given when the uploads began.
    What is sent goes into ``folder``, which checks take for the whole tree.
    """

    of_workspace: Preconditions = UNCONDITIONAL
    of_file: Preconditions = UNCONDITIONAL
    checkpoint_first: bool = False
    wants_summary: bool = True
    settlement: Settles[Became] | None = None
    folder: CheckedFolder | None = None


@dataclass(slots=True)
class WorkspaceUpload:
    """One upload on its way: what was asked, and what the checks said last."""

    caller: Caller
    workspace_id: WorkspaceId
    sent: tuple[Sent, ...]
    inspect: Callable[[str], Inspection]
    profile: str
    conditions: Conditions
    started_at: datetime
    makes_workspace: bool = False
    inspection: Inspection = field(init=False)
    outcome: Outcome = field(init=False)

    def __post_init__(self) -> None:
        # Everything that bytes alone decide is done here, before the workspace is locked.
        self.judge_by(self.profile)

    def judge_by(self, profile: str) -> None:
        """Check what was sent by a profile's checks."""
        self.profile = profile
        self.inspection = self.inspect(profile)
        self.outcome = self.inspection.against(EMPTY_TREE)

    def contents(self) -> Mapping[Digest, Content]:
        return self.outcome.contents

    def paths(self) -> Iterable[str]:
        """The public paths that were sent."""
        return (public_path(sent.area, sent.path) for sent in self.sent)

    def seen(self, view: TreeView) -> TreeView:
        """What checks see of the tree."""
        folder = self.conditions.folder
        return view if folder is None else Subtree(view, folder)

    @property
    def dissolves(self) -> bool:
        """Whether a directory that held all of the workspace goes."""
        made = self.outcome.change.altered
        return self.conditions.folder is None and any(
            one.code == Code.TOP_LEVEL_DIRECTORY_REMOVED for one in made
        )

    def placed(self, workspace: Workspace) -> Outcome:
        """What they made of it, as the tree is changed."""
        folder = self.conditions.folder
        if folder is None:
            return self.outcome
        return placed(self.outcome, folder, workspace.source_format)

    def became(self, saved: Workspace, outcome: Outcome) -> Became:
        """*outcome* is what they made of it, as the tree was changed."""
        paths = paths_after(self.paths(), self.outcome.change.altered)
        folder = self.conditions.folder
        if folder is not None:
            paths = {sent: path and folder.public(path) for sent, path in paths.items()}
        return Became(saved, paths, digests_put(outcome.change), outcome.change, outcome.origins)

    def ensure_conditions(self, tx: Transaction, workspace: Workspace) -> None:
        """Raise where one does not hold."""
        self.conditions.of_workspace.ensure(workspace.state)
        wanted = self.conditions.of_file
        if wanted == UNCONDITIONAL:
            return
        (sent,) = self.sent
        there = tx.trees.view(workspace.tree, workspace.source_format).find(sent.area, sent.path)
        if there and wanted.asks_for_none:
            raise AlreadyThere(there.public_path)
        wanted.ensure(there.state if there else None)

    def lines(self, workspace: Workspace) -> Iterable[LogLine]:
        """What both logs are told of it."""
        at, caller = workspace.modified_at, self.caller
        if self.makes_workspace:
            text = signed("Created workspace", caller)
            yield LogLine(
                at=workspace.created_at, code="create", workspace_id=workspace.id, text=text
            )
        for sent in self.sent:
            path, size_bytes = escaped(sent.path), sent.content.size_bytes
            yield from Event(
                caller=caller,
                workspace_id=workspace.id,
                at=at,
                code="upload",
                text=signed(f"Uploaded '{path}' ({size_bytes} bytes)", caller),
                what=f"Upload '{path}'",
            ).lines()
        for code, text in self.outcome.log:
            yield LogLine(at=at, code=code, workspace_id=workspace.id, text=text)
