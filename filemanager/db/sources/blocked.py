"""Owners whose shares open nothing."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select

from filemanager.db.engine.columns import milliseconds, moment
from filemanager.db.engine.statements import insert_missing
from filemanager.db.sources.tables import blocked_owners

_HOLDS = select(blocked_owners.c.owner).where(blocked_owners.c.owner == bindparam("of"))
_UNBLOCK = delete(blocked_owners).where(blocked_owners.c.owner == bindparam("of"))

_PAGE = (
    select(blocked_owners.c.owner, blocked_owners.c.blocked_at)
    .where(blocked_owners.c.owner > bindparam("after"))
    .order_by(blocked_owners.c.owner)
    .limit(bindparam("most"))
)


class SqlOwnersBlocked:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def block(self, owner: str, at: datetime) -> None:
        row = {"owner": owner, "blocked_at": milliseconds(at)}
        insert_missing(self._connection, (blocked_owners.c.owner,), [row])

    def unblock(self, owner: str) -> bool:
        return self._connection.execute(_UNBLOCK, {"of": owner}).rowcount > 0

    def holds(self, owner: str) -> bool:
        return self._connection.execute(_HOLDS, {"of": owner}).one_or_none() is not None

    def page(self, after: str, limit: int) -> Sequence[tuple[str, datetime]]:
        rows = self._connection.execute(_PAGE, {"after": after, "most": limit})
        return [(row.owner, moment(row.blocked_at)) for row in rows]
