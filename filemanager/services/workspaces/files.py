"""Putting files into a workspace."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from filemanager.domain.blobs.blob import Content, Put
from filemanager.domain.caller import Caller, Scope
from filemanager.domain.errors import EmptyPayload
from filemanager.domain.ids import WorkspaceId
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.checksums import Buckets
from filemanager.domain.trees.findings import readiness_by, severities_of
from filemanager.domain.trees.tree import Altered, Entry, identified, locate
from filemanager.domain.workspaces.workspace import Workspace
from filemanager.sanitize.inspection import Sent
from filemanager.sanitize.outcome import Outcome
from filemanager.services.committing import Committer
from filemanager.services.intake import Intake, Spool
from filemanager.services.workspaces.advice import readme_facts
from filemanager.services.workspaces.became import Became
from filemanager.services.workspaces.checkpoints import checkpoint_in
from filemanager.services.workspaces.revisions import save_revision
from filemanager.services.workspaces.room import Room, count_opened
from filemanager.services.workspaces.summary import (
    Summary,
    names_of,
    save_name,
    summarize,
    summary_of,
)
from filemanager.services.workspaces.upload import Conditions, WorkspaceUpload


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What an upload became: its summary, or where none was wanted the ``entry`` of the file sent,
    under whatever path the checks gave it; None where they removed or unpacked it. ``made`` is what
    they did, and ``altered`` the same as the tree keeps it, worked out for who wants it.
    """

    workspace: Workspace
    summary: Summary | None
    entry: Entry | None
    made: Sequence[Altered]

    @property
    def altered(self) -> Sequence[Altered]:
        return identified(self.made, self.workspace.revision)


