"""What the pruning of a tree's history gives back to those whom it is counted for."""

from collections import Counter
from collections.abc import Mapping

from sqlalchemy import ColumnElement, Connection, Table, bindparam, func, update

from filemanager.db.engine.statements import chunks
from filemanager.db.packages.kept import CHARGED_TEXT
from filemanager.db.packages.tables import package_items
from filemanager.db.quotas.charges import charged
from filemanager.db.quotas.quotas import SqlQuotas
from filemanager.db.schema import HOLDERS
from filemanager.db.trees.tables import alterations, entries, trees
from filemanager.db.upkeep.pruned import RowIds, by_tree
from filemanager.domain.quotas import Allowance, Subject

_KEEP_LESS = (
    update(trees)
    .where(trees.c.id == bindparam("tree"))
    .values(kept_bytes=trees.c.kept_bytes - bindparam("freed"))
)


KEPT_BYTES: Mapping[Table, ColumnElement[int]] = {
    entries: charged(entries.c.size_bytes),
    alterations: alterations.c.before_bytes,
    package_items: CHARGED_TEXT,
}
"""What a row of each table is charged."""


def give_back(connection: Connection, rows: RowIds) -> None:
    """Charge for rows that are about to be deleted no longer.

    The caller holds their trees; subjects follow by their names, as every writer locks them.
    """
    freed = _freed(connection, rows)
    if not freed:
        return
    kept_less = [{"tree": tree_id, "freed": freed[tree_id]} for tree_id in sorted(freed)]
    connection.execute(_KEEP_LESS, kept_less)
    quotas = SqlQuotas(connection)
    of_subjects = _of_subjects(connection, freed)
    for subject in sorted(of_subjects):
        quotas.use([Allowance(subject, None)], -of_subjects[subject])


def _freed(connection: Connection, rows: RowIds) -> Counter[int]:
    freed: Counter[int] = Counter()
    for table, ids in rows.items():
        charge = func.sum(KEPT_BYTES[table])
        for tree_id, size_bytes in by_tree(connection, table, ids, charge):
            freed[tree_id] += size_bytes
    return freed


def _of_subjects(connection: Connection, freed: Counter[int]) -> Counter[Subject]:
    """A tree that nobody holds is counted elsewhere, or not at all."""
    found: Counter[Subject] = Counter()
    for chunk in chunks(sorted(freed)):
        for holder in HOLDERS:
            held = holder.where(holder.selected_columns.tree_id.in_(chunk))
            for tree_id, subject in connection.execute(held):
                found[Subject(subject)] += freed[tree_id]
    return found
