"""Trees by themselves: of a workspace to be, of an archive taken apart, of what a door keeps."""

from sqlalchemy import Connection, delete, insert

from filemanager.db.trees.tables import alterations, entries, findings, tree_buckets, trees
from filemanager.domain.ids import Revision, TreeId
from filemanager.domain.trees.checksums import ChecksumForm
from filemanager.domain.trees.history import Purpose
from filemanager.domain.trees.tree import Tree

_ADD = insert(trees).returning(trees.c.id)
_EMPTY = {
    "revision": 0,
    "next_position": 0,
    "next_ordinal": 0,
    "source_bytes": 0,
    "ancillary_bytes": 0,
    "content_bytes": 0,
    "kept_bytes": 0,
    "checksum_form": ChecksumForm.BUCKETS,
    "counts": "{}",
}


def add_tree(connection: Connection, purpose: Purpose | None = None) -> Tree:
    """Insert an empty tree at revision 0."""
    tree_id = int(connection.execute(_ADD, _EMPTY | {"purpose": purpose}).scalar_one())
    return Tree(id=TreeId(tree_id), revision=Revision(0))


def delete_tree(connection: Connection, tree_id: TreeId) -> None:
    """Delete a tree that nothing refers to any more, with all that was ever in it."""
    for table in (entries, findings, alterations, tree_buckets):
        connection.execute(delete(table).where(table.c.tree_id == tree_id))
    connection.execute(delete(trees).where(trees.c.id == tree_id))
