"""Slots of periodic work."""

from collections.abc import Mapping

from sqlalchemy import Connection, bindparam, select, update

from filemanager.db.engine.statements import insert_missing
from filemanager.db.jobs.tables import schedule

_SLOTS = select(schedule.c.name, schedule.c.slot)
_TAKE = (
    update(schedule)
    .where(schedule.c.name == bindparam("which"), schedule.c.slot < bindparam("next"))
    .values(slot=bindparam("next"))
)

_RELEASE = (
    update(schedule)
    .where(schedule.c.name == bindparam("which"), schedule.c.slot >= bindparam("now"))
    .values(slot=bindparam("before"))
)


def slots(connection: Connection) -> Mapping[str, int]:
    return {row.name: row.slot for row in connection.execute(_SLOTS)}


def take_slot(connection: Connection, name: str, slot: int) -> bool:
    """One UPDATE has one winner; a name that is new begins a slot behind, so that it has too."""
    insert_missing(connection, [schedule.c.name], [{"name": name, "slot": slot - 1}])
    return connection.execute(_TAKE, {"which": name, "next": slot}).rowcount == 1


def release_slot(connection: Connection, name: str, slot: int) -> None:
    values = {"which": name, "now": slot, "before": slot - 1}
    connection.execute(_RELEASE, values)
