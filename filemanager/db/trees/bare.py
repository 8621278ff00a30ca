"""Trees by themselves: of a workspace to be, of an archive taken apart, of what a door keeps."""

from dataclasses import replace

from sqlalchemy import Connection, delete, insert
from sqlalchemy.exc import NoResultFound

from filemanager.db.engine.driver import row_of
from filemanager.db.trees.rows import TreeState
from filemanager.db.trees.state import state_values
from filemanager.db.trees.tables import alterations, entries, findings, tree_buckets, trees
from filemanager.domain.ids import Revision, TreeId
from filemanager.domain.trees.history import Purpose
from filemanager.domain.trees.tree import Tree

_ADD = insert(trees).returning(trees.c.id)
EMPTY = TreeState(Tree(id=TreeId(0), revision=Revision(0)), 0, 0)
"""Before there is an id."""


def add_tree(connection: Connection, purpose: Purpose | None = None) -> Tree:
    """Insert an empty tree at revision 0."""
    return add_state(connection, EMPTY, purpose).tree


def add_state(connection: Connection, state: TreeState, purpose: Purpose | None) -> TreeState:
    """Insert a tree that is in *state* already, but for its id."""
    told = row_of(connection, _ADD, state_values(state) | {"purpose": purpose})
    if told is None:
        raise NoResultFound
    return replace(state, tree=replace(state.tree, id=TreeId(int(told[0]))))


def delete_tree(connection: Connection, tree_id: TreeId) -> None:
    """Delete a tree that nothing refers to any more, with all that was ever in it."""
    for table in (entries, findings, alterations, tree_buckets):
        connection.execute(delete(table).where(table.c.tree_id == tree_id))
    connection.execute(delete(trees).where(trees.c.id == tree_id))
