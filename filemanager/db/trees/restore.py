"""Making the next revision equal to an older one: only what differs is written."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Column, Connection, Insert, Table, bindparam, insert, literal, select

from filemanager.db.engine.columns import UNTIL_FOREVER, AnyRow, milliseconds
from filemanager.db.engine.statements import chunks
from filemanager.db.trees.lives import Step, begun_between, ended_between
from filemanager.db.trees.rows import ENTRY_COLUMNS, FINDING_COLUMNS, area_of, kind_of
from filemanager.db.trees.state import read_state, write_state
from filemanager.db.trees.tables import entries, findings
from filemanager.db.trees.totals import Totals, Weight
from filemanager.domain.ids import Revision, TreeId
from filemanager.domain.trees.tree import Tree

_RESTORED: dict[Table, tuple[Column[Any], ...]] = {
    entries: ENTRY_COLUMNS,
    findings: (*FINDING_COLUMNS, findings.c.ordinal),
}


def restore(connection: Connection, tree_id: TreeId, revision: Revision, at: datetime) -> Tree:
    """Find the difference by the rows whose life begins or ends behind *revision*.

    What came back by itself since then, or by an earlier restore, is equal and stays as it is.
    """
    before = read_state(connection, tree_id)
    step = Step(connection, tree_id, Revision(before.tree.revision + 1), milliseconds(at))
    totals = Totals.of(before.tree)
    ended, begun = _turn_back(step, entries, revision)
    for row in ended:
        totals.remove(_weight(row))
    for row in begun:
        totals.add(_weight(row))
    _turn_back(step, findings, revision)
    return write_state(step, before, totals)


def _turn_back(
    step: Step, table: Table, revision: Revision
) -> tuple[Sequence[AnyRow], Sequence[AnyRow]]:
    """End the rows that were not there at *revision*, begin those that were; return both."""
    columns = _RESTORED[table]
    now = Revision(step.revision - 1)
    lost = _rows(step, columns, ended_between(table, step.tree_id, revision, now))
    new = _rows(step, columns, begun_between(table, step.tree_id, revision, now))
    lost_values = {row[1:] for row in lost}
    new_values = {row[1:] for row in new}
    ended = [row for row in new if row[1:] not in lost_values]
    begun = [row for row in lost if row[1:] not in new_values]
    step.end_by_id(table, [row.id for row in ended])
    for chunk in chunks(row.id for row in begun):
        values = {"step_tree": step.tree_id, "step_since": step.revision, "ids": chunk}
        step.connection.execute(_begin_again(table), values)
    return ended, begun


@cache
def _begin_again(table: Table) -> Insert:
    """Copies of rows inside the database, which takes a third of the time of sending them."""
    columns = _RESTORED[table]
    rows = (
        select(*columns, bindparam("step_tree"), bindparam("step_since"), literal(UNTIL_FOREVER))
        .where(table.c.id.in_(bindparam("ids", expanding=True)))
        .order_by(table.c.id)
    )
    names = [column.name for column in columns]
    return insert(table).from_select([*names, "tree_id", "since", "until"], rows)


def _rows(step: Step, columns: Sequence[Column[Any]], where: Any) -> Sequence[AnyRow]:
    statement = select(columns[0].table.c.id, *columns).where(where)
    return step.connection.execute(statement).all()


def _weight(row: AnyRow) -> Weight:
    return Weight(area_of(row.area), kind_of(row.kind), row.size_bytes, row.packed_bytes)
