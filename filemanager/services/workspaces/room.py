"""How much a workspace and its owner may hold, and the counting of what they keep."""

from dataclasses import dataclass

from filemanager.domain.caller import Owner
from filemanager.domain.ids import WorkspaceId
from filemanager.domain.ports import Transaction
from filemanager.domain.quotas import (
    Allowance,
    QuotaExceeded,
    open_workspaces_subject,
    owner_subject,
    workspace_subject,
)
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.tree import Tree
from filemanager.domain.workspaces.errors import TooManyWorkspaces, WorkspaceFull
from filemanager.domain.workspaces.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """Bytes are those of every kept version of every file; ``max_files`` counts living ones.

    ``max_owner_bytes`` and ``max_workspaces``, those that are not deleted, are an owner's; None: as
    much as they like.
    """

    max_bytes: int
    max_files: int
    max_checkpoints: int
    max_owner_bytes: int | None = None
    max_workspaces: int | None = None

    def allowances(self, owner: Owner, workspace_id: WorkspaceId) -> tuple[Allowance, ...]:
        """Whom bytes in a workspace count against."""
        return (
            Allowance(owner_subject(owner), self.max_owner_bytes),
            Allowance(workspace_subject(workspace_id), self.max_bytes),
        )


def count_opened(tx: Transaction, workspace: Workspace, room: Room) -> None:
    """Count a new workspace, before all else, and what it keeps.

    Raises ``TooManyWorkspaces``, and like ``ensure_room``.
    """
    _ensure_few_files(workspace.tree, room)
    opened = Allowance(open_workspaces_subject(workspace.owner), room.max_workspaces)
    allowances = room.allowances(workspace.owner, workspace.id)
    try:
        tx.quotas.use(allowances, workspace.tree.kept_bytes, besides=[(opened, 1)])
    except QuotaExceeded as full:
        if full.subject != opened.subject:
            raise
        raise TooManyWorkspaces(full.limit_bytes) from full


def count_closed(tx: Transaction, owner: Owner) -> None:
    """Count a workspace that is being deleted no longer, before all else."""
    tx.quotas.use([Allowance(open_workspaces_subject(owner), None)], -1)


def ensure_room(tx: Transaction, workspace: Workspace, tree: Tree, room: Room) -> None:
    """Count what *tree* keeps more than the workspace did.

    Raises ``QuotaExceeded``, or ``WorkspaceFull`` for too many files.
    """
    _ensure_few_files(tree, room)
    tx.quotas.use(room.allowances(workspace.owner, workspace.id), _more(workspace, tree))


def count_kept(tx: Transaction, workspace: Workspace, tree: Tree) -> None:
    """Count without a limit: what a person deletes, moves or restores is never refused for room."""
    more_bytes = _more(workspace, tree)
    if more_bytes:
        subjects = (owner_subject(workspace.owner), workspace_subject(workspace.id))
        tx.quotas.use([Allowance(subject, None) for subject in subjects], more_bytes)


def _ensure_few_files(tree: Tree, room: Room) -> None:
    if tree.count(Area.SOURCE) + tree.count(Area.ANCILLARY) > room.max_files:
        raise WorkspaceFull(f"{room.max_files} files")


def _more(workspace: Workspace, tree: Tree) -> int:
    return tree.kept_bytes - workspace.tree.kept_bytes
