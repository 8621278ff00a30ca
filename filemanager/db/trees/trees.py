"""Trees: every question and change, each done in a module of its own."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from filemanager.db.trees import changes as tree_changes
from filemanager.db.trees import pages as tree_pages
from filemanager.db.trees import queries as tree_queries
from filemanager.db.trees import restore as tree_restore
from filemanager.db.trees.bare import add_tree
from filemanager.db.trees.buckets import keep_buckets, read_buckets
from filemanager.db.trees.held import HeldTree, HeldTrees
from filemanager.db.trees.rows import TreeState
from filemanager.db.trees.state import lock, read_state, save_checksum
from filemanager.db.trees.view import SqlTreeView
from filemanager.domain.ids import Checksum, Revision, TreeId
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.checksums import Buckets, ChecksumForm
from filemanager.domain.trees.errors import FileNotFound
from filemanager.domain.trees.findings import Finding, Severity, severities_of
from filemanager.domain.trees.history import Purpose
from filemanager.domain.trees.kinds import SourceFormat
from filemanager.domain.trees.listing import Difference, EntryPage, EntryQuery, PackedEntry
from filemanager.domain.trees.ports import TreeView
from filemanager.domain.trees.tree import Altered, Entry, Rewrites, Tree, TreeChange


class SqlTrees:
    def __init__(self, connection: Connection, held: HeldTrees) -> None:
        self._connection = connection
        self._held = held

    def add(self, purpose: Purpose) -> Tree:
        tree = add_tree(self._connection, purpose)
        self._held.hold(HeldTree(TreeState(tree, 0, 0)))
        return tree

    def lock(self, tree_id: TreeId) -> Tree:
        state = lock(self._connection, tree_id)
        self._held.hold(HeldTree(state))
        return state.tree

    def view(self, tree: Tree, source_format: SourceFormat = SourceFormat.INVALID) -> TreeView:
        return SqlTreeView(self._connection, tree, source_format, self._held.of(tree.id))

    def apply(self, tree: Tree, change: TreeChange, at: datetime) -> Tree:
        self._held.begun.update(finding.severity for finding in change.findings)
        held = self._held.of(tree.id) or HeldTree(read_state(self._connection, tree.id))
        after = tree_changes.apply(self._connection, held, change, at)
        self._held.hold(after)
        return after.state.tree

    def restore(self, tree: Tree, revision: Revision, at: datetime) -> Tree:
        self._held.forget(tree.id)
        return tree_restore.restore(self._connection, tree.id, revision, at)

    def buckets(self, tree: Tree) -> Buckets:
        return read_buckets(self._connection, tree)

    def save_buckets(self, tree: Tree, buckets: Buckets) -> None:
        save_checksum(self._connection, tree, buckets.checksum, ChecksumForm.BUCKETS)
        keep_buckets(self._connection, tree, buckets)

    def save_checksum(self, tree: Tree, checksum: Checksum, form: ChecksumForm) -> None:
        save_checksum(self._connection, tree, checksum, form)

    def entries(self, tree_id: TreeId, revision: Revision) -> Sequence[Entry]:
        return tree_queries.entries_at(self._connection, tree_id, revision)

    def find(
        self, tree_id: TreeId, area: Area, path: str, revision: Revision | None = None
    ) -> Entry:
        entry = tree_queries.find(self._connection, tree_id, area, path, revision)
        if entry is None:
            raise FileNotFound
        return entry

    def page(self, tree_id: TreeId, query: EntryQuery) -> EntryPage:
        return tree_pages.page(self._connection, tree_id, query)

    def packed(
        self, tree_id: TreeId, revision: Revision, after: tuple[Area, str] | None, limit: int
    ) -> Sequence[PackedEntry]:
        return tree_pages.packed(self._connection, tree_id, revision, after, limit)

    def findings(
        self, tree_id: TreeId, revision: Revision, *, transient: bool
    ) -> Sequence[Finding]:
        return tree_queries.findings_at(self._connection, tree_id, revision, transient=transient)

    def said_before_removal(self, tree_id: TreeId, path: str) -> Sequence[Finding]:
        return tree_queries.said_before_removal(self._connection, tree_id, path)

    def severities(self, tree: Tree) -> frozenset[Severity]:
        held = self._held.of(tree.id)
        if held is None or held.findings is None:
            return tree_queries.severities(self._connection, tree.id)
        return severities_of(held.findings)

    def kept_bytes(self, tree_id: TreeId) -> int:
        return tree_queries.kept_bytes(self._connection, tree_id)

    def altered(self, tree_id: TreeId) -> Sequence[Altered]:
        return tree_queries.altered(self._connection, tree_id)

    def rewrites(self, tree_id: TreeId, rewrites: Rewrites) -> Sequence[Altered]:
        return tree_queries.rewrites_of(self._connection, tree_id, rewrites)

    def difference(self, tree_id: TreeId, old: Revision, new: Revision) -> Sequence[Difference]:
        return tree_queries.difference(self._connection, tree_id, old, new)
