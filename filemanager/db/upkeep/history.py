"""Forgetting history that nothing pins."""

from collections.abc import Callable, Mapping

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    and_,
    delete,
    exists,
    func,
    not_,
    or_,
    select,
    true,
)

from filemanager.db.engine.statements import chunks
from filemanager.db.trees.tables import alterations, entries, findings
from filemanager.db.upkeep.giving_back import KEPT_BYTES, give_back
from filemanager.db.workspaces.tables import checkpoints, workspaces
from filemanager.domain.workspaces.workspace import Status


def prune(connection: Connection, ended_before: int, limit: int) -> int:
    """Delete at most *limit* rows that ended before the time in milliseconds.

    A checkpoint names the revision its tree has just then, so no new one can pin what has ended.
    """
    pruned = 0
    for table, is_prunable in _PRUNABLE.items():
        found = select(table.c.id).where(is_prunable(table, ended_before)).limit(limit - pruned)
        ids = connection.scalars(found).all()
        if table in KEPT_BYTES:
            give_back(connection, table, ids)
        for chunk in chunks(ids):
            connection.execute(delete(table).where(table.c.id.in_(chunk)))
        pruned += len(ids)
    return pruned


def prunable(connection: Connection, ended_before: int) -> int:
    """How many rows ``prune`` would delete without a limit."""
    total = 0
    for table, is_prunable in _PRUNABLE.items():
        counted = select(func.count()).select_from(table).where(is_prunable(table, ended_before))
        total += connection.scalar(counted) or 0
    return total


def is_kept(table: Table, ended_before: int) -> ColumnElement[bool]:
    """What ``prune`` leaves of *table*; everything, where the table has no history."""
    return not_(_PRUNABLE[table](table, ended_before)) if table in _PRUNABLE else true()


def _is_unpinned(table: Table, ended_before: int) -> ColumnElement[bool]:
    is_pinned = exists().where(
        checkpoints.c.tree_id == table.c.tree_id,
        checkpoints.c.revision >= table.c.since,
        checkpoints.c.revision < table.c.until,
    )
    # Asked for by name, since an unknown answer could not be negated.
    has_ended = table.c.ended_at.is_not(None)
    return and_(has_ended, table.c.ended_at < ended_before, ~is_pinned)


def _is_forgotten(table: Table, ended_before: int) -> ColumnElement[bool]:
    """The alterations of the last upload live as long as their workspace, rewrites as long as the
    files whose bytes they made.
    """
    is_of_a_deleted_workspace = exists().where(
        workspaces.c.tree_id == table.c.tree_id,
        workspaces.c.status == Status.DELETED.value,
        workspaces.c.modified_at < ended_before,
    )
    has_a_file = exists().where(
        entries.c.tree_id == table.c.tree_id,
        entries.c.rewritten_in == table.c.revision,
        entries.c.rewritten_as == table.c.file,
        is_kept(entries, ended_before),
    )
    return or_(is_of_a_deleted_workspace, and_(table.c.is_past == true(), ~has_a_file))


_PRUNABLE: Mapping[Table, Callable[[Table, int], ColumnElement[bool]]] = {
    entries: _is_unpinned,
    findings: _is_unpinned,
    alterations: _is_forgotten,
}
