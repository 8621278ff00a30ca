"""Workspaces: an owner's set of files under check."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from filemanager.domain.caller import Caller, Owner, Rights, Scope
from filemanager.domain.ids import Revision, WorkspaceId
from filemanager.domain.requests.preconditions import State
from filemanager.domain.trees.findings import Finding, Readiness
from filemanager.domain.trees.kinds import SourceFormat
from filemanager.domain.trees.tree import Entry, Tree
from filemanager.domain.workspaces.errors import (
    WorkspaceLocked,
    WorkspaceNotActive,
)


class Status(StrEnum):
    ACTIVE = "ACTIVE"
    RELEASED = "RELEASED"
    DELETED = "DELETED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """Who locked a workspace, why, and until when (None: until unlocked)."""

    by: str
    reason: str | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """``started_at`` and ``completed_at`` frame the processing of the last upload, and are
    ``created_at`` before the first. ``readiness`` is what persistent findings alone make it.
    """

    id: WorkspaceId
    owner: Owner
    tree: Tree
    status: Status = Status.ACTIVE
    lock: Lock | None = None
    source_format: SourceFormat = SourceFormat.INVALID
    readiness: Readiness = Readiness.READY
    profile: str = "arxiv"
    name: str | None = None
    metadata: Mapping[str, object] = field(default_factory=dict)
    created_at: datetime
    modified_at: datetime
    started_at: datetime
    completed_at: datetime

    @property
    def revision(self) -> Revision:
        """Grows by one with every change of the tree or of anything here: the v2 ETag."""
        return self.tree.revision

    def changed_at(self, at: datetime) -> datetime:
        """When it became as it looks *at* a moment: a lock ends without a change of the row."""
        end = self.lock and self.lock.expires_at
        return end if end and self.modified_at < end <= at else self.modified_at

    def is_locked(self, at: datetime) -> bool:
        return self.lock is not None and (self.lock.expires_at is None or self.lock.expires_at > at)

    def ensure_allows(self, caller: Caller, scope: Scope) -> None:
        caller.ensure_may(scope, self.owner, str(self.id))

    def ensure_writable(self, at: datetime) -> None:
        """Active and unlocked, asked in this order as the original does."""
        if self.status is not Status.ACTIVE:
            raise WorkspaceNotActive
        if self.is_locked(at):
            raise WorkspaceLocked

    @property
    def state(self) -> State:
        """As preconditions know it: by the revision."""
        return State(frozenset({str(self.revision)}), self.modified_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class BegunWorkspace:
    """A workspace with its first revision, and what that holds as it is read afterwards."""

    workspace: Workspace
    entries: Sequence[Entry]
    findings: Sequence[Finding]


def rights_in(workspace_id: WorkspaceId) -> Rights:
    """What opens what is on its way to a workspace, and the jobs that work on it."""
    return Rights(Scope.READ, Scope.UPDATE, str(workspace_id))
