"""Links to sign in by, which are taken once."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select

from filemanager.db.engine.columns import milliseconds
from filemanager.db.sessions.rows import handover_of, values_of_handover
from filemanager.db.sessions.tables import handovers
from filemanager.domain.ids import Digest
from filemanager.domain.sessions.session import Handover

_FIND = select(handovers).where(handovers.c.digest == bindparam("which"))
_TAKE = delete(handovers).where(handovers.c.digest == bindparam("which"))


class SqlHandovers:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, handover: Handover, digest: Digest) -> None:
        values = {**values_of_handover(handover), "digest": digest}
        self._connection.execute(insert(handovers), values)

    def find(self, digest: Digest) -> Handover | None:
        row = self._connection.execute(_FIND, {"which": digest}).one_or_none()
        return None if row is None else handover_of(row)

    def take(self, digest: Digest) -> Handover | None:
        found = self.find(digest)
        # Whoever deletes the row is the one who has it.
        taken = self._connection.execute(_TAKE, {"which": digest}).rowcount
        return found if taken else None

    def prune(self, expired_before: datetime, limit: int) -> int:
        # Read first: MariaDB deletes from no table that a limited subquery reads.
        old = select(handovers.c.digest).where(
            handovers.c.expires_at < milliseconds(expired_before)
        )
        found = self._connection.scalars(old.limit(limit)).all()
        gone = delete(handovers).where(handovers.c.digest.in_(found))
        return self._connection.execute(gone).rowcount if found else 0
