"""Statements that the three databases spell differently, and lists cut to what one takes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Column, Connection, Table, insert
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.sql.base import Executable

CHUNK = 1000
"""Values in one ``IN (…)``: well below what any driver allows, and enough to be cheap."""

Item = TypeVar("Item")


def chunks(items: Iterable[Item]) -> Iterator[Sequence[Item]]:
    source = iter(items)
    while chunk := tuple(islice(source, CHUNK)):
        yield chunk


def insert_rows(connection: Connection, table: Table, rows: Iterable[Mapping[str, object]]) -> None:
    """Insert *rows* in their order, so many at a time that memory does not grow with them."""
    statement = insert(table)
    for chunk in chunks(rows):
        connection.execute(statement, chunk)


def insert_missing(
    connection: Connection, key: Sequence[Column[Any]], rows: Sequence[Mapping[str, object]]
) -> None:
    """Insert *rows* in their order; one whose *key* is there already changes nothing.

    It waits for another transaction that is inserting the same key.
    """
    if rows:
        connection.execute(_insert_missing(connection.dialect.name, key), rows)


def _insert_missing(dialect: str, key: Sequence[Column[Any]]) -> Executable:
    table = key[0].table
    if dialect == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing(index_elements=key)
    if dialect == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing(index_elements=key)
    # Not INSERT IGNORE: it would turn every other fault of a row into a warning.
    return mysql.insert(table).on_duplicate_key_update({key[0].name: key[0]})
