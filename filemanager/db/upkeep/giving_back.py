"""What the pruning of a tree's history gives back to its workspace and its owner."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, func, select, update

from filemanager.db.engine.statements import chunks
from filemanager.db.quotas.quotas import SqlQuotas
from filemanager.db.trees.tables import entries, trees
from filemanager.db.workspaces.tables import workspaces
from filemanager.domain.caller import Owner
from filemanager.domain.ids import WorkspaceId
from filemanager.domain.quotas import Allowance, Subject, owner_subject, workspace_subject

_KEEP_LESS = (
    update(trees)
    .where(trees.c.id == bindparam("tree"))
    .values(kept_bytes=trees.c.kept_bytes - bindparam("freed"))
)


def give_back(connection: Connection, entry_ids: Sequence[int]) -> None:
    """Count the bytes of entries that are about to be deleted no longer.

    Trees first and by their ids, then subjects by their names, as every writer locks them.
    """
    freed = _freed(connection, entry_ids)
    if not freed:
        return
    rows = [{"tree": tree_id, "freed": freed[tree_id]} for tree_id in sorted(freed)]
    connection.execute(_KEEP_LESS, rows)
    quotas = SqlQuotas(connection)
    of_subjects = _of_subjects(connection, freed)
    for subject in sorted(of_subjects):
        quotas.use([Allowance(subject, None)], -of_subjects[subject])


def _freed(connection: Connection, entry_ids: Sequence[int]) -> Counter[int]:
    freed: Counter[int] = Counter()
    for chunk in chunks(entry_ids):
        statement = (
            select(entries.c.tree_id, func.sum(entries.c.size_bytes))
            .where(entries.c.id.in_(chunk))
            .group_by(entries.c.tree_id)
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
