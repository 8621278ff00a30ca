"""Checkpoints: naming a revision, going back to it, reading it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from filemanager.domain.caller import Caller
from filemanager.domain.ids import Checksum, WorkspaceId
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.requests.preconditions import UNCONDITIONAL, Preconditions
from filemanager.domain.workspaces.checkpoint import Checkpoint
from filemanager.domain.workspaces.errors import (
    CheckpointLimitReached,
    CheckpointNotFound,
    WorkspaceEmpty,
)
from filemanager.domain.workspaces.log import escaped
from filemanager.domain.workspaces.workspace import Workspace
from filemanager.services.workspaces.logs import Event, signed
from filemanager.services.workspaces.revisions import save_revision
from filemanager.services.workspaces.summary import (
    content_bytes,
    live,
    named,
    named_as,
    with_checksum,
)


class CheckpointService:
    """``limit`` is how many a workspace may have."""

    def __init__(self, database: Database, clock: Clock, *, limit: int) -> None:
        self._database = database
        self._clock = clock
        self._limit = limit

    def create(
        self,
        caller: Caller,
        workspace_id: WorkspaceId,
        name: str | None = None,
        description: str | None = None,
        preconditions: Preconditions = UNCONDITIONAL,
    ) -> Checkpoint:
        """Name the present revision: one row, whatever the size of the workspace.

        Raises ``WorkspaceEmpty`` and ``CheckpointLimitReached``.
        """

        def work(tx: Transaction) -> Checkpoint:
            live(tx, workspace_id)
            workspace = tx.workspaces.lock(workspace_id)
            preconditions.ensure(workspace.state)
            at = self._clock()
            checkpoint = _next(tx, caller, workspace, at=at, limit=self._limit)
            named = replace(checkpoint, name=name or checkpoint.name, description=description)
            return tx.checkpoints.add(named)

        # Found before the lock is taken, and remembered: under it there is nothing left to list.
        with_checksum(self._database, self._live(workspace_id))
        return self._database.write(work)

    def _live(self, workspace_id: WorkspaceId) -> Workspace:
        with self._database.read() as tx:
            return live(tx, workspace_id)

    def ensure_possible(self, workspace_id: WorkspaceId) -> None:
        """Ask before a byte is read: raises as ``create`` would, then for a closed workspace."""
        with self._database.read() as tx:
            workspace = live(tx, workspace_id)
            if workspace.tree.is_empty:
                raise WorkspaceEmpty
            workspace.ensure_writable(self._clock())

    def of(self, workspace_id: WorkspaceId) -> Sequence[Checkpoint]:
        """Oldest first."""
        with self._database.read() as tx:
            return tx.checkpoints.of(live(tx, workspace_id).tree.id)

    def find(self, workspace_id: WorkspaceId, checkpoint_id: int) -> Checkpoint:
        for checkpoint in self.of(workspace_id):
            if checkpoint.id == checkpoint_id:
                return checkpoint
        raise CheckpointNotFound

    def find_by_checksum(self, workspace_id: WorkspaceId, checksum: str) -> Checkpoint:
        """The first of that content: checkpoints of equal content have equal checksums."""
        for checkpoint in self.of(workspace_id):
            if checkpoint.checksum == checksum:
                return checkpoint
        raise CheckpointNotFound

    def restore(
        self,
        caller: Caller,
        workspace_id: WorkspaceId,
        checkpoint: Checkpoint,
        preconditions: Preconditions = UNCONDITIONAL,
    ) -> Workspace:
        """Make the workspace what it was, in a new revision that copies no bytes.

        Refused while locked or released. The checkpoint is looked for again under the lock.
        """

        def work(tx: Transaction) -> Workspace:
            workspace = tx.workspaces.lock(workspace_id)
            workspace.ensure_writable(self._clock())
            preconditions.ensure(workspace.state)
            if checkpoint not in tx.checkpoints.of(workspace.tree.id):
                raise CheckpointNotFound
            return self._restore(tx, caller, workspace, checkpoint)

        return self._database.write(work)

    def _restore(
        self, tx: Transaction, caller: Caller, workspace: Workspace, checkpoint: Checkpoint
    ) -> Workspace:
        at = self._clock()
        tree = tx.trees.restore(workspace.tree, checkpoint.revision, at)
        restored = replace(
            workspace,
            tree=named_as(tx, tree, checkpoint),
            source_format=checkpoint.source_format,
            modified_at=at,
        )
        text = signed(f"Restored checkpoint: {escaped(checkpoint.name)}", caller)
        event = _event(caller, workspace.id, at, "restore_checkpoint", text)
        return save_revision(tx, workspace, restored, event.lines())

    def delete(self, caller: Caller, workspace_id: WorkspaceId, checkpoint: Checkpoint) -> None:
        def work(tx: Transaction) -> None:
            workspace = tx.workspaces.lock(workspace_id)
            if checkpoint not in tx.checkpoints.of(workspace.tree.id):
                raise CheckpointNotFound
            tx.checkpoints.delete(checkpoint)
            text = f"Deleted checkpoint: {escaped(checkpoint.name)}['{escaped(caller.name)}']."
            event = _event(caller, workspace_id, self._clock(), "delete_checkpoint", text)
            tx.logs.append(event.lines())

        self._database.write(work)

    def delete_all(self, caller: Caller, workspace_id: WorkspaceId) -> None:
        """Delete every checkpoint; none is no error."""

        def work(tx: Transaction) -> None:
            live(tx, workspace_id)
            workspace = tx.workspaces.lock(workspace_id)
            for checkpoint in tx.checkpoints.of(workspace.tree.id):
                tx.checkpoints.delete(checkpoint)
            text = f"Deleted ALL checkpoints: ['{escaped(caller.name)}']."
            event = _event(caller, workspace_id, self._clock(), "delete_checkpoints", text)
            tx.logs.append(event.lines())

        self._database.write(work)


def checkpoint_in(
    tx: Transaction, caller: Caller, workspace: Workspace, *, at: datetime, limit: int
) -> None:
    """Make a checkpoint inside a transaction that goes on with the locked *workspace*."""
    tx.checkpoints.add(_next(tx, caller, workspace, at=at, limit=limit))


def _next(
    tx: Transaction, caller: Caller, workspace: Workspace, *, at: datetime, limit: int
) -> Checkpoint:
    if workspace.tree.is_empty:
        raise WorkspaceEmpty
    existing = tx.checkpoints.of(workspace.tree.id)
    if len(existing) >= limit:
        raise CheckpointLimitReached
    tree = workspace.tree
    if tree.checksum is None:
        tree = named(tree, tx.trees.buckets(tree))
    text = f"Creating checkpoint.['{escaped(caller.subject)}']"
    tx.logs.append(_event(caller, workspace.id, at, "create_checkpoint", text).lines())
    return Checkpoint(
        id=0,
        tree_id=tree.id,
        revision=tree.revision,
        name=_next_name(caller, {checkpoint.name for checkpoint in existing}),
        description=None,
        checksum=tree.checksum or Checksum(""),
        checksum_form=tree.checksum_form,
        content_bytes=content_bytes(tree),
        source_format=workspace.source_format,
        created_by=caller.name,
        created_at=at,
    )


def _next_name(caller: Caller, taken: set[str]) -> str:
    suffix = ".tar.gz" if caller.is_client else f"_{escaped(caller.name)}.tar.gz"
    number = 1
    while f"checkpoint_{number}{suffix}" in taken:
        number += 1
    return f"checkpoint_{number}{suffix}"


def _event(caller: Caller, workspace_id: WorkspaceId, at: datetime, code: str, text: str) -> Event:
    what = code.replace("_", " ").capitalize()
    return Event(caller=caller, workspace_id=workspace_id, at=at, code=code, text=text, what=what)
