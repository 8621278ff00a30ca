"""Statements that nobody waits for, sent to PostgreSQL with the next one that somebody waits for.

A transaction would wait for each: twenty round trips for an upload. What only writes and tells
nothing is kept, in its order, until something is asked or all is committed; what is wrong with it
is raised there. Elsewhere there is no way to wait for, and it is done at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DBAPIError

_KEPT = "filemanager_kept_statements"
_MOST = 256
"""Statements, and rows of each: what is kept is held in memory, and with more to send a round trip
makes no difference.
"""


@dataclass(frozen=True, slots=True)
class Statement:
    """With all values in the driver's form; those of several rows in a list."""

    text: str
    given: Any
    is_many: bool

    def run(self, cursor: Any) -> None:
        (cursor.executemany if self.is_many else cursor.execute)(self.text, self.given)


def keep_for_later(connection: Connection, statement: Statement) -> bool:
    """False where it is to be run now."""
    kept = connection.info.get(_KEPT)
    if kept is None or len(kept) == _MOST or (statement.is_many and len(statement.given) > _MOST):
        return False
    kept.append(statement)
    return True


def run(connection: Connection, cursor: Any, statement: Statement) -> None:
    """With what was kept, in one round trip."""
    if kept := connection.info.get(_KEPT):
        _run_together(connection, cursor, [*kept, statement])
    else:
        statement.run(cursor)


def translated_error(connection: Connection, cursor: Any, text: str, error: Exception) -> Exception:
    """As SQLAlchemy has it; a connection that is lost is not used again."""
    dialect = connection.dialect
    if dialect.is_disconnect(error, connection.connection, cursor):  # type: ignore[arg-type]  # one of the driver's
        connection.invalidate(error)
    base = dialect.loaded_dbapi.Error
    return DBAPIError.instance(text, None, error, base, hide_parameters=True, dialect=dialect)


def keep_statements(engine: Engine) -> None:
    """Let transactions of *engine*, whose driver is psycopg, keep statements for later."""

    def on_begin(connection: Connection) -> None:
        connection.info[_KEPT] = []

    def on_statement(
        connection: Connection,
        _cursor: Any,
        _text: str,
        _given: Any,
        context: Any,
        _is_many: object,
    ) -> None:
        # What the driver runs has no context, and takes along what was kept.
        if context is not None and connection.info.get(_KEPT):
            _finish(connection, [])

    def on_commit(connection: Connection) -> None:
        if connection.info.get(_KEPT):
            _finish(connection, [Statement("COMMIT", None, is_many=False)])

    def on_rollback(connection: Connection) -> None:
        connection.info.pop(_KEPT, None)

    event.listen(engine, "begin", on_begin)
    event.listen(engine, "before_cursor_execute", on_statement)
    event.listen(engine, "commit", on_commit)
    event.listen(engine, "rollback", on_rollback)


def _finish(connection: Connection, besides: Sequence[Statement]) -> None:
    statements: list[Statement] = [*connection.info[_KEPT], *besides]
    cursor = connection.connection.cursor()
    try:
        _run_together(connection, cursor, statements)
    except connection.dialect.loaded_dbapi.Error as error:
        raise translated_error(connection, cursor, statements[-1].text, error) from error
    finally:
        cursor.close()


def _run_together(connection: Connection, cursor: Any, statements: Sequence[Statement]) -> None:
    """The last one by *cursor*, which then has what it told."""
    connection.info[_KEPT] = []
    raw: Any = connection.connection.driver_connection
    others = [raw.cursor() for _ in statements[:-1]]
    try:
        with raw.pipeline():
            for one, statement in zip((*others, cursor), statements, strict=True):
                statement.run(one)
    finally:
        for other in others:
            other.close()
