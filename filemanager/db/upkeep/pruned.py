"""Trees that history is pruned of: held meanwhile, and told how far it went."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import ColumnElement, Connection, Table, bindparam, func, select, update

from filemanager.db.engine.statements import chunks
from filemanager.db.trees.tables import trees

RowIds = Mapping[Table, Sequence[int]]
"""Ids by table."""

_NOTE = (
    update(trees)
    .where(trees.c.id == bindparam("tree"), trees.c.pruned_through < bindparam("through"))
    .values(pruned_through=bindparam("through"))
)


def by_tree(
    connection: Connection, table: Table, ids: Sequence[int], value: ColumnElement[int]
) -> Iterator[tuple[int, int]]:
    """An aggregate of the rows with these ids, for each of their trees; a tree may come again."""
    for chunk in chunks(ids):
        of_trees = select(table.c.tree_id, value).where(table.c.id.in_(chunk))
        for tree_id, found in connection.execute(of_trees.group_by(table.c.tree_id)):
            yield tree_id, int(found)


def hold_trees(connection: Connection, rows: RowIds) -> None:
    """Lock the trees of rows, by their ids, as every writer does: nobody pins one meanwhile."""
    found = {
        tree_id
        for table, ids in rows.items()
        for tree_id, _ in by_tree(connection, table, ids, func.count())
    }
    for chunk in chunks(sorted(found)):
        held = select(trees.c.id).where(trees.c.id.in_(chunk)).order_by(trees.c.id)
        connection.execute(held.with_for_update(key_share=True)).all()


def note_pruned(connection: Connection, rows: RowIds) -> None:
    """Of the revisions up to the last that saw one of these rows, not all is kept any more."""
    last: dict[int, int] = defaultdict(int)
    for table, ids in rows.items():
        for tree_id, through in by_tree(connection, table, ids, func.max(table.c.until) - 1):
            last[tree_id] = max(last[tree_id], through)
    if last:
        noted = [{"tree": tree_id, "through": last[tree_id]} for tree_id in sorted(last)]
        connection.execute(_NOTE, noted)
