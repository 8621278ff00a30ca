"""Trees: the totals kept in their rows, and checkpoints, against the entries themselves."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from filemanager.archives.out.tar_gz import EMPTY_TAR_GZ_BYTES, packed_bytes
from filemanager.domain.blobs.blob import StoredBlob
from filemanager.domain.ids import Checksum, Digest
from filemanager.domain.ports import Transaction
from filemanager.domain.quotas import workspace_subject
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.checksums import Buckets, checksum_of
from filemanager.domain.trees.kinds import FileKind
from filemanager.domain.trees.listing import EntryQuery
from filemanager.domain.trees.tree import Entry, Tree
from filemanager.domain.workspaces.checkpoint import Checkpoint
from filemanager.domain.workspaces.workspace import Workspace
from filemanager.services.upkeep.watching import Problem
from filemanager.services.workspaces.summary import names_of

_BATCH = 1000


def tree_problems(tx: Transaction, workspace: Workspace) -> Iterator[Problem]:
    """Of a workspace that was read in this same transaction."""
    tree = workspace.tree
    entries = tx.trees.entries(tree.id, tree.revision)
    blobs = tx.blobs.find({entry.digest for entry in entries})
    yield from _entry_problems(workspace, entries, blobs)
    counted = _counted([*entries, *_removed(tx, workspace)])
    yield from _different(
        workspace,
        {
            "source_bytes": (tree.source_bytes, _size_of(entries, Area.SOURCE)),
            "ancillary_bytes": (tree.ancillary_bytes, _size_of(entries, Area.ANCILLARY)),
            "content_bytes": (tree.content_bytes, sum(entry.packed_bytes for entry in entries)),
            "kept_bytes": (tree.kept_bytes, tx.trees.kept_bytes(tree.id)),
            "quota": (_used_bytes(tx, workspace), tree.kept_bytes),
            "counts": ({area: dict(of) for area, of in tree.counts.items()}, counted),
            "checksum": (tree.checksum, tree.checksum and _checksum(entries, tree)),
            "buckets": (tx.trees.buckets(tree).checksum, Buckets.of(names_of(entries)).checksum),
        },
    )
    for checkpoint in tx.checkpoints.of(tree.id):
        pinned = tx.trees.entries(tree.id, checkpoint.revision)
        yield from _checkpoint_problems(workspace, checkpoint, pinned)


def _entry_problems(
    workspace: Workspace, entries: Sequence[Entry], blobs: Mapping[Digest, StoredBlob]
) -> Iterator[Problem]:
    for entry in entries:
        blob = blobs[entry.digest]
        subject = f"{workspace.id}/{entry.public_path}"
        if entry.size_bytes != blob.size_bytes:
            detail = f"{entry.size_bytes} bytes, but its blob has {blob.size_bytes}"
            yield Problem("entry_size", subject, detail)
        packed = packed_bytes(entry.public_path, blob)
        if entry.packed_bytes != packed:
            detail = f"{entry.packed_bytes} bytes in archives, but as stored it takes {packed}"
            yield Problem("entry_packed_bytes", subject, detail)


def _different(
    workspace: Workspace, totals: Mapping[str, tuple[object, object]]
) -> Iterator[Problem]:
    for name, (kept, found) in totals.items():
        if kept != found:
            detail = f"{name} is {kept}, the entries make it {found}"
            yield Problem("tree_total", str(workspace.id), detail)


def _checkpoint_problems(
    workspace: Workspace, checkpoint: Checkpoint, pinned: Sequence[Entry]
) -> Iterator[Problem]:
    subject = f"{workspace.id} checkpoint {checkpoint.id}"
    content_bytes = EMPTY_TAR_GZ_BYTES + sum(entry.packed_bytes for entry in pinned)
    if checkpoint.checksum != _checksum(pinned, checkpoint):
        yield Problem("checkpoint", subject, "its entries have another checksum")
    if checkpoint.content_bytes != content_bytes:
        detail = f"content_bytes is {checkpoint.content_bytes}, its entries make {content_bytes}"
        yield Problem("checkpoint", subject, detail)


def _checksum(entries: Sequence[Entry], named: Tree | Checkpoint) -> Checksum:
    return checksum_of(names_of(entries), named.checksum_form)


def _used_bytes(tx: Transaction, workspace: Workspace) -> int:
    return tx.quotas.usage(workspace_subject(workspace.id)).used_bytes


def _size_of(entries: Sequence[Entry], area: Area) -> int:
    return sum(entry.size_bytes for entry in entries if entry.area is area)


def _counted(entries: Sequence[Entry]) -> dict[Area, dict[FileKind, int]]:
    counts: dict[Area, Counter[FileKind]] = {}
    for entry in entries:
        counts.setdefault(entry.area, Counter())[entry.kind] += 1
    return {area: dict(kinds) for area, kinds in counts.items()}


def _removed(tx: Transaction, workspace: Workspace) -> Iterator[Entry]:
    tree = workspace.tree
    after: tuple[Area, str] | None = None
    while True:
        query = EntryQuery(revision=tree.revision, area=Area.REMOVED, after=after, limit=_BATCH)
        page = tx.trees.page(tree.id, query)
        yield from page.entries
        after = page.next_after
        if after is None:
            return
