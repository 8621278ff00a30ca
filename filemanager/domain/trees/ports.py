"""The ports of trees: what checks ask of one, and how one is changed and read."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from filemanager.domain.ids import Checksum, Revision, TreeId
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.checksums import Buckets, ChecksumForm
from filemanager.domain.trees.findings import Finding, Severity
from filemanager.domain.trees.history import Pin, Purpose
from filemanager.domain.trees.kinds import FileKind, SourceFormat
from filemanager.domain.trees.listing import (
    Difference,
    EntryPage,
    EntryQuery,
    FileToRead,
    PackedEntry,
)
from filemanager.domain.trees.tree import Altered, Entry, Rewrites, Tree, TreeChange


class TreeView(Protocol):
    """Narrow questions about the living entries of a tree, for checks.

    Each costs the same at any size of the tree, but ``below``.
    """

    @property
    def counts(self) -> Mapping[Area, Mapping[FileKind, int]]: ...
    @property
    def source_format(self) -> SourceFormat: ...

    def find(self, area: Area, path: str) -> Entry | None: ...

    def holds_below(self, area: Area, directory: str) -> bool:
        """Whether an entry lies in *directory* (no closing slash) or deeper."""

    def sole_source(self) -> Entry | None:
        """The one source entry; None where there are none or several."""

    def source_bounds(self) -> tuple[str, str] | None:
        """The first and the last source path in byte order; None for an empty source.

        All source entries lie below one directory exactly if both bounds do.
        """

    def below(self, area: Area, directory: str) -> Sequence[Entry]:
        """Every entry below *directory*, ``""`` for all, in listing order."""

    def findings_on(self, area: Area | None, path: str | None) -> Sequence[Finding]:
        """The living findings of one path (a directory's ends in ``/``), or workspace-level
        ones.
        """

    def findings_at(self, places: Collection[tuple[Area, str]]) -> Sequence[Finding]:
        """The living findings of many paths, with as few questions as can be."""

    def findings_of(self, code: str) -> Sequence[Finding]:
        """The living persistent findings of a code, wherever they are."""


class Trees(Protocol):
    def add(self, purpose: Purpose) -> Tree:
        """Insert an empty tree at revision 0."""

    def lock(self, tree_id: TreeId) -> Tree:
        """The tree as it is, holding off every other writer of it until the transaction ends."""

    def view(self, tree: Tree, source_format: SourceFormat = SourceFormat.INVALID) -> TreeView: ...

    def apply(self, tree: Tree, change: TreeChange, at: datetime) -> Tree:
        """Make the next revision and return the tree's new row; its checksum is unknown then.

        Of two entries put at one place the last is written. ``position`` None is the
        overwritten entry's or the next.
        """

    def restore(self, tree: Tree, revision: Revision, at: datetime) -> Tree:
        """Make the next revision equal to an older one, findings included; writes only what
        differs.
        """

    def buckets(self, tree: Tree) -> Buckets:
        """What the checksum of the tree's content is made of. The cost follows from what has
        changed since buckets were saved, the lines of its buckets, whatever the tree's size.
        """

    def save_buckets(self, tree: Tree, buckets: Buckets) -> None:
        """Remember the buckets and, unless the tree has moved on, the checksum that they make."""

    def save_checksum(self, tree: Tree, checksum: Checksum, form: ChecksumForm) -> None:
        """Remember the checksum, unless the tree has moved on."""

    def entries(self, tree_id: TreeId, revision: Revision) -> Sequence[Entry]:
        """Source, then ancillary, each in the order of their positions."""

    def find(
        self, tree_id: TreeId, area: Area, path: str, revision: Revision | None = None
    ) -> Entry:
        """Living, or alive at *revision*. Raises ``FileNotFound``."""

    def file_to_read(self, tree_id: TreeId, area: Area, path: str) -> FileToRead | None:
        """A living entry by one question, with its bytes where those lie in a small pack."""

    def page(self, tree_id: TreeId, query: EntryQuery) -> EntryPage: ...

    def packed(
        self, tree_id: TreeId, revision: Revision, after: tuple[Area, str] | None, limit: int
    ) -> Sequence[PackedEntry]:
        """Source and ancillary entries with their blobs in the order of archives: by area
        (ancillary first), then by path in byte order; those behind *after*.
        """

    def packed_whole(self, tree_id: TreeId, revision: Revision) -> Sequence[PackedEntry]:
        """All that ``packed`` finds, by one question, with the bytes of those that lie in small
        packs: for a tree whose content is small.
        """

    def findings(
        self, tree_id: TreeId, revision: Revision, *, transient: bool
    ) -> Sequence[Finding]:
        """In the drop-in's order: findings of source entries (by position), of ancillary ones, of
        removed ones, directories with their area, then workspace-level; each group as it was added.
        """

    def said_before_removal(self, tree_id: TreeId, path: str) -> Sequence[Finding]:
        """The persistent findings that ended when the file was removed that lies at *path* (a
        public one) in the removed area; they are kept as long as it lies there.
        """

    def severities(self, tree: Tree) -> frozenset[Severity]:
        """Of the living persistent findings that count for readiness; the same cost at any size."""

    def kept_bytes(self, tree_id: TreeId) -> int:
        """Added up from the entries, for ``fsck``."""

    def altered(self, tree_id: TreeId) -> Sequence[Altered]:
        """What the last upload's checks changed, and what was done since."""

    def rewrites(self, tree_id: TreeId, rewrites: Rewrites) -> Sequence[Altered]:
        """What these were, oldest first."""

    def difference(self, tree_id: TreeId, old: Revision, new: Revision) -> Sequence[Difference]:
        """Source and ancillary paths that differ between two revisions, by path."""


class Pins(Protocol):
    def add(self, pin: Pin) -> Pin:
        """Lock the tree, and keep the revision from now on. Raises ``PinExists`` where the name is
        taken, and like ``ensure_kept``.
        """

    def ensure_kept(self, tree_id: TreeId, revision: Revision) -> None:
        """Raise ``RevisionUnknown`` for what the tree has not come to yet, ``RevisionPruned`` where
        a row of the revision may be gone: a pin or a checkpoint of it has kept all.
        """

    def kept(self, tree_id: TreeId, revisions: Collection[Revision]) -> Collection[Revision]:
        """Those of *revisions*, all of which have been, that ``ensure_kept`` lets pass."""

    def of(self, tree_id: TreeId) -> Sequence[Pin]:
        """Oldest first."""

    def find(self, tree_id: TreeId, name: str) -> Pin | None: ...
    def delete(self, pin: Pin) -> None: ...
