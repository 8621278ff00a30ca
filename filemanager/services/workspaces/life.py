"""The life of a workspace: made, read, locked, released, deleted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from filemanager.domain.caller import Caller, Owner
from filemanager.domain.ids import Revision, TreeId, WorkspaceId
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.requests.preconditions import UNCONDITIONAL, Preconditions
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.tree import Tree, TreeChange
from filemanager.domain.workspaces.errors import WorkspaceDeleted, WorkspaceNotFound
from filemanager.domain.workspaces.listing import WorkspacePage, WorkspaceQuery
from filemanager.domain.workspaces.workspace import Lock, Status, Workspace
from filemanager.sanitize.registry import PROFILES, profile_named
from filemanager.services.workspaces.logs import Event, signed
from filemanager.services.workspaces.revisions import save_revision
from filemanager.services.workspaces.room import Room, count_closed, count_opened
from filemanager.services.workspaces.summaries import Summaries
from filemanager.services.workspaces.summary import Summary, live, named_as, with_checksum

_OWNERS_REMEMBERED = 100_000

_Change = Callable[[Workspace], Workspace]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What v2 may say of a workspace; None: leave it as it is."""

    name: str | None = None
    profile: str | None = None
    metadata: Mapping[str, object] | None = None


class WorkspaceService:
    def __init__(self, database: Database, room: Room, clock: Clock) -> None:
        self._database = database
        self._room = room
        self._clock = clock
        self._owners: dict[WorkspaceId, Owner] = {}
        self._summaries = Summaries(database)

    def owner_of(self, workspace_id: WorkspaceId) -> Owner:
        """The owner for the guards; an owner never changes, so it is asked once for each process.

        Raises ``WorkspaceNotFound``; a deleted workspace has an owner still.
        """
        owner = self._owners.get(workspace_id)
        if owner is None:
            with self._database.glance() as tx:
                owner = tx.workspaces.get(workspace_id).owner
            if len(self._owners) >= _OWNERS_REMEMBERED:
                self._owners.clear()
            self._owners[workspace_id] = owner
        return owner

    def blank(self, caller: Caller, wishes: Wishes = Wishes()) -> Workspace:  # frozen
        """An empty workspace of *caller*, not yet stored. Raises ``ProfileUnknown``."""
        at = self._clock()
        profile = profile_named(wishes.profile or next(iter(PROFILES)))
        return Workspace(
            id=WorkspaceId(0),
            owner=caller.owner,
            tree=Tree(id=TreeId(0), revision=Revision(0)),
            profile=profile.name,
            name=wishes.name,
            metadata=wishes.metadata or {},
            created_at=at,
            modified_at=at,
            started_at=at,
            completed_at=at,
        )

    def create(self, caller: Caller, wishes: Wishes) -> Workspace:
        """Make an empty workspace."""
        return self._database.write(lambda tx: self.opened(tx, caller, wishes))

    def opened(self, tx: Transaction, caller: Caller, wishes: Wishes) -> Workspace:
        """``create``, as a part of what else happens."""
        workspace = tx.workspaces.add(self.blank(caller, wishes))
        count_opened(tx, workspace, self._room)
        tx.logs.append(_event(caller, workspace, "create", "Created workspace").lines())
        return workspace

    def get(self, workspace_id: WorkspaceId) -> Workspace:
        """Raises ``WorkspaceNotFound`` for a deleted one too."""
        with self._database.glance() as tx:
            return live(tx, workspace_id)

    def named(self, workspace: Workspace) -> Workspace:
        """*workspace* with the checksum of its content."""
        return with_checksum(self._database, workspace)

    def is_locked(self, workspace: Workspace) -> bool:
        return workspace.is_locked(self._clock())

    def summary(self, workspace_id: WorkspaceId) -> Summary:
        """What the drop-in GET shows: without transient findings."""
        return self._summaries.of(workspace_id)

    def page(self, query: WorkspaceQuery) -> WorkspacePage:
        with self._database.glance() as tx:
            return tx.workspaces.page(query)

    def lock(
        self,
        caller: Caller,
        workspace_id: WorkspaceId,
        reason: str | None = None,
        expires_at: datetime | None = None,
        preconditions: Preconditions = UNCONDITIONAL,
    ) -> Workspace:
        """Lock a workspace; one that is locked already stays so, by whom it was."""

        def change(workspace: Workspace) -> Workspace:
            preconditions.ensure(workspace.state)
            if workspace.is_locked(self._clock()):
                return workspace
            lock = Lock(by=caller.name, reason=reason, expires_at=expires_at)
            return replace(workspace, lock=lock)

        return self._change(caller, workspace_id, change, code="lock")

    def unlock(
        self,
        caller: Caller,
        workspace_id: WorkspaceId,
        preconditions: Preconditions = UNCONDITIONAL,
    ) -> Workspace:
        def change(workspace: Workspace) -> Workspace:
            preconditions.ensure(workspace.state)
            return replace(workspace, lock=None)

        return self._change(caller, workspace_id, change, code="unlock")

    def release(
        self,
        caller: Caller,
        workspace_id: WorkspaceId,
        preconditions: Preconditions = UNCONDITIONAL,
    ) -> Workspace:
        """Raises ``WorkspaceDeleted``; released already is no error. A lock does not matter."""
        return self._change(
            caller, workspace_id, _turn(Status.RELEASED, preconditions), code="release"
        )

    def unrelease(
        self,
        caller: Caller,
        workspace_id: WorkspaceId,
        preconditions: Preconditions = UNCONDITIONAL,
    ) -> Workspace:
        """Raises ``WorkspaceDeleted``; active already is no error."""
        return self._change(
            caller, workspace_id, _turn(Status.ACTIVE, preconditions), code="unrelease"
        )

    def describe(
        self,
        caller: Caller,
        workspace_id: WorkspaceId,
        wishes: Wishes,
        preconditions: Preconditions,
    ) -> Workspace:
        """Change name and metadata; the profile is changed where everything is checked again."""

        def change(workspace: Workspace) -> Workspace:
            if workspace.status is Status.DELETED:
                raise WorkspaceNotFound
            preconditions.ensure(workspace.state)
            return described(workspace, wishes)

        return self._change(caller, workspace_id, change, code="describe")

    def delete(
        self,
        caller: Caller,
        workspace_id: WorkspaceId,
        preconditions: Preconditions = UNCONDITIONAL,
    ) -> None:
        """Delete a workspace for good, locked or not; its log stays readable."""

        def work(tx: Transaction) -> None:
            workspace = tx.workspaces.lock(workspace_id)
            if workspace.status is Status.DELETED:
                raise WorkspaceNotFound
            preconditions.ensure(workspace.state)
            at = self._clock()
            for checkpoint in tx.checkpoints.of(workspace.tree.id):
                tx.checkpoints.delete(checkpoint)
            tree = tx.trees.apply(workspace.tree, _everything_ends(tx, workspace), at)
            deleted = replace(
                workspace, tree=tree, status=Status.DELETED, lock=None, modified_at=at
            )
            event = _event(caller, deleted, "delete", f"Delete workspace '{workspace_id}'")
            count_closed(tx, workspace.owner)
            save_revision(tx, workspace, deleted, event.lines())

        self._database.write(work)

    def _change(
        self, caller: Caller, workspace_id: WorkspaceId, change: _Change, *, code: str
    ) -> Workspace:
        """Apply *change* under the lock; nothing is written where it changes nothing."""

        def work(tx: Transaction) -> Workspace:
            before = tx.workspaces.lock(workspace_id)
            after = change(before)
            if after == before:
                return before
            at = self._clock()
            tree = tx.trees.apply(before.tree, TreeChange(), at)
            # No file changed, so neither did the name of the content.
            tree = named_as(tx, tree, before.tree)
            after = replace(after, tree=tree, modified_at=at)
            event = _event(caller, after, code, f"{code.capitalize()} workspace")
            return save_revision(tx, before, after, event.lines())

        return self._database.write(work)