class FileService:
    """Uploads: every change is one revision, made whole or not at all."""

    def __init__(
        self, database: Database, committer: Committer, intake: Intake, room: Room, clock: Clock
    ) -> None:
        self._database = database
        self._committer = committer
        self._intake = intake
        self.room = room
        self._clock = clock

    def ensure_writable(self, workspace_id: WorkspaceId) -> None:
        """Ask the state before a byte is read: raises as ``receive`` would."""
        with self._database.glance() as tx:
            self.ensure_open(tx.workspaces.get(workspace_id))

    def ensure_open(self, workspace: Workspace) -> None:
        """``ensure_writable`` of one that was read just now."""
        workspace.ensure_writable(self._clock())

    def receive(
        self,
        caller: Caller,
        workspace_id: WorkspaceId,
        sent: Sequence[Sent],
        spool: Spool,
        *,
        conditions: Conditions,
    ) -> Received:
        """Put several files into the workspace in one revision, all of them or none.

        Blobs are durable before the rows that name them: a crash in between leaves an unnamed
        object for the sweeper, never a row without its bytes.
        """
        with self._database.glance() as tx:
            workspace = tx.workspaces.get(workspace_id)
        if not conditions.checkpoint_first:
            self.ensure_open(workspace)
        return self.add(caller, workspace, sent, spool, conditions=conditions)

    def add(
        self,
        caller: Caller,
        workspace: Workspace,
        sent: Sequence[Sent],
        spool: Spool,
        *,
        conditions: Conditions,
    ) -> Received:
        """``receive`` for a workspace as it was before the bytes came: all is asked again."""
        upload = WorkspaceUpload(
            caller=caller,
            workspace_id=workspace.id,
            sent=tuple(sent),
            inspect=partial(self._intake.inspection, spool, sent),
            profile=workspace.profile,
            conditions=conditions,
            started_at=self._clock(),
        )
        return self._committer.commit(
            upload.contents, lambda tx, put: self._commit(tx, put, upload)
        )

    def create(self, caller: Caller, blank: Workspace, sent: Sent, spool: Spool) -> Received:
        """Make a workspace with its first upload; a refused upload leaves no workspace."""
        upload = WorkspaceUpload(
            caller=caller,
            workspace_id=blank.id,
            sent=(sent,),
            inspect=partial(self._intake.inspection, spool, [sent]),
            profile=blank.profile,
            conditions=Conditions(),
            started_at=blank.created_at,
            makes_workspace=True,
        )
        living = (one for one in upload.outcome.change.put if one.area is not Area.REMOVED)
        buckets = Buckets.of(names_of(living))
        return self._committer.commit(
            upload.contents, lambda tx, put: self._begin(tx, put, upload, blank, buckets)
        )

    def _begin(
        self, tx: Transaction, put: Put, upload: WorkspaceUpload, blank: Workspace, buckets: Buckets
    ) -> Received:
        """Checked against an empty tree is what it was already: nobody knows the new one yet."""
        at, outcome = self._clock(), upload.outcome
        change = self._committer.kept(tx, put, outcome.change)
        judged = replace(
            blank,
            source_format=outcome.source_format,
            readiness=readiness_by(severities_of(change.findings)),
            modified_at=at,
            completed_at=at,
        )
        begun = tx.workspaces.begin(judged, change, at, buckets)
        workspace = begun.workspace
        _save_readmes(tx, outcome)
        count_opened(tx, workspace, self.room)
        tx.logs.append(upload.lines(workspace))
        return Received(
            workspace=workspace,
            summary=summary_of(workspace, begun.entries, begun.findings),
            entry=None,
            made=outcome.change.altered,
        )

    def _commit(self, tx: Transaction, put: Put, upload: WorkspaceUpload) -> Received:
        workspace = tx.workspaces.lock(upload.workspace_id)
        if upload.conditions.checkpoint_first:
            checkpoint_in(
                tx, upload.caller, workspace, at=self._clock(), limit=self.room.max_checkpoints
            )
        workspace.ensure_writable(self._clock())
        if upload.conditions.settlement is not None:
            workspace.ensure_allows(upload.caller, Scope.UPDATE)
            upload.conditions.settlement.begin(tx)
        upload.ensure_conditions(tx, workspace)
        if workspace.profile != upload.profile:
            # It was given another one while the bytes came.
            upload.judge_by(workspace.profile)
        # A tree that nothing was ever put into is the empty one that this was checked against.
        if workspace.tree.revision:
            view = tx.trees.view(workspace.tree, workspace.source_format)
            upload.outcome = upload.inspection.against(upload.seen(view))
        if upload.dissolves and tx.invitations.guests.have_folders(workspace.id):
            # What guests handed in lies where their rows say, whoever puts something beside it.
            view = tx.trees.view(workspace.tree, workspace.source_format)
            upload.outcome = upload.inspection.against(view, keeps_directories=True)
        return self._apply(tx, put, upload, workspace)

    def _apply(
        self, tx: Transaction, put: Put, upload: WorkspaceUpload, workspace: Workspace
    ) -> Received:
        at, outcome = self._clock(), upload.placed(workspace)
        received = replace(
            workspace,
            tree=self._committer.apply(tx, put, workspace.tree, outcome.change, at),
            source_format=outcome.source_format,
            modified_at=at,
            started_at=upload.started_at,
            completed_at=at,
        )
        _save_readmes(tx, outcome)
        lines = upload.lines(received)
        saved = save_revision(tx, workspace, received, lines, room=self.room)
        made = outcome.change.altered
        became = upload.became(saved, outcome)
        if upload.conditions.settlement is not None:
            upload.conditions.settlement.end(tx, became)
        if not upload.conditions.wants_summary:
            entry = _entry(tx, became)
            return Received(workspace=saved, summary=None, entry=entry, made=made)
        summary = summarize(tx, saved, transient=True)
        save_name(tx, summary)
        return Received(workspace=saved, summary=summary, entry=None, made=made)


def _save_readmes(tx: Transaction, outcome: Outcome) -> None:
    if facts := readme_facts(outcome.change.put, outcome.contents):
        tx.blobs.save_facts(facts)


def _entry(tx: Transaction, became: Became) -> Entry | None:
    (path, *_) = became.paths.values()
    workspace = became.workspace
    view = tx.trees.view(workspace.tree, workspace.source_format)
    return view.find(*locate(path)) if path else None


def ensure_not_empty(content: Content) -> Content:
    """Raise ``EmptyPayload`` for no bytes, as the drop-in door refuses them."""
    if not content.size_bytes:
        raise EmptyPayload
    return content
