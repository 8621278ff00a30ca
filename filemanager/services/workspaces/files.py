"""Putting files into a workspace."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from filemanager.domain.blobs.blob import Content, Put
from filemanager.domain.caller import Caller, Scope
from filemanager.domain.errors import EmptyPayload
from filemanager.domain.ids import Digest, WorkspaceId
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.trees.areas import public_path
from filemanager.domain.trees.findings import Readiness, readiness_by, readiness_of
from filemanager.domain.trees.tree import Altered, Entry, Tree, locate
from filemanager.domain.workspaces.errors import AlreadyThere, WorkspaceChanged
from filemanager.domain.workspaces.log import LogLine, escaped
from filemanager.domain.workspaces.workspace import Workspace
from filemanager.sanitize.inspection import EMPTY_TREE, Inspection, Sent
from filemanager.sanitize.outcome import Outcome
from filemanager.services.committing import Committer, digests_of, packed
from filemanager.services.intake import Intake, Spool
from filemanager.services.workspaces.checkpoints import checkpoint_in
from filemanager.services.workspaces.logs import service_line
from filemanager.services.workspaces.room import Room, ensure_room
from filemanager.services.workspaces.summary import Summary, summarize


class Settlement(Protocol):
    """What is written with the rows of files that came as uploads, in their transaction."""

    def begin(self, tx: Transaction) -> None:
        """Called with the workspace locked; what was reserved is given back before it is used."""

    def end(self, tx: Transaction, workspace: Workspace, became: Mapping[str, str | None]) -> None:
        """*became* are the public paths sent, each with the one it has now; None: it has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What is asked of an upload besides the bytes.

    ``if_match`` are the revisions or digests that the addressed thing may have; ``is_new`` asks
    that nothing is at the path yet (``If-None-Match: *``); both are for one file alone.
    ``wants_summary`` False spares the listing. With a ``settlement`` the rights of the caller are
    looked at again under the lock, since they were given when the uploads began.
    """

    if_match: frozenset[str] | None = None
    is_new: bool = False
    checkpoint_first: bool = False
    wants_summary: bool = True
    settlement: Settlement | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What an upload became: its summary, or where none was wanted the ``entry`` of the file sent,
    under whatever path the checks gave it; None where they removed or unpacked it.
    """

    workspace: Workspace
    summary: Summary | None
    entry: Entry | None
    altered: Sequence[Altered]


@dataclass(slots=True)
class _Upload:
    """One upload on its way: what was asked, and what the checks said last."""

    caller: Caller
    workspace_id: WorkspaceId
    sent: tuple[Sent, ...]
    inspection: Inspection
    terms: Terms
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

    def ensure_terms(self, tx: Transaction, workspace: Workspace) -> None:
        """Raise where ``If-Match`` or ``If-None-Match: *`` does not hold for the path."""
        if self.terms.if_match is None and not self.terms.is_new:
            return
        (sent,) = self.sent
        there = tx.trees.view(workspace.tree, workspace.source_format).find(sent.area, sent.path)
        if self.terms.is_new and there:
            raise AlreadyThere(there.public_path)
        if self.terms.if_match is not None and not matches(self.terms.if_match, there):
            raise WorkspaceChanged


