"""Statements that the three databases spell differently, and lists cut to what one takes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Column, Connection, Insert, Table, insert
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert

from filemanager.db.engine.columns import AnyRow

CHUNK = 1000
"""Values in one ``IN (…)``: well below what any driver allows, and enough to be cheap."""

Item = TypeVar("Item")


def chunks(items: Iterable[Item]) -> Iterator[Sequence[Item]]:
    source = iter(items)
    while chunk := tuple(islice(source, CHUNK)):
        yield chunk


def insert_rows(connection: Connection, table: Table, rows: Iterable[Mapping[str, object]]) -> None:
    """Insert *rows* in their order, so many at a time that memory does not grow with them."""
    for chunk in chunks(rows):
        connection.execute(_insert(table), chunk)


def insert_missing(
    connection: Connection, key: Sequence[Column[Any]], rows: Sequence[Mapping[str, object]]
) -> bool:
    """Insert *rows* in their order; one whose *key* is there already changes nothing.

    It waits for another transaction that is inserting the same key. True where all rows are known
    to be new; MariaDB does not tell.
    """
    if not rows:
        return False
    dialect = connection.dialect.name
    statement = _insert_missing(dialect, tuple(key))
    result = connection.execute(statement, rows, execution_options={"preserve_rowcount": True})
    return dialect != "mysql" and result.rowcount == len(rows)


def inserted_missing(
    connection: Connection,
    key: Sequence[Column[Any]],
    rows: Sequence[Mapping[str, object]],
    told: Sequence[Column[Any]],
) -> Sequence[AnyRow]:
    """``insert_missing``, and what it tells of the rows that were new; MariaDB tells nothing."""
    dialect = connection.dialect.name
    if dialect == "mysql" or not rows:
        insert_missing(connection, key, rows)
        return ()
    statement = _inserted_missing(dialect, tuple(key), tuple(told))
    return connection.execute(statement, rows).all()


# Statements are made once: to make one takes as long as to have it answered.


@cache
def _insert(table: Table) -> Insert:
    return insert(table)


@cache
def _insert_missing(dialect: str, key: tuple[Column[Any], ...]) -> Insert:
    table = key[0].table
    if dialect == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing(index_elements=key)
    if dialect == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing(index_elements=key)
    # Not INSERT IGNORE: it would turn every other fault of a row into a warning.
    return mysql.insert(table).on_duplicate_key_update({key[0].name: key[0]})


@cache
def _inserted_missing(
    dialect: str, key: tuple[Column[Any], ...], told: tuple[Column[Any], ...]
) -> ReturningInsert[Any]:
    return _insert_missing(dialect, key).returning(*told)
