"""The ports: what the use cases need from the world, as protocols.

The contract stands here; adapters do not repeat it. Every adapter raises only
``FilemanagerError``s.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol, TypeVar

from filemanager.domain.blobs.ports import Blobs, SmallPacks
from filemanager.domain.bucket.ports import Drops
from filemanager.domain.ids import TreeId, WorkspaceId
from filemanager.domain.jobs.ports import Jobs, Outbox
from filemanager.domain.packages.ports import DataPackages
from filemanager.domain.quotas import Quotas, Tallies
from filemanager.domain.rawstore.ports import StoredFiles
from filemanager.domain.repositories.ports import Repositories
from filemanager.domain.requests.idempotency import IdempotencyKeys
from filemanager.domain.sessions.ports import WebSessions
from filemanager.domain.shares.ports import Shares
from filemanager.domain.sources.ports import OwnersBlocked, SourceRows
from filemanager.domain.trees.checksums import Buckets
from filemanager.domain.trees.ports import Pins, Trees
from filemanager.domain.trees.tree import TreeChange
from filemanager.domain.upkeep.ports import Rows, Upkeep
from filemanager.domain.uploads.ports import Uploads
from filemanager.domain.workspaces.checkpoint import Checkpoint
from filemanager.domain.workspaces.invitations.ports import Invitations
from filemanager.domain.workspaces.listing import LogSize, WorkspacePage, WorkspaceQuery
from filemanager.domain.workspaces.log import LogLine
from filemanager.domain.workspaces.workspace import BegunWorkspace, Workspace

Returned = TypeVar("Returned")

Clock = Callable[[], datetime]
"""The time in UTC, cut to milliseconds."""


class Workspaces(Protocol):
    def add(self, workspace: Workspace) -> Workspace:
        """Insert a workspace and its empty tree at revision 0; ids given in *workspace* are
        ignored.
        """

    def begin(
        self, workspace: Workspace, change: TreeChange, at: datetime, buckets: Buckets
    ) -> BegunWorkspace:
        """``add`` with *change* as the first revision of its tree, whose content *buckets* name."""

    def get(self, workspace_id: WorkspaceId) -> Workspace:
        """Raises ``WorkspaceNotFound``. A deleted workspace is found."""

    def lock(self, workspace_id: WorkspaceId) -> Workspace:
        """``get``, holding off every other writer of this workspace until the transaction ends."""

    def save(self, workspace: Workspace) -> None:
        """Write everything but the id, owner, tree and creation time."""

    def page(self, query: WorkspaceQuery) -> WorkspacePage: ...


class Checkpoints(Protocol):
    def add(self, checkpoint: Checkpoint) -> Checkpoint: ...
    def of(self, tree_id: TreeId) -> Sequence[Checkpoint]:
        """Oldest first."""

    def delete(self, checkpoint: Checkpoint) -> None: ...


class Logs(Protocol):
    def append(self, lines: Iterable[LogLine]) -> None:
        """Raises ``TooManyLogLines``, where the owner that they count for wrote too many today."""

    def size(self, workspace_id: WorkspaceId | None) -> LogSize:
        """Of the rendered log: a workspace's, or the service's (None)."""

    def page(self, workspace_id: WorkspaceId | None, after: int, limit: int) -> Sequence[LogLine]:
        """Oldest first, those with ids above *after*."""

    def prune_service_log(self, before: datetime) -> int: ...


class Transaction(Protocol):
    """One transaction. A read sees one state of the database throughout."""

    @property
    def workspaces(self) -> Workspaces: ...
    @property
    def trees(self) -> Trees: ...
    @property
    def pins(self) -> Pins: ...
    @property
    def blobs(self) -> Blobs: ...
    @property
    def small_packs(self) -> SmallPacks: ...
    @property
    def checkpoints(self) -> Checkpoints: ...
    @property
    def logs(self) -> Logs: ...
    @property
    def rows(self) -> Rows: ...
    @property
    def upkeep(self) -> Upkeep: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def jobs(self) -> Jobs: ...
    @property
    def quotas(self) -> Quotas: ...
    @property
    def tallies(self) -> Tallies: ...
    @property
    def uploads(self) -> Uploads: ...
    @property
    def stored_files(self) -> StoredFiles: ...
    @property
    def drops(self) -> Drops: ...
    @property
    def repositories(self) -> Repositories: ...
    @property
    def sources(self) -> SourceRows: ...
    @property
    def blocked_owners(self) -> OwnersBlocked: ...
    @property
    def packages(self) -> DataPackages: ...
    @property
    def shares(self) -> Shares: ...
    @property
    def sessions(self) -> WebSessions: ...
    @property
    def invitations(self) -> Invitations: ...
    @property
    def idempotency_keys(self) -> IdempotencyKeys: ...

    def take_slot(self, name: str, slot: int) -> bool:
        """Claim a slot of periodic work; exactly one caller on all nodes is told True."""

    def release_slot(self, name: str, slot: int) -> None:
        """Let the slot be taken once more, by whoever looks next."""

    def slots(self) -> Mapping[str, int]:
        """The slot that was taken last, of each periodic work."""

    def progress(self, name: str) -> str | None:
        """What ``save_progress`` noted last; None: nothing yet."""

    def save_progress(self, name: str, value: str) -> None:
        """Note how far long work has come, in words of its own."""


class Database(Protocol):
    def read(self) -> AbstractContextManager[Transaction]:
        """Raises ``DatabaseUnavailable``. Nothing is ever written."""

    def glance(self) -> AbstractContextManager[Transaction]:
        """``read`` for one question of one statement: two of them may see two states."""

    def write(self, work: Callable[[Transaction], Returned]) -> Returned:
        """Run *work* in a transaction and commit it durably; an exception rolls back.

        *work* is run again where the database chose it as the victim of a deadlock, so it must
        change nothing but the transaction. Raises ``WritersWait`` where others write for too long,
        or too many wait for that.
        """

    def check(self) -> None:
        """Raise ``DatabaseUnavailable`` unless a query is answered."""

    def check_writers(self) -> None:
        """Raise ``WritersWait`` where a change of this process was refused for others lately."""
