"""Forgetting history that nothing pins."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache

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

from filemanager.db.engine.columns import UNTIL_FOREVER, milliseconds
from filemanager.db.engine.statements import chunks
from filemanager.db.schema import LIVES, PINNING, PURGED
from filemanager.db.trees.tables import alterations, entries, findings
from filemanager.db.upkeep.ages import has_ended
from filemanager.db.upkeep.giving_back import KEPT_BYTES, give_back
from filemanager.db.upkeep.pruned import RowIds, hold_trees, note_pruned
from filemanager.db.workspaces.tables import workspaces
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.history import EndedBefore
from filemanager.domain.workspaces.workspace import Status


def prune(connection: Connection, ended: EndedBefore, limit: int) -> int:
    """Delete at most *limit* rows that have ended long enough ago."""
    found = _found(connection, ended, limit)
    hold_trees(connection, found)
    # A pin, or another who prunes, may have come before the trees were held.
    rows = _still_prunable(connection, ended, found)
    note_pruned(connection, {table: rows[table] for table in LIVES})
    return _delete(connection, rows) + _purge(connection, limit)


def _delete(connection: Connection, rows: RowIds) -> int:
    """The trees of *rows* are held."""
    give_back(connection, {table: rows.get(table, ()) for table in KEPT_BYTES})
    for table, ids in rows.items():
        for chunk in chunks(ids):
            connection.execute(delete(table).where(table.c.id.in_(chunk)))
    return sum(map(len, rows.values()))


def _purge(connection: Connection, limit: int) -> int:
    """Delete at most *limit* rows of each table that were purged, and that no publication of now
    shows.
    """
    rows: dict[Table, Sequence[int]] = {}
    for table in PURGED:
        found = select(table.c.id).where(_is_to_be_purged(table)).limit(limit)
        rows[table] = connection.scalars(found).all()
    hold_trees(connection, rows)
    return _delete(connection, rows)


def prunable(connection: Connection, ended: EndedBefore) -> int:
    """How many rows ``prune`` would delete without a limit."""
    total = 0
    for table, is_prunable in _PRUNABLE.items():
        counted = select(func.count()).select_from(table).where(is_prunable(table, ended))
        total += connection.scalar(counted) or 0
    for table in PURGED:
        more = and_(_is_to_be_purged(table), not_(_PRUNABLE[table](table, ended)))
        total += connection.scalar(select(func.count()).select_from(table).where(more)) or 0
    return total


def is_kept(table: Table, ended: EndedBefore) -> ColumnElement[bool]:
    """What ``prune`` leaves of *table*; everything, where the table has no history."""
    if table not in _PRUNABLE:
        return true()
    goes = [_PRUNABLE[table](table, ended)]
    return not_(or_(*goes, _is_to_be_purged(table))) if table in PURGED else not_(*goes)


def _is_to_be_purged(table: Table) -> ColumnElement[bool]:
    return and_(PURGED[table], table.c.ended_at.is_not(None))


def _found(connection: Connection, ended: EndedBefore, limit: int) -> RowIds:
    found: dict[Table, Sequence[int]] = {}
    for table, is_prunable in _PRUNABLE.items():
        statement = select(table.c.id).where(is_prunable(table, ended)).limit(limit)
        found[table] = connection.scalars(statement).all()
        limit -= len(found[table])
    return found


def _still_prunable(connection: Connection, ended: EndedBefore, found: RowIds) -> RowIds:
    still: dict[Table, list[int]] = {table: [] for table in found}
    for table, ids in found.items():
        is_prunable = _PRUNABLE[table](table, ended)
        for chunk in chunks(ids):
            statement = select(table.c.id).where(table.c.id.in_(chunk), is_prunable)
            still[table] += connection.scalars(statement)
    return still


def _is_unpinned(table: Table, ended: EndedBefore) -> ColumnElement[bool]:
    return and_(has_ended(table, ended), *_unseen(table))


def _is_no_more_said(table: Table, ended: EndedBefore) -> ColumnElement[bool]:
    """What was said of a file is said again when it is brought back, however late."""
    of_a_removed_file = exists().where(
        entries.c.tree_id == table.c.tree_id,
        entries.c.since == table.c.until,
        entries.c.until == UNTIL_FOREVER,
        entries.c.area == Area.REMOVED.value,
    )
    return and_(_is_unpinned(table, ended), ~of_a_removed_file)


@cache
def _unseen(table: Table) -> Sequence[ColumnElement[bool]]:
    """By each pin. To put a condition together takes longer than to ask it."""
    return [~_sees(pin, table) for pin in PINNING]


def _sees(pin: Table, table: Table) -> ColumnElement[bool]:
    return exists().where(
        pin.c.tree_id == table.c.tree_id,
        pin.c.revision >= table.c.since,
        pin.c.revision < table.c.until,
    )


def _is_forgotten(table: Table, ended: EndedBefore) -> ColumnElement[bool]:
    """The alterations of the last upload live as long as their workspace, rewrites as long as the
    files whose bytes they made.
    """
    is_of_a_deleted_workspace = exists().where(
        workspaces.c.tree_id == table.c.tree_id,
        workspaces.c.status == Status.DELETED.value,
        workspaces.c.modified_at < milliseconds(ended.at),
    )
    has_a_file = exists().where(
        entries.c.tree_id == table.c.tree_id,
        entries.c.rewritten_in == table.c.revision,
        entries.c.rewritten_as == table.c.file,
        is_kept(entries, ended),
    )
    return or_(is_of_a_deleted_workspace, and_(table.c.is_past == true(), ~has_a_file))


_PRUNABLE: Mapping[Table, Callable[[Table, EndedBefore], ColumnElement[bool]]] = {
    **dict.fromkeys(LIVES, _is_unpinned),
    findings: _is_no_more_said,
    alterations: _is_forgotten,
}
