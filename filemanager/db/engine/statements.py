"""Statements that the three databases spell differently, and lists cut to what one takes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Column, ColumnElement, Connection, Insert, Table, bindparam, insert
from sqlalchemy.dialects import mysql, postgresql, sqlite

from filemanager.db.engine.driver import change_each, change_later

CHUNK = 1000
"""Values in one ``IN (…)``: well below what any driver allows, and enough to be cheap."""

Item = TypeVar("Item")


def chunks(items: Iterable[Item]) -> Iterator[Sequence[Item]]:
    source = iter(items)
    while chunk := tuple(islice(source, CHUNK)):
        yield chunk


def room_for(count: int) -> int:
    """How long a list is made for *count* values: of few lengths, so that there are few texts."""
    return 1 << max(0, count - 1).bit_length()


def among(column: Column[Any], room: int) -> ColumnElement[bool]:
    """``column IN (…)`` with so many parameters, for ``filled``."""
    name = column.name
    return column.in_([bindparam(f"{name}_{at}", type_=column.type) for at in range(room)])


def filled(column: Column[Any], values: Sequence[object], room: int) -> dict[str, object]:
    """*values*, at least one, the last again and again where there is room for more."""
    every = [*values, *[values[-1]] * (room - len(values))]
    return {f"{column.name}_{at}": value for at, value in enumerate(every)}


def insert_rows(connection: Connection, table: Table, rows: Iterable[Mapping[str, object]]) -> None:
    """Insert *rows* in their order, so many at a time that memory does not grow with them."""
    for chunk in chunks(rows):
        change_later(connection, _insert(table), chunk)


def ensure_rows(
    connection: Connection, key: Sequence[Column[Any]], rows: Sequence[Mapping[str, object]]
) -> None:
    """``insert_missing`` where nobody asks which were new."""
    if rows:
        change_later(connection, missing(connection.dialect.name, tuple(key)), rows)


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
    written = change_each(connection, missing(dialect, tuple(key)), rows)
    return dialect != "mysql" and written == len(rows)


# Statements are made once: to make one takes as long as to have it answered.


@cache
def _insert(table: Table) -> Insert:
    return insert(table)


@cache
def missing(dialect: str, key: tuple[Column[Any], ...], **values: ColumnElement[Any]) -> Insert:
    """The statement of ``insert_missing``; *values* are columns that are worked out."""
    table = key[0].table
    if dialect == "mysql":
        # Not INSERT IGNORE: it would turn every other fault of a row into a warning.
        written = mysql.insert(table).on_duplicate_key_update({key[0].name: key[0]})
        return written.values(values) if values else written
    insert_into = postgresql.insert if dialect == "postgresql" else sqlite.insert
    kept = insert_into(table).on_conflict_do_nothing(index_elements=key)
    return kept.values(values) if values else kept