def matches(if_match: frozenset[str], entry: Entry | None) -> bool:
    """Whether an ``If-Match`` of digests (or ``*``) allows what is there now."""
    return entry is not None and ("*" in if_match or entry.digest in if_match)


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
        with self._database.read() as tx:
            tx.workspaces.get(workspace_id).ensure_writable(self._clock())

    def add(
        self, caller: Caller, workspace_id: WorkspaceId, sent: Sent, spool: Spool, *, terms: Terms
    ) -> Received:
        """Check an upload and put what survives into the workspace."""
        return self.receive(caller, workspace_id, [sent], spool, terms=terms)

    def receive(
        self,
        caller: Caller,
        workspace_id: WorkspaceId,
        sent: Sequence[Sent],
        spool: Spool,
        *,
        terms: Terms,
    ) -> Received:
        """Put several files into the workspace in one revision, all of them or none.

        Blobs are durable before the rows that name them: a crash in between leaves an unnamed
        object for the sweeper, never a row without its bytes.
        """
        started_at = self._clock()
        with self._database.read() as tx:
            workspace = tx.workspaces.get(workspace_id)
        if not terms.checkpoint_first:
            workspace.ensure_writable(started_at)
        inspection = self._intake.inspection(spool, sent, workspace.profile)
        upload = _Upload(caller, workspace_id, tuple(sent), inspection, terms, started_at)
        return self._committer.commit(
            upload.contents, lambda tx, put: self._commit(tx, put, upload)
        )

    def create(self, caller: Caller, blank: Workspace, sent: Sent, spool: Spool) -> Received:
        """Make a workspace with its first upload; a refused upload leaves no workspace."""
        inspection = self._intake.inspection(spool, [sent], blank.profile)
        upload = _Upload(
            caller, blank.id, (sent,), inspection, Terms(), blank.created_at, makes_workspace=True
        )

        def work(tx: Transaction, put: Put) -> Received:
            # Checked against an empty tree is what it was already: nobody knows the new one yet.
            return self._apply(tx, put, upload, tx.workspaces.add(blank))

        return self._committer.commit(upload.contents, work)

    def _commit(self, tx: Transaction, put: Put, upload: _Upload) -> Received:
        workspace = tx.workspaces.lock(upload.workspace_id)
        if upload.terms.checkpoint_first:
            checkpoint_in(
                tx, upload.caller, workspace, at=self._clock(), limit=self.room.max_checkpoints
            )
        workspace.ensure_writable(self._clock())
        if upload.terms.settlement is not None:
            workspace.ensure_allows(upload.caller, Scope.UPDATE)
            upload.terms.settlement.begin(tx)
        upload.ensure_terms(tx, workspace)
        # A tree that nothing was ever put into is the empty one that this was checked against.
        if workspace.tree.revision:
            upload.outcome = upload.inspection.against(
                tx.trees.view(workspace.tree, workspace.source_format)
            )
        return self._apply(tx, put, upload, workspace)

    def _apply(self, tx: Transaction, put: Put, upload: _Upload, workspace: Workspace) -> Received:
        change = upload.outcome.change
        stored = self._committer.keep(tx, put, digests_of(change))
        tree = tx.trees.apply(workspace.tree, packed(change, stored), self._clock())
        ensure_room(tx, workspace, tree, self.room)
        workspace = replace(
            workspace,
            tree=tree,
            source_format=upload.outcome.source_format,
            modified_at=self._clock(),
            started_at=upload.started_at,
            completed_at=self._clock(),
        )
        listed = summarize(tx, workspace, transient=True) if upload.terms.wants_summary else None
        workspace = replace(workspace, readiness=_readiness(tx, tree, listed))
        tx.workspaces.save(workspace)
        tx.logs.append(_lines(upload, workspace))
        altered = upload.outcome.change.altered
        became = {path: _path_after(path, altered) for path in upload.paths()}
        if upload.terms.settlement is not None:
            upload.terms.settlement.end(tx, workspace, became)
        if listed is None:
            (path, *_) = became.values()
            entry = (
                tx.trees.view(workspace.tree, workspace.source_format).find(*locate(path))
                if path
                else None
            )
            return Received(workspace=workspace, summary=None, entry=entry, altered=altered)
        tx.trees.save_checksum(tree, listed.checksum)
        summary = replace(listed, workspace=workspace)
        return Received(workspace=workspace, summary=summary, entry=None, altered=altered)


def _readiness(tx: Transaction, tree: Tree, listed: Summary | None) -> Readiness:
    """By the persistent findings; what was *listed* has them all."""
    if listed is None:
        return readiness_by(tx.trees.severities(tree))
    return readiness_of(finding for finding in listed.findings if finding.persistent)


def _path_after(path: str, altered: Sequence[Altered]) -> str | None:
    """Where the file at the public *path* went, by the alterations in their order."""
    for one in altered:
        if one.before == path:
            if one.after is None:
                return None
            path = one.after
    return path


def ensure_not_empty(content: Content) -> Content:
    """Raise ``EmptyPayload`` for no bytes, as the drop-in door refuses them."""
    if not content.size_bytes:
        raise EmptyPayload
    return content


def _lines(upload: _Upload, workspace: Workspace) -> Iterable[LogLine]:
    at, who = workspace.modified_at, escaped(upload.caller.name)
    for sent in upload.sent:
        text = f"Upload '{escaped(sent.path)}'"
        yield service_line(at, upload.caller, workspace.id, "upload", text)
    if upload.makes_workspace:
        text = f"Created workspace [{who}]."
        yield LogLine(at=workspace.created_at, code="create", workspace_id=workspace.id, text=text)
    for sent in upload.sent:
        text = f"Uploaded '{escaped(sent.path)}' ({sent.content.size_bytes} bytes) [{who}]."
        yield LogLine(at=at, code="upload", workspace_id=workspace.id, text=text)
    for code, text in upload.outcome.log:
        yield LogLine(at=at, code=code, workspace_id=workspace.id, text=text)
