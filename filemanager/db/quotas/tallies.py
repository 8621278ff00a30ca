"""What was done in a period, counted so that several nodes agree."""

from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, delete, select, update

from filemanager.db.engine.columns import milliseconds
from filemanager.db.engine.driver import change, row_of
from filemanager.db.engine.statements import insert_missing
from filemanager.db.quotas.tables import tallies

_KEY = (tallies.c.subject, tallies.c.until)
_PERIOD = and_(tallies.c.subject == bindparam("of"), tallies.c.until == bindparam("ends_at"))
_TAKE = (
    update(tallies)
    .where(_PERIOD, tallies.c.used + bindparam("more") <= bindparam("limit"))
    .values(used=tallies.c.used + bindparam("more"))
)
_USED = select(tallies.c.used).where(_PERIOD)


class SqlTallies:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def take(self, subject: str, more: int, limit: int, until: datetime) -> bool:
        taken = {**_period(subject, until), "more": more, "limit": limit}
        if change(self._connection, _TAKE, taken):
            return True
        blank = {"subject": subject, "until": milliseconds(until), "used": 0}
        insert_missing(self._connection, _KEY, [blank])
        return bool(change(self._connection, _TAKE, taken))

    def taken(self, subject: str, until: datetime) -> int:
        found = row_of(self._connection, _USED, _period(subject, until))
        return 0 if found is None else int(found[0])

    def forget(self, before: datetime) -> int:
        gone = delete(tallies).where(tallies.c.until < milliseconds(before))
        return self._connection.execute(gone).rowcount


def _period(subject: str, until: datetime) -> dict[str, object]:
    return {"of": subject, "ends_at": milliseconds(until)}
