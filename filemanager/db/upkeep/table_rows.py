"""Whole tables as plain values, for moving everything from one database to another."""

import base64
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Connection, LargeBinary, Table, func, insert, select

from filemanager.db.blobs.tables import small_packs
from filemanager.db.engine.statements import CHUNK
from filemanager.db.schema import PASSING, SECRETS, metadata
from filemanager.domain.ids import Plain


class SqlRows:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def tables(self) -> Mapping[str, Sequence[str]]:
        """Small packs are none of them: they are copied as the objects that they are. Who is signed
        in stays where he is.
        """
        others = {small_packs, *PASSING}
        tables = (table for table in metadata.sorted_tables if table not in others)
        return {table.name: list(table.columns.keys()) for table in tables}

    def of(self, table: str) -> Iterator[Mapping[str, Plain]]:
        statement = select(_table(table)).order_by(*_table(table).primary_key)
        rows = self._connection.execution_options(yield_per=CHUNK).execute(statement)
        binary = _binary(_table(table))
        secret = [column.name for column in SECRETS if column.table.name == table]
        return (_plain(_open(dict(row), secret), binary) for row in rows.mappings())

    def count(self, table: str) -> int:
        return self._connection.scalar(select(func.count()).select_from(_table(table))) or 0

    def add(self, table: str, rows: Iterable[Mapping[str, Plain]]) -> int:
        remaining, binary = iter(rows), _binary(_table(table))
        added = 0
        while batch := [_stored(row, binary) for row in islice(remaining, CHUNK)]:
            self._connection.execute(insert(_table(table)), batch)
            added += len(batch)
        self._go_on_numbering(_table(table))
        return added

    def _go_on_numbering(self, table: Table) -> None:
        """PostgreSQL alone does not see that ids were given by hand."""
        number = table.autoincrement_column
        if number is None or self._connection.dialect.name != "postgresql":
            return
        highest = self._connection.scalar(select(func.max(number)))
        if highest is not None:
            sequence = func.pg_get_serial_sequence(table.name, number.name)
            self._connection.execute(select(func.setval(sequence, highest)))


def _table(name: str) -> Table:
    return metadata.tables[name]


def _binary(table: Table) -> Collection[str]:
    return [column.name for column in table.columns if isinstance(column.type, LargeBinary)]


def _open(row: dict[str, Any], secret: Collection[str]) -> dict[str, Any]:
    """Whether there is a secret may be seen, and nothing else of it."""
    return row | {name: b"" for name in secret if row[name] is not None}


def _plain(row: dict[str, Any], binary: Collection[str]) -> Mapping[str, Plain]:
    """Bytes are base64 where nothing but text is written."""
    there = [name for name in binary if row[name] is not None]
    return row | {name: base64.b64encode(row[name]).decode() for name in there}


def _stored(row: Mapping[str, Plain], binary: Collection[str]) -> dict[str, object]:
    there = [name for name in binary if row[name] is not None]
    return {**row} | {name: base64.b64decode(str(row[name])) for name in there}
