"""Forgetting history that nothing pins."""

from sqlalchemy import Connection, Table, delete, select

from filemanager.db.models import checkpoints, entries, findings
from filemanager.db.statements import chunks


def prune(connection: Connection, ended_before: int, limit: int) -> int:
    """Delete at most *limit* rows that ended before the time in milliseconds.

    A checkpoint names the revision its tree has just then, so no new one can pin what has ended.
    """
    pruned = _prune(connection, entries, ended_before, limit)
    return pruned + _prune(connection, findings, ended_before, limit - pruned)


def _prune(connection: Connection, table: Table, ended_before: int, limit: int) -> int:
    is_pinned = (
        select(checkpoints.c.id)
        .where(
            checkpoints.c.tree_id == table.c.tree_id,
            checkpoints.c.revision >= table.c.since,
            checkpoints.c.revision < table.c.until,
        )
        .exists()
    )
    statement = select(table.c.id).where(table.c.ended_at < ended_before, ~is_pinned).limit(limit)
    ids = connection.scalars(statement).all()
    for chunk in chunks(ids):
        connection.execute(delete(table).where(table.c.id.in_(chunk)))
    return len(ids)
