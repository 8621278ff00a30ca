"""Replicas: label paths that lead to drops."""

from collections.abc import Sequence

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    exists,
    or_,
    select,
    true,
    update,
)

from filemanager.db.bucket.rows import DROP_COLUMNS, drop_of
from filemanager.db.bucket.tables import drops
from filemanager.db.bucket.tables import replicas as table
from filemanager.db.engine.statements import insert_missing
from filemanager.domain.bucket.drop import Drop, Replica

_AT = table.c.path == bindparam("at")
_DROP_OF = select(table.c.drop_id).where(_AT)
_MOVE = update(table).where(_AT, or_(~table.c.is_owned, bindparam("may_move")))
_WITH_DROP = select(*DROP_COLUMNS, table.c.path).join(table, table.c.drop_id == drops.c.id)


def taken_names(connection: Connection, prefix: str) -> Sequence[str]:
    found = select(table.c.path).where(_begins_with(prefix)).order_by(table.c.path)
    return connection.scalars(found).all()


def add(connection: Connection, path: str, drop: Drop) -> bool:
    if _is_in_the_way(connection, path):
        return False
    row = {"path": path, "drop_id": drop.id, "is_owned": drop.owner is not None}
    insert_missing(connection, (table.c.path,), [row])
    return connection.scalar(_DROP_OF, {"at": path}) == drop.id


def point_latest(connection: Connection, path: str, drop: Drop) -> bool:
    is_owned = drop.owner is not None
    moved = {"drop_id": drop.id, "is_owned": is_owned, "at": path, "may_move": is_owned}
    if add(connection, path, drop):
        return True
    return bool(connection.execute(_MOVE, moved).rowcount)


def find(connection: Connection, paths: Sequence[str]) -> Replica | None:
    found = connection.execute(_WITH_DROP.where(table.c.path.in_(paths)).limit(1)).first()
    return None if found is None else Replica(path=found[-1], drop=drop_of(found))


def page(connection: Connection, below: str, after: str, limit: int) -> Sequence[Replica]:
    statement = (
        _WITH_DROP.where(_begins_with(below), table.c.path > after)
        .order_by(table.c.path)
        .limit(limit)
    )
    return [Replica(path=row[-1], drop=drop_of(row)) for row in connection.execute(statement)]


def _begins_with(prefix: str) -> ColumnElement[bool]:
    """As a range: SQLite's LIKE passes over the case of letters and over the index."""
    if not prefix:
        return true()
    return and_(table.c.path >= prefix, table.c.path < prefix[:-1] + chr(ord(prefix[-1]) + 1))


def _is_in_the_way(connection: Connection, path: str) -> bool:
    """A label is never the directory of another: some of them stand for directories."""
    above = [path[:at] for at, character in enumerate(path) if character == "/"]
    clash = or_(table.c.path.in_(above), _begins_with(f"{path}/"))
    return bool(connection.scalar(select(exists().where(clash))))
