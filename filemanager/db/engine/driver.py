"""Rows by the driver itself, for what is asked most often: what SQLAlchemy does around a
statement costs several times as much as the database does (decision 0017).
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, Select
from sqlalchemy.exc import DBAPIError


def row_of(
    connection: Connection, statement: Select[Any], values: Mapping[str, object]
) -> tuple[Any, ...] | None:
    """The one row that *statement* can find; otherwise ``rows_of``."""
    found = rows_of(connection, statement, values)
    return found[0] if found else None


def rows_of(
    connection: Connection, statement: Select[Any], values: Mapping[str, object]
) -> Sequence[tuple[Any, ...]]:
    """The rows that *statement* finds, their columns as the driver gives them.

    *statement* is made once, holds no lists, and only columns that are no different in Python.
    Errors are those of SQLAlchemy.
    """
    dialect, raw = connection.dialect, connection.connection
    text, names, constants = _compiled(dialect, statement)
    named = {**constants, **values}
    given = named if names is None else [named[name] for name in names]
    cursor = raw.cursor()
    try:
        # Who counts statements counts this one too.
        connection.dispatch.before_cursor_execute(connection, cursor, text, given, None, False)  # noqa: FBT003  # its signature
        cursor.execute(text, given)
        return [tuple(row) for row in cursor.fetchall()]
    except dialect.loaded_dbapi.Error as error:
        if dialect.is_disconnect(error, raw, cursor):
            connection.invalidate(error)
        base = dialect.loaded_dbapi.Error
        raise DBAPIError.instance(
            text, None, error, base, hide_parameters=True, dialect=dialect
        ) from error
    finally:
        cursor.close()


@lru_cache(maxsize=64)
def _compiled(
    dialect: Dialect, statement: Select[Any]
) -> tuple[str, list[str] | None, Mapping[str, object]]:
    """Its text, in which order it takes values where it does not take them by name, and the values
    that it brings itself.
    """
    compiled: Any = statement.compile(dialect=dialect)
    return str(compiled), compiled.positiontup, compiled.construct_params(_check=False)
