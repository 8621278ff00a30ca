"""The summary of a workspace: its row, its files and its findings at one revision."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from filemanager.archives.out.tar_gz import EMPTY_TAR_GZ_BYTES
from filemanager.domain.ids import Checksum, Digest, WorkspaceId, checksum_from
from filemanager.domain.ports import Database, Transaction
from filemanager.domain.trees.findings import Finding, Readiness, readiness_of
from filemanager.domain.trees.tree import Entry, Tree
from filemanager.domain.workspaces.errors import WorkspaceNotFound
from filemanager.domain.workspaces.workspace import Status, Workspace
from filemanager.services.remembering import remember


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Summary:
    """Findings are those to show: with the transient ones right after the upload that made them.

    Compared by identity: one that was read once is the same for as long as its workspace is.
    """

    workspace: Workspace
    entries: Sequence[Entry]
    findings: Sequence[Finding]
    readiness: Readiness
    checksum: Checksum

    @property
    def content_bytes(self) -> int:
        return content_bytes(self.workspace.tree)


def content_bytes(tree: Tree) -> int:
    """The exact length of ``content.tar.gz``."""
    return EMPTY_TAR_GZ_BYTES + tree.content_bytes


def checksum_of(names: Iterable[tuple[str, Digest]]) -> Checksum:
    """Name the content: MD5 over ``<sha256>  <public path>`` lines in byte order of the paths.

    Equal content has an equal checksum on every node and at every time (decision 0003).
    """
    lines = sorted((path.encode(), digest.encode()) for path, digest in names)
    listing = b"".join(b"%b  %b\n" % (digest, path) for path, digest in lines)
    return checksum_from(hashlib.md5(listing, usedforsecurity=False).digest())


def names_of(entries: Iterable[Entry]) -> Iterable[tuple[str, Digest]]:
    return ((entry.public_path, entry.digest) for entry in entries)


def summarize(tx: Transaction, workspace: Workspace, *, transient: bool) -> Summary:
    """Read a summary at the workspace's revision; one question for files, one for findings."""
    tree = workspace.tree
    entries = tx.trees.entries(tree.id, tree.revision)
    findings = tx.trees.findings(tree.id, tree.revision, transient=transient)
    return Summary(
        workspace=workspace,
        entries=entries,
        findings=findings,
        readiness=readiness_of(findings),
        checksum=tree.checksum or checksum_of(names_of(entries)),
    )


def live(tx: Transaction, workspace_id: WorkspaceId) -> Workspace:
    """Raise ``WorkspaceNotFound`` for a deleted workspace too."""
    workspace = tx.workspaces.get(workspace_id)
    if workspace.status is Status.DELETED:
        raise WorkspaceNotFound
    return workspace


def with_checksum(database: Database, workspace: Workspace) -> Workspace:
    """The workspace with its checksum known, computed and remembered at the first need."""
    tree = workspace.tree
    if tree.checksum is not None:
        return workspace
    with database.read() as tx:
        checksum = checksum_of(tx.trees.names(tree.id, tree.revision))
    remember(database, lambda tx: tx.trees.save_checksum(tree, checksum))
    return replace(workspace, tree=replace(tree, checksum=checksum))
