"""The log of what was fetched from shares."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select

from filemanager.db.engine.columns import milliseconds
from filemanager.db.shares.rows import access_of, values_of_access
from filemanager.db.shares.tables import accesses
from filemanager.domain.ids import MAX_ID
from filemanager.domain.shares.share import ShareId
from filemanager.domain.shares.visit import ShareAccess

_ADD = insert(accesses)
_PAGE = (
    select(accesses)
    .where(accesses.c.share_id == bindparam("share"), accesses.c.id < bindparam("before"))
    .order_by(accesses.c.id.desc())
    .limit(bindparam("most"))
)


class SqlShareAccesses:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, access: ShareAccess) -> None:
        self._connection.execute(_ADD, values_of_access(access))

    def page(self, share_id: ShareId, before: int | None, limit: int) -> Sequence[ShareAccess]:
        asked = {"share": share_id, "before": before or MAX_ID, "most": limit}
        return [access_of(row) for row in self._connection.execute(_PAGE, asked)]

    def prune(self, before: datetime, limit: int) -> int:
        # Read first: MariaDB deletes from no table that a limited subquery reads.
        old = select(accesses.c.id).where(accesses.c.at < milliseconds(before))
        found = self._connection.scalars(old.limit(limit)).all()
        gone = delete(accesses).where(accesses.c.id.in_(found))
        return self._connection.execute(gone).rowcount if found else 0