def _turn(status: Status, preconditions: Preconditions) -> _Change:
    def change(workspace: Workspace) -> Workspace:
        if workspace.status is Status.DELETED:
            raise WorkspaceDeleted
        preconditions.ensure(workspace.state)
        return replace(workspace, status=status)

    return change


def described(workspace: Workspace, wishes: Wishes) -> Workspace:
    """*workspace* with the name and the metadata that *wishes* give."""
    return replace(
        workspace,
        name=workspace.name if wishes.name is None else wishes.name,
        metadata=workspace.metadata if wishes.metadata is None else wishes.metadata,
    )


def _everything_ends(tx: Transaction, workspace: Workspace) -> TreeChange:
    general = tx.trees.view(workspace.tree, workspace.source_format).findings_on(None, None)
    return TreeChange(
        end_areas=(Area.SOURCE, Area.ANCILLARY, Area.REMOVED),
        clear_codes=tuple({finding.code for finding in general}),
        # What the last upload altered goes too, else it would hold the removed files' blobs.
        is_upload=True,
    )


def _event(caller: Caller, workspace: Workspace, code: str, text: str) -> Event:
    return Event(
        caller=caller,
        workspace_id=workspace.id,
        at=workspace.modified_at,
        code=code,
        text=signed(text, caller),
        what=f"{code.capitalize()} workspace",
    )
