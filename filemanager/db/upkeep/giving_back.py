"""What the pruning of a tree's history gives back to its workspace and its owner."""

from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, Connection, Table, bindparam, func, select, update

from filemanager.db.engine.statements import chunks
from filemanager.db.quotas.charges import charged
from filemanager.db.quotas.quotas import SqlQuotas
from filemanager.db.trees.tables import alterations, entries, trees
from filemanager.db.workspaces.tables import workspaces
from filemanager.domain.caller import Owner
from filemanager.domain.ids import WorkspaceId
from filemanager.domain.quotas import Allowance, Subject, owner_subject, workspace_subject

_KEEP_LESS = (
    update(trees)
    .where(trees.c.id == bindparam("tree"))
    .values(kept_bytes=trees.c.kept_bytes - bindparam("freed"))
)


KEPT_BYTES: Mapping[Table, ColumnElement[int]] = {
    entries: charged(entries.c.size_bytes),
    alterations: alterations.c.before_bytes,
}
"""What a row of each table is charged."""


def give_back(connection: Connection, table: Table, ids: Sequence[int]) -> None:
    """Charge for rows that are about to be deleted no longer.

    Trees first and by their ids, then subjects by their names, as every writer locks them.
    """
    freed = _freed(connection, table, ids)
    if not freed:
        return
    rows = [{"tree": tree_id, "freed": freed[tree_id]} for tree_id in sorted(freed)]
    connection.execute(_KEEP_LESS, rows)
    quotas = SqlQuotas(connection)
    of_subjects = _of_subjects(connection, freed)
    for subject in sorted(of_subjects):
        quotas.use([Allowance(subject, None)], -of_subjects[subject])


def _freed(connection: Connection, table: Table, ids: Sequence[int]) -> Counter[int]:
    freed: Counter[int] = Counter()
    for chunk in chunks(ids):
        statement = (
            select(table.c.tree_id, func.sum(KEPT_BYTES[table]))
            .where(table.c.id.in_(chunk))
            .group_by(table.c.tree_id)
        )
        for tree_id, size_bytes in connection.execute(statement):
            freed[tree_id] += int(size_bytes)
    return freed


def _of_subjects(connection: Connection, freed: Counter[int]) -> Counter[Subject]:
    """A tree without a workspace is counted elsewhere, or not at all."""
    found: Counter[Subject] = Counter()
    for chunk in chunks(sorted(freed)):
        statement = select(workspaces.c.id, workspaces.c.tree_id, workspaces.c.owner).where(
            workspaces.c.tree_id.in_(chunk)
        )
        for workspace_id, tree_id, owner in connection.execute(statement):
            found[owner_subject(Owner(owner))] += freed[tree_id]
            found[workspace_subject(WorkspaceId(workspace_id))] += freed[tree_id]
    return found
