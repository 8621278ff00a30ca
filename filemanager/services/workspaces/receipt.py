"""Receipts of workspaces that are closed to changes: what is kept, to be kept and printed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from filemanager.domain.ids import WorkspaceId
from filemanager.domain.packages.errors import NoStatements
from filemanager.domain.packages.statements import StatementSigner, envelope, statement
from filemanager.domain.ports import Clock, Database
from filemanager.domain.trees.tree import Entry
from filemanager.domain.workspaces.errors import WorkspaceOpen
from filemanager.domain.workspaces.workspace import Status, Workspace
from filemanager.services.workspaces.invitations.receipts import RECEIPT_TYPE
from filemanager.services.workspaces.summary import live, with_checksum


@dataclass(frozen=True, slots=True)
class WorkspaceReceipt:
    """``workspace`` has the checksum of its content; ``entries`` are without what was removed."""

    workspace: Workspace
    entries: Sequence[Entry]


@dataclass(frozen=True, slots=True)
class WorkspaceReceipts:
    """Of locked and of released ones. *signer* None: nothing is signed."""

    database: Database
    signer: StatementSigner | None
    clock: Clock

    def get(self, workspace_id: WorkspaceId) -> WorkspaceReceipt:
        """Raises ``WorkspaceNotFound``, and ``WorkspaceOpen`` where files may still change."""
        with self.database.read() as tx:
            workspace = live(tx, workspace_id)
            if workspace.status is Status.ACTIVE and not workspace.is_locked(self.clock()):
                raise WorkspaceOpen
            found = tx.trees.entries(workspace.tree.id, workspace.revision)
        entries = sorted(found, key=lambda entry: entry.public_path)
        return WorkspaceReceipt(with_checksum(self.database, workspace), entries)

    def signed(self, workspace_id: WorkspaceId) -> Mapping[str, object]:
        """The same as long as nothing is changed. Raises ``NoStatements`` too."""
        if self.signer is None:
            raise NoStatements
        return envelope(_payload(self.get(workspace_id)), self.signer)


def _payload(receipt: WorkspaceReceipt) -> bytes:
    workspace, lock = receipt.workspace, receipt.workspace.lock
    predicate = {
        "workspace": {"id": workspace.id, "name": workspace.name, "owner": workspace.owner},
        "revision": workspace.revision,
        "checksum": workspace.tree.checksum,
        "status": workspace.status.value,
        "lock": lock and {"by": lock.by, "reason": lock.reason},
        "changedAt": _time(workspace.modified_at),
        "files": [_file(one) for one in receipt.entries],
    }
    subjects = [
        {"name": one.public_path, "digest": {"sha256": one.digest}} for one in receipt.entries
    ]
    return statement(subjects, RECEIPT_TYPE, predicate)


def _file(entry: Entry) -> dict[str, object]:
    return {
        "name": entry.public_path,
        "bytes": entry.size_bytes,
        "sha256": entry.digest,
        "receivedAt": _time(entry.modified_at),
    }


def _time(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")
