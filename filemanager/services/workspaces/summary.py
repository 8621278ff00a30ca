"""The summary of a workspace: its row, its files and its findings at one revision."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from filemanager.archives.out.tar_gz import EMPTY_TAR_GZ_BYTES
from filemanager.domain.ids import Checksum, Digest, WorkspaceId
from filemanager.domain.ports import Database, Transaction
from filemanager.domain.trees.checksums import Buckets, ChecksumForm
from filemanager.domain.trees.findings import Finding, Readiness, readiness_of
from filemanager.domain.trees.tree import Entry, Tree
from filemanager.domain.workspaces.checkpoint import Checkpoint
from filemanager.domain.workspaces.errors import WorkspaceNotFound
from filemanager.domain.workspaces.workspace import Status, Workspace
from filemanager.services.remembering import remember


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Summary:
    """Findings are those to show: with the transient ones right after the upload that made them.

    ``buckets`` is None where the checksum was known. Compared by identity: one that was read once
    is the same for as long as its workspace is.
    """

    workspace: Workspace
    entries: Sequence[Entry]
    findings: Sequence[Finding]
    readiness: Readiness
    checksum: Checksum
    buckets: Buckets | None

    @property
    def content_bytes(self) -> int:
        return content_bytes(self.workspace.tree)


def content_bytes(tree: Tree) -> int:
    """The exact length of ``content.tar.gz``."""
    return EMPTY_TAR_GZ_BYTES + tree.content_bytes


def names_of(entries: Iterable[Entry]) -> Iterable[tuple[str, Digest]]:
    return ((entry.public_path, entry.digest) for entry in entries)


def summarize(tx: Transaction, workspace: Workspace, *, transient: bool) -> Summary:
    """Read a summary at the workspace's revision; one question for files, one for findings."""
    tree = workspace.tree
    return summary_of(
        workspace,
        tx.trees.entries(tree.id, tree.revision),
        tx.trees.findings(tree.id, tree.revision, transient=transient),
    )


def summary_of(
    workspace: Workspace, entries: Sequence[Entry], findings: Sequence[Finding]
) -> Summary:
    """*findings* are those to show."""
    tree = workspace.tree
    buckets = None if tree.checksum else Buckets.of(names_of(entries))
    return Summary(
        workspace=workspace,
        entries=entries,
        findings=findings,
        readiness=readiness_of(findings),
        checksum=buckets.checksum if buckets else tree.checksum or Checksum(""),
        buckets=buckets,
    )


def save_name(tx: Transaction, summary: Summary) -> None:
    """Remember what *summary* had to work out."""
    if summary.buckets is not None:
        tx.trees.save_buckets(summary.workspace.tree, summary.buckets)


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
        buckets = tx.trees.buckets(tree)
    remember(database, lambda tx: tx.trees.save_buckets(tree, buckets))
    return replace(workspace, tree=named(tree, buckets))


def named(tree: Tree, buckets: Buckets) -> Tree:
    """*tree* with the checksum that *buckets* make."""
    return replace(tree, checksum=buckets.checksum, checksum_form=ChecksumForm.BUCKETS)


def named_as(tx: Transaction, tree: Tree, other: Tree | Checkpoint) -> Tree:
    """*tree*, a new revision with the content of *other*, under the name which that has.

    So a checksum of an earlier form stays as it was told.
    """
    if other.checksum is None:
        return tree
    tx.trees.save_checksum(tree, other.checksum, other.checksum_form)
    return replace(tree, checksum=other.checksum, checksum_form=other.checksum_form)
