"""The row of a tree, read before a revision is made and written after it."""

from typing import Any

from sqlalchemy import Connection, Select, bindparam, select, update
from sqlalchemy.exc import NoResultFound

from filemanager.db.engine.driver import change, change_later, row_of
from filemanager.db.trees.rows import STATE_COLUMNS, TreeState, counts_text, state_of
from filemanager.db.trees.tables import trees
from filemanager.db.trees.totals import Totals
from filemanager.domain.ids import Checksum, Revision, TreeId
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.checksums import ChecksumForm
from filemanager.domain.trees.tree import Tree

_READ = select(*STATE_COLUMNS).where(trees.c.id == bindparam("tree"))
# PostgreSQL: the keys do not change, so that rows which refer to them are not held up.
_LOCK = _READ.with_for_update(key_share=True)
_WRITE = update(trees).where(trees.c.id == bindparam("tree"))
_WRITE_UNMOVED = _WRITE.where(trees.c.revision == bindparam("unmoved"))


def lock(connection: Connection, tree_id: TreeId) -> TreeState:
    return _one(connection, _LOCK, tree_id)


def read_state(connection: Connection, tree_id: TreeId) -> TreeState:
    return _one(connection, _READ, tree_id)


def _one(connection: Connection, statement: Select[Any], tree_id: TreeId) -> TreeState:
    row = row_of(connection, statement, {"tree": tree_id})
    if row is None:
        raise NoResultFound
    return state_of(row)


def write_state(connection: Connection, state: TreeState) -> None:
    """Write the row of a new revision."""
    change_later(connection, _WRITE, [{"tree": state.tree.id} | state_values(state)])


def revised(before: Tree, revision: Revision, totals: Totals) -> Tree:
    """The row of the next revision; the name of its content is not known yet."""
    return Tree(
        id=before.id,
        revision=revision,
        source_bytes=totals.sizes[Area.SOURCE],
        ancillary_bytes=totals.sizes[Area.ANCILLARY],
        content_bytes=totals.content_bytes,
        kept_bytes=totals.kept_bytes,
        counts=totals.living_counts(),
    )


def state_values(state: TreeState) -> dict[str, object]:
    """The columns that every revision writes."""
    tree = state.tree
    return {
        "revision": tree.revision,
        "source_bytes": tree.source_bytes,
        "ancillary_bytes": tree.ancillary_bytes,
        "content_bytes": tree.content_bytes,
        "kept_bytes": tree.kept_bytes,
        "checksum": tree.checksum,
        "checksum_form": int(tree.checksum_form),
        "counts": counts_text(tree.counts),
        "next_position": state.next_position,
        "next_ordinal": state.next_ordinal,
    }


def save_checksum(
    connection: Connection, tree: Tree, checksum: Checksum, form: ChecksumForm
) -> None:
    values = {"tree": tree.id, "unmoved": tree.revision, "checksum": checksum}
    change(connection, _WRITE_UNMOVED, values | {"checksum_form": int(form)})
