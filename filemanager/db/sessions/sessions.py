"""Sessions, found by the digest of what the cookie holds."""

from dataclasses import replace
from datetime import datetime
from functools import cached_property

from sqlalchemy import Connection, bindparam, delete, insert, or_, select, update

from filemanager.db.engine.columns import milliseconds
from filemanager.db.sessions.handovers import SqlHandovers
from filemanager.db.sessions.rows import session_of, values_of
from filemanager.db.sessions.tables import sessions, tokens
from filemanager.db.sessions.web_tokens import SqlWebTokens
from filemanager.domain.ids import Digest
from filemanager.domain.sessions.session import WebSession, WebSessionId

_FIND = select(sessions).where(sessions.c.digest == bindparam("which"))
_NUMBERED = select(sessions).where(sessions.c.id == bindparam("which"))
_SEEN = update(sessions).where(sessions.c.id == bindparam("which")).values(seen_at=bindparam("now"))


class SqlWebSessions:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @cached_property
    def handovers(self) -> SqlHandovers:
        return SqlHandovers(self._connection)

    @cached_property
    def tokens(self) -> SqlWebTokens:
        return SqlWebTokens(self._connection)

    def add(self, session: WebSession) -> WebSession:
        made = self._connection.execute(insert(sessions), values_of(session))
        return replace(session, id=WebSessionId(made.inserted_primary_key[0]))  # type: ignore[index]  # of one row there is one

    def find(self, digest: Digest) -> WebSession | None:
        row = self._connection.execute(_FIND, {"which": digest}).one_or_none()
        return None if row is None else session_of(row)

    def numbered(self, session_id: WebSessionId) -> WebSession | None:
        row = self._connection.execute(_NUMBERED, {"which": session_id}).one_or_none()
        return None if row is None else session_of(row)

    def note_seen(self, session_id: WebSessionId, at: datetime) -> None:
        self._connection.execute(_SEEN, {"which": session_id, "now": milliseconds(at)})

    def end(self, session_id: WebSessionId) -> None:
        self._end([session_id])

    def prune(self, seen_before: datetime, ended_before: datetime, limit: int) -> int:
        old = or_(
            sessions.c.seen_at < milliseconds(seen_before),
            sessions.c.ends_at < milliseconds(ended_before),
        )
        # Read first: MariaDB deletes from no table that a limited subquery reads.
        found = self._connection.scalars(select(sessions.c.id).where(old).limit(limit)).all()
        return self._end(list(found)) if found else 0

    def _end(self, ids: list[WebSessionId]) -> int:
        self._connection.execute(delete(tokens).where(tokens.c.session_id.in_(ids)))
        return self._connection.execute(delete(sessions).where(sessions.c.id.in_(ids))).rowcount
