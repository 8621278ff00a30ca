"""Putting files into a workspace."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from filemanager.domain.blobs.blob import Content, Put
from filemanager.domain.caller import Caller, Scope
from filemanager.domain.errors import EmptyPayload
from filemanager.domain.ids import Digest, WorkspaceId
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.requests.preconditions import UNCONDITIONAL, Preconditions
from filemanager.domain.trees.areas import public_path
from filemanager.domain.trees.errors import AlreadyThere
from filemanager.domain.trees.ports import TreeView
from filemanager.domain.trees.tree import Altered, Entry, identified, locate
from filemanager.domain.workspaces.log import LogLine, escaped
from filemanager.domain.workspaces.workspace import Workspace
from filemanager.sanitize.codes import Code
from filemanager.sanitize.inspection import EMPTY_TREE, Inspection, Sent
from filemanager.sanitize.outcome import Outcome
from filemanager.sanitize.subtree import CheckedFolder, Subtree, placed
from filemanager.services.committing import Committer
from filemanager.services.intake import Intake, Spool
from filemanager.services.uploads.targets import Settles
from filemanager.services.workspaces.advice import readme_facts
from filemanager.services.workspaces.became import Became, digests_put, paths_after
from filemanager.services.workspaces.checkpoints import checkpoint_in
from filemanager.services.workspaces.logs import Event, signed
from filemanager.services.workspaces.revisions import save_revision
from filemanager.services.workspaces.room import Room, count_opened
from filemanager.services.workspaces.summary import Summary, save_name, summarize


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


@dataclass(slots=True)
class _Upload:
    """One upload on its way: what was asked, and what the checks said last."""

    caller: Caller
    workspace_id: WorkspaceId
    sent: tuple[Sent, ...]
    inspection: Inspection
    conditions: Conditions
    started_at: datetime
    makes_workspace: bool = False
    outcome: Outcome = field(init=False)

    def __post_init__(self) -> None:
        # Everything that bytes alone decide is done here, before the workspace is locked.
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
        """Ask the state before a byte is read: raises as ``add`` would."""
        with self._database.glance() as tx:
            tx.workspaces.get(workspace_id).ensure_writable(self._clock())

    def add(
        self,
        caller: Caller,
        workspace_id: WorkspaceId,
        sent: Sent,
        spool: Spool,
        *,
        conditions: Conditions,
    ) -> Received:
        """Check an upload and put what survives into the workspace."""
        return self.receive(caller, workspace_id, [sent], spool, conditions=conditions)

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
        started_at = self._clock()
        with self._database.glance() as tx:
            workspace = tx.workspaces.get(workspace_id)
        if not conditions.checkpoint_first:
            workspace.ensure_writable(started_at)
        inspection = self._intake.inspection(spool, sent, workspace.profile)
        upload = _Upload(caller, workspace_id, tuple(sent), inspection, conditions, started_at)
        return self._committer.commit(
            upload.contents, lambda tx, put: self._commit(tx, put, upload)
        )

    def create(self, caller: Caller, blank: Workspace, sent: Sent, spool: Spool) -> Received:
        """Make a workspace with its first upload; a refused upload leaves no workspace."""
        inspection = self._intake.inspection(spool, [sent], blank.profile)
        upload = _Upload(
            caller,
            blank.id,
            (sent,),
            inspection,
            Conditions(),
            blank.created_at,
            makes_workspace=True,
        )

        def work(tx: Transaction, put: Put) -> Received:
            # Checked against an empty tree is what it was already: nobody knows the new one yet.
            received = self._apply(tx, put, upload, tx.workspaces.add(blank))
            count_opened(tx, blank.owner, self.room)
            return received

        return self._committer.commit(upload.contents, work)

    def _commit(self, tx: Transaction, put: Put, upload: _Upload) -> Received:
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
        # A tree that nothing was ever put into is the empty one that this was checked against.
        if workspace.tree.revision:
            view = tx.trees.view(workspace.tree, workspace.source_format)
            upload.outcome = upload.inspection.against(upload.seen(view))
        if upload.dissolves and tx.invitations.guests.have_folders(workspace.id):
            # What guests handed in lies where their rows say, whoever puts something beside it.
            view = tx.trees.view(workspace.tree, workspace.source_format)
            upload.outcome = upload.inspection.against(view, keeps_directories=True)
        return self._apply(tx, put, upload, workspace)

    def _apply(self, tx: Transaction, put: Put, upload: _Upload, workspace: Workspace) -> Received:
        at, outcome = self._clock(), upload.placed(workspace)
        received = replace(
            workspace,
            tree=self._committer.apply(tx, put, workspace.tree, outcome.change, at),
            source_format=outcome.source_format,
            modified_at=at,
            started_at=upload.started_at,
            completed_at=at,
        )
        if facts := readme_facts(outcome.change.put, outcome.contents):
            tx.blobs.save_facts(facts)
        lines = _lines(upload, received)
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


def _lines(upload: _Upload, workspace: Workspace) -> Iterable[LogLine]:
    at, caller = workspace.modified_at, upload.caller
    if upload.makes_workspace:
        text = signed("Created workspace", caller)
        yield LogLine(at=workspace.created_at, code="create", workspace_id=workspace.id, text=text)
    for sent in upload.sent:
        path, size_bytes = escaped(sent.path), sent.content.size_bytes
        yield from Event(
            caller=caller,
            workspace_id=workspace.id,
            at=at,
            code="upload",
            text=signed(f"Uploaded '{path}' ({size_bytes} bytes)", caller),
            what=f"Upload '{path}'",
        ).lines()
    for code, text in upload.outcome.log:
        yield LogLine(at=at, code=code, workspace_id=workspace.id, text=text)
