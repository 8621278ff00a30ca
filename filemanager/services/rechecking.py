"""Running the checks again over what a workspace holds."""

from dataclasses import dataclass, replace

from filemanager.domain.blobs import Put
from filemanager.domain.caller import Caller
from filemanager.domain.errors import WorkspaceBusy
from filemanager.domain.findings import readiness_by
from filemanager.domain.ids import WorkspaceId
from filemanager.domain.log import LogLine, escaped
from filemanager.domain.ports import BlobStore, Clock, Database, Transaction
from filemanager.domain.workspace import Workspace
from filemanager.sanitize.inspection import EMPTY_TREE, Inspection, Sent
from filemanager.sanitize.outcome import Outcome
from filemanager.services.committing import Committer, digests_of, packed
from filemanager.services.intake import Intake, Spool
from filemanager.services.summary import live


@dataclass(frozen=True, slots=True)
class Rechecked:
    workspace: Workspace
    outcome: Outcome


class RecheckingService:
    """For use after a change of profile. What an owner brought back is left alone."""

    def __init__(
        self,
        database: Database,
        blobs: BlobStore,
        committer: Committer,
        intake: Intake,
        clock: Clock,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._committer = committer
        self._intake = intake
        self._clock = clock

    def check(self, caller: Caller, workspace_id: WorkspaceId, *, dry_run: bool) -> Rechecked:
        """Send every file through its profile again, in one revision; with *dry_run* only tell."""
        with self._intake.spool(None) as spool:
            workspace, inspection = self._inspection(workspace_id, spool)
            foreseen = Rechecked(workspace, inspection.against(EMPTY_TREE))
            if dry_run:
                return foreseen
            return self._committer.commit(
                lambda: foreseen.outcome.contents,
                lambda tx, put: self._commit(tx, put, caller, foreseen),
            )

    def _commit(self, tx: Transaction, put: Put, caller: Caller, foreseen: Rechecked) -> Rechecked:
        workspace = tx.workspaces.lock(foreseen.workspace.id)
        workspace.ensure_writable(self._clock())
        if workspace.revision != foreseen.workspace.revision:
            # Every file was looked at: a newer one among them would go unchecked.
            raise WorkspaceBusy
        outcome, at = foreseen.outcome, self._clock()
        stored = self._committer.keep(tx, put, digests_of(outcome.change))
        tree = tx.trees.apply(workspace.tree, packed(outcome.change, stored), at)
        checked = replace(
            workspace, tree=tree, source_format=outcome.source_format, modified_at=at,
            readiness=readiness_by(tx.trees.severities(tree)),
        )  # fmt: skip
        tx.workspaces.save(checked)
        text = f"Checked again [{escaped(caller.name)}]."
        tx.logs.append([LogLine(at=at, code="check", workspace_id=checked.id, text=text)])
        return Rechecked(checked, outcome)

    def _inspection(self, workspace_id: WorkspaceId, spool: Spool) -> tuple[Workspace, Inspection]:
        with self._database.read() as tx:
            workspace = live(tx, workspace_id)
            workspace.ensure_writable(self._clock())
            entries = tx.trees.entries(workspace.tree.id, workspace.tree.revision)
            stored = tx.blobs.find([entry.digest for entry in entries])
        sent = [
            Sent(entry.area, entry.path, self._blobs.content(stored[entry.digest]))
            for entry in entries
            if not entry.kept_by_owner
        ]
        return workspace, self._intake.inspection(spool, sent, workspace.profile)
