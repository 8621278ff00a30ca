"""Rows that live from one revision to another: the predicates, and how they end."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, Update, and_, bindparam, update

from filemanager.db.engine.columns import UNTIL_FOREVER
from filemanager.db.engine.driver import change_later
from filemanager.db.engine.statements import among, chunks, filled, room_for
from filemanager.domain.ids import Revision, TreeId
from filemanager.domain.trees.areas import Area

Place = tuple[Area, str]
"""An area and a path in it."""


@dataclass(frozen=True, slots=True)
class Step:
    """A revision in the making; *ended_at* is the time in milliseconds."""

    connection: Connection
    tree_id: TreeId
    revision: Revision
    ended_at: int

    def end(self, table: Table, *conditions: ColumnElement[bool]) -> None:
        """End the living rows of the tree that meet *conditions*, in one statement."""
        self.connection.execute(
            update(table)
            .where(living(table, self.tree_id), *conditions)
            .values(until=self.revision, ended_at=self.ended_at)
        )

    def end_by_id(self, table: Table, ids: Collection[int]) -> None:
        for chunk in chunks(ids):
            room = room_for(len(chunk))
            values = {"tree": self.tree_id, "until": self.revision, "ended_at": self.ended_at}
            listed = filled(table.c.id, chunk, room)
            change_later(self.connection, _end_by_id(table, room), [values | listed])

    def life(self) -> dict[str, Any]:
        """The columns that a row begins with."""
        return {"tree_id": self.tree_id, "since": self.revision, "until": UNTIL_FOREVER}


@cache
def _end_by_id(table: Table, room: int) -> Update:
    of_tree = and_(table.c.tree_id == bindparam("tree"), table.c.until == UNTIL_FOREVER)
    return update(table).where(of_tree, among(table.c.id, room))


def living(table: Table, tree_id: TreeId) -> ColumnElement[bool]:
    return and_(table.c.tree_id == tree_id, table.c.until == UNTIL_FOREVER)


def ended_between(
    table: Table, tree_id: TreeId, old: Revision, new: Revision
) -> ColumnElement[bool]:
    """Alive at *old*, no more at *new*: the work is the change, not the tree."""
    return and_(
        table.c.tree_id == tree_id,
        table.c.since <= old,
        table.c.until > old,
        table.c.until <= new,
    )


def begun_between(
    table: Table, tree_id: TreeId, old: Revision, new: Revision
) -> ColumnElement[bool]:
    """Alive at *new*, not yet at *old*."""
    return and_(
        table.c.tree_id == tree_id,
        table.c.since > old,
        table.c.since <= new,
        table.c.until > new,
    )


def at_places(table: Table, places: Collection[Place]) -> Iterator[ColumnElement[bool]]:
    """Conditions that together meet *places*, each for some paths of one area.

    One of many areas at once would keep MariaDB from the index.
    """
    by_area: dict[Area, list[str]] = {}
    for area, path in places:
        by_area.setdefault(area, []).append(str(path))
    for area, paths in by_area.items():
        for chunk in chunks(paths):
            yield and_(table.c.area == area.value, table.c.path.in_(chunk))
