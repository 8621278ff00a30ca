"""Whole tables as plain values, for moving everything from one database to another."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from sqlalchemy import Connection, Table, func, insert, select

from filemanager.db.engine.statements import CHUNK
from filemanager.db.schema import metadata
from filemanager.domain.ids import Plain


class SqlRows:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def tables(self) -> Mapping[str, Sequence[str]]:
        return {table.name: list(table.columns.keys()) for table in metadata.sorted_tables}

    def of(self, table: str) -> Iterator[Mapping[str, Plain]]:
        statement = select(_table(table)).order_by(*_table(table).primary_key)
        rows = self._connection.execution_options(yield_per=CHUNK).execute(statement)
        return (dict(row) for row in rows.mappings())

    def count(self, table: str) -> int:
        return self._connection.scalar(select(func.count()).select_from(_table(table))) or 0

    def add(self, table: str, rows: Iterable[Mapping[str, Plain]]) -> int:
        remaining = iter(rows)
        added = 0
        while batch := [dict(row) for row in islice(remaining, CHUNK)]:
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
