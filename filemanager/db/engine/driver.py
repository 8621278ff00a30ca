"""One row by the driver itself, for what is asked most often: what SQLAlchemy does around a
statement costs several times as much as the database does (decision 0017).
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, Select
from sqlalchemy.exc import DBAPIError


def row_of(
    connection: Connection, statement: Select[Any], values: Mapping[str, object]
) -> tuple[Any, ...] | None:
    """The one row that *statement* can find, its columns as the driver gives them.

    *statement* is made once, holds no lists, and only columns that are no different in Python.
    Errors are those of SQLAlchemy.
    """
    dialect, raw = connection.dialect, connection.connection
    text, names = _compiled(dialect, statement)
    given = values if names is None else [values[name] for name in names]
    cursor = raw.cursor()
    try:
        # Who counts statements counts this one too.
        connection.dispatch.before_cursor_execute(connection, cursor, text, given, None, False)  # noqa: FBT003  # its signature
        cursor.execute(text, given)
        found = cursor.fetchone()
    except dialect.loaded_dbapi.Error as error:
        if dialect.is_disconnect(error, raw, cursor):
            connection.invalidate(error)
        base = dialect.loaded_dbapi.Error
        raise DBAPIError.instance(
            text, None, error, base, hide_parameters=True, dialect=dialect
        ) from error
    finally:
        cursor.close()
    return None if found is None else tuple(found)


@lru_cache(maxsize=64)
def _compiled(dialect: Dialect, statement: Select[Any]) -> tuple[str, list[str] | None]:
    """Its text, and in which order it takes values where it does not take them by name."""
    compiled: Any = statement.compile(dialect=dialect)
    return str(compiled), compiled.positiontup
