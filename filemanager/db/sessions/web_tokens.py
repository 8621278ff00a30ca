"""Tokens of sessions, read together with the session that they end with."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select

from filemanager.db.engine.columns import milliseconds
from filemanager.db.sessions.rows import token_of, values_of_token
from filemanager.db.sessions.tables import sessions, tokens
from filemanager.domain.ids import Digest
from filemanager.domain.sessions.session import WebSession, WebToken

_FIND = (
    select(
        sessions,
        tokens.c.caller.label("token_caller"),
        tokens.c.ends_at.label("token_ends_at"),
    )
    .select_from(tokens.join(sessions, tokens.c.session_id == sessions.c.id))
    .where(tokens.c.digest == bindparam("which"))
)


class SqlWebTokens:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, token: WebToken, digest: Digest) -> None:
        self._connection.execute(insert(tokens), {**values_of_token(token), "digest": digest})

    def find(self, digest: Digest) -> tuple[WebToken, WebSession] | None:
        row = self._connection.execute(_FIND, {"which": digest}).one_or_none()
        return None if row is None else token_of(row)

    def prune(self, ended_before: datetime, limit: int) -> int:
        # Read first: MariaDB deletes from no table that a limited subquery reads.
        old = select(tokens.c.digest).where(tokens.c.ends_at < milliseconds(ended_before))
        found = self._connection.scalars(old.limit(limit)).all()
        gone = delete(tokens).where(tokens.c.digest.in_(found))
        return self._connection.execute(gone).rowcount if found else 0
