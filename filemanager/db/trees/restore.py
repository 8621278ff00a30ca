"""Making the next revision equal to an older one: only what differs is written."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Table, func, insert, literal, select

from filemanager.db.engine.columns import AnyRow, milliseconds
from filemanager.db.engine.statements import chunks
from filemanager.db.quotas.charges import charged
from filemanager.db.trees.lives import Step, begun_between, ended_between
from filemanager.db.trees.rows import ENTRY_COLUMNS, FINDING_COLUMNS, area_of, kind_of
from filemanager.db.trees.state import read_state, revised, write_state
from filemanager.db.trees.tables import entries, findings
from filemanager.db.trees.totals import Totals, Weight
from filemanager.domain.ids import Revision, TreeId
from filemanager.domain.trees.tree import Tree

_RESTORED: dict[Table, tuple[Column[Any], ...]] = {
    entries: ENTRY_COLUMNS,
    findings: (*FINDING_COLUMNS, findings.c.ordinal),
}
"""What rows are compared by."""

_COPIED: dict[Table, tuple[Column[Any], ...]] = _RESTORED | {
    entries: (*ENTRY_COLUMNS, entries.c.bucket)
}

_TOLD_BY: dict[Table, tuple[Column[Any], ...]] = {
    entries: (entries.c.area, entries.c.path, entries.c.digest),
    findings: (findings.c.ordinal,),
}
"""Rows that differ in these need not be read whole."""

_WEIGHED = (
    entries.c.area,
    entries.c.kind,
    func.sum(entries.c.size_bytes),
    func.sum(entries.c.packed_bytes),
    func.sum(charged(entries.c.size_bytes)),
    func.count(),
)


@dataclass(frozen=True, slots=True)
class _Turned:
    """Rows that end, and rows that begin again: each by conditions that meet them together."""

    ended: Sequence[ColumnElement[bool]]
    begun: Sequence[ColumnElement[bool]]


def restore(connection: Connection, tree_id: TreeId, revision: Revision, at: datetime) -> Tree:
    """Find the difference by the rows whose life begins or ends behind *revision*.

    What came back by itself since then, or by an earlier restore, is equal and stays as it is.
    """
    before = read_state(connection, tree_id)
    step = Step(connection, tree_id, Revision(before.tree.revision + 1), milliseconds(at))
    totals = Totals.of(before.tree)
    turned = _turn_back(step, entries, revision)
    for weight in _weights(connection, turned.ended):
        totals.remove(weight)
    for weight in _weights(connection, turned.begun):
        totals.add(weight)
    _turn_back(step, findings, revision)
    tree = revised(before.tree, step.revision, totals)
    write_state(connection, replace(before, tree=tree))
    return tree


def _turn_back(step: Step, table: Table, revision: Revision) -> _Turned:
    """End the rows that were not there at *revision*, begin those that were."""
    now = Revision(step.revision - 1)
    turned = _turned(
        step.connection,
        table,
        lost=ended_between(table, step.tree_id, revision, now),
        new=begun_between(table, step.tree_id, revision, now),
    )
    for condition in turned.ended:
        step.end(table, condition)
    for condition in turned.begun:
        _begin_again(step, table, condition)
    return turned


def _turned(
    connection: Connection, table: Table, *, lost: ColumnElement[bool], new: ColumnElement[bool]
) -> _Turned:
    new_rows = _rows(connection, table, new)
    # What is empty now, as after all was deleted, holds nothing equal: the rest is not read.
    lost_rows = _rows(connection, table, lost) if new_rows else []
    equal = _equal(connection, table, lost_rows, new_rows)
    if not equal:
        return _Turned([new] if new_rows else [], [lost])
    ended, begun = (
        [table.c.id.in_(chunk) for chunk in chunks(key for key, *_ in rows if key not in equal)]
        for rows in (new_rows, lost_rows)
    )
    return _Turned(ended, begun)


def _rows(connection: Connection, table: Table, condition: ColumnElement[bool]) -> Sequence[AnyRow]:
    return connection.execute(select(table.c.id, *_TOLD_BY[table]).where(condition)).all()


def _equal(
    connection: Connection, table: Table, lost: Sequence[AnyRow], new: Sequence[AnyRow]
) -> Collection[int]:
    """The ids of rows that ended and came back as they were, on both sides."""
    both = {row[1:] for row in lost} & {row[1:] for row in new}
    before, after = (
        _whole(connection, table, [row[0] for row in rows if row[1:] in both])
        for rows in (lost, new)
    )
    values = before.keys() & after.keys()
    return {found[value] for found in (before, after) for value in values}


def _whole(
    connection: Connection, table: Table, ids: Collection[int]
) -> dict[tuple[object, ...], int]:
    found = {}
    for chunk in chunks(ids):
        statement = select(*_RESTORED[table], table.c.id).where(table.c.id.in_(chunk))
        for row in connection.execute(statement):
            found[tuple(row[:-1])] = row[-1]
    return found


def _begin_again(step: Step, table: Table, condition: ColumnElement[bool]) -> None:
    """Copy rows inside the database, which takes a third of the time of sending them."""
    columns = _COPIED[table]
    life = step.life()
    rows = select(*columns, *map(literal, life.values())).where(condition).order_by(table.c.id)
    names = [*(column.name for column in columns), *life]
    step.connection.execute(insert(table).from_select(names, rows))


def _weights(connection: Connection, conditions: Sequence[ColumnElement[bool]]) -> Iterator[Weight]:
    for condition in conditions:
        together = select(*_WEIGHED).where(condition).group_by(entries.c.area, entries.c.kind)
        for area, kind, *sums in connection.execute(together):
            # A sum of integers is a decimal on two of the three databases.
            yield Weight(area_of(area), kind_of(kind), *map(int, sums))
