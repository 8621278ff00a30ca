"""How often an address asked in a minute, counted so that several nodes agree."""

from sqlalchemy import Connection, and_, bindparam, delete, select, update

from filemanager.db.bucket.tables import rates
from filemanager.db.engine.statements import insert_missing

_TURN = and_(rates.c.address == bindparam("of"), rates.c.minute == bindparam("at"))
_TAKE = update(rates).where(_TURN, rates.c.used < bindparam("limit")).values(used=rates.c.used + 1)
_USED = select(rates.c.used).where(_TURN)


def take_turn(connection: Connection, address: str, minute: int, limit: int) -> int | None:
    turn = {"of": address, "at": minute}
    blank = {"address": address, "minute": minute, "used": 0}
    insert_missing(connection, (rates.c.address, rates.c.minute), [blank])
    if not connection.execute(_TAKE, {**turn, "limit": limit}).rowcount:
        return None
    return limit - int(connection.execute(_USED, turn).scalar_one())


def forget(connection: Connection, before_minute: int) -> int:
    return connection.execute(delete(rates).where(rates.c.minute < before_minute)).rowcount
