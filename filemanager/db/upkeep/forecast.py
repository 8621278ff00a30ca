"""What a sweep would take, told without taking it.

A sweep prunes history before it looks at blobs, and drops blobs before it looks at packs: so a
row that would be pruned keeps nothing here, and a blob that would be dropped fills no pack.
"""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, Connection, Select, exists, func, not_, or_, select

from filemanager.db.blobs.sweep import HOLDS_A_BLOB, referring_columns, used_packs
from filemanager.db.blobs.tables import blobs, objects
from filemanager.db.upkeep.history import is_kept, prunable
from filemanager.domain.blobs.upkeep import Forecast
from filemanager.domain.trees.history import EndedBefore


def forecast(
    connection: Connection, wanted_before: int, ended: EndedBefore, live_below: float
) -> Forecast:
    is_left = or_(blobs.c.wanted_at >= wanted_before, *_references(ended))
    dead = select(objects.c.id).where(objects.c.dead_at < wanted_before, ~HOLDS_A_BLOB)
    return Forecast(
        history_rows=prunable(connection, ended),
        blobs=_count(connection, select(blobs.c.digest).where(not_(is_left))),
        packs=_count(connection, used_packs(live_below, is_left)),
        objects=_count(connection, dead),
    )


def _references(ended: EndedBefore) -> Iterator[ColumnElement[bool]]:
    for column in referring_columns():
        yield exists().where(column == blobs.c.digest, is_kept(column.table, ended))


def _count(connection: Connection, rows: Select[str] | Select[int]) -> int:
    return connection.scalar(select(func.count()).select_from(rows.subquery())) or 0
