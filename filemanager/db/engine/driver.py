"""Statements by the driver itself, for what is asked most often: what SQLAlchemy does around a
statement costs several times as much as the database does (decisions 0017 and 0021).

A statement is made once, as a constant of its module or remembered there, and holds no list of
unknown length. Values are what its columns take; rows are as the driver gives them, so that a truth
value may come as a number. Errors are those of SQLAlchemy.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, Executable

from filemanager.db.engine.pipelines import Statement, keep_for_later, run, translated_error

Values = Mapping[str, object]
DriversRow = tuple[Any, ...]

_REMEMBERED = 512


def row_of(connection: Connection, statement: Executable, values: Values) -> DriversRow | None:
    """The one row that *statement* can find, or tells of what it wrote."""
    with _asked(connection, statement, [values], is_telling=True) as cursor:
        found = cursor.fetchone()
    return None if found is None else tuple(found)


def rows_of(connection: Connection, statement: Executable, values: Values) -> list[DriversRow]:
    with _asked(connection, statement, [values], is_telling=True) as cursor:
        return [tuple(row) for row in cursor.fetchall()]


def change(connection: Connection, statement: Executable, values: Values) -> int:
    """Returns how many rows it changed."""
    with _asked(connection, statement, [values]) as cursor:
        return int(cursor.rowcount)


def change_each(connection: Connection, statement: Executable, rows: Sequence[Values]) -> int:
    """``change`` with each of *rows*, at least one, which all name the same columns."""
    if len(rows) == 1:
        return change(connection, statement, rows[0])
    with _asked(connection, statement, rows) as cursor:
        return int(cursor.rowcount)


def change_later(connection: Connection, statement: Executable, rows: Sequence[Values]) -> None:
    """``change_each`` where nobody asks how many: what is wrong may be raised by what comes next,
    or by the commit.
    """
    given = _given(connection, statement, rows, is_telling=False)
    _tell_of(connection, None, given)
    if not keep_for_later(connection, given):
        with _cursor(connection, given) as cursor:
            run(connection, cursor, given)


@contextmanager
def _asked(
    connection: Connection,
    statement: Executable,
    rows: Sequence[Values],
    *,
    is_telling: bool = False,
) -> Iterator[Any]:
    given = _given(connection, statement, rows, is_telling=is_telling)
    with _cursor(connection, given) as cursor:
        _tell_of(connection, cursor, given)
        run(connection, cursor, given)
        yield cursor


@contextmanager
def _cursor(connection: Connection, given: Statement) -> Iterator[Any]:
    cursor = connection.connection.cursor()
    try:
        yield cursor
    except connection.dialect.loaded_dbapi.Error as error:
        raise translated_error(connection, cursor, given.text, error) from error
    finally:
        cursor.close()


def _tell_of(connection: Connection, cursor: Any, given: Statement) -> None:
    """Who counts statements counts this one too."""
    connection.dispatch.before_cursor_execute(
        connection, cursor, given.text, given.given, None, given.is_many
    )


def _given(
    connection: Connection, statement: Executable, rows: Sequence[Values], *, is_telling: bool
) -> Statement:
    prepared = _prepared(connection.dialect, statement, tuple(rows[0]), is_telling=is_telling)
    is_many = len(rows) > 1
    given: Any = [prepared.given(row) for row in rows] if is_many else prepared.given(rows[0])
    return Statement(prepared.text, given, is_many)


_Process = Callable[[Any], object]


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A statement's text and the values that stand in it already. ``slots`` are its parameters, in
    the order in which it takes them where it does not take them by name.
    """

    text: str
    fixed: Values
    slots: Sequence[tuple[str, _Process | None]]
    is_by_name: bool

    def given(self, values: Values) -> object:
        if self.fixed:
            values = {**self.fixed, **values}
        if self.is_by_name:
            return {
                name: values[name] if process is None else process(values[name])
                for name, process in self.slots
            }
        return [
            values[name] if process is None else process(values[name])
            for name, process in self.slots
        ]


@lru_cache(maxsize=_REMEMBERED)
def _prepared(
    dialect: Dialect, statement: Executable, keys: tuple[str, ...], *, is_telling: bool
) -> _Prepared:
    compilable: Any = statement  # as every one is that there is here
    compiled = compilable.compile(
        dialect=dialect,
        column_keys=list(keys),
        # Of rows that are written nothing is told that was not asked for.
        for_executemany=not is_telling,
    )
    if compiled.post_compile_params:
        raise AssertionError(compiled.string)
    binds = {name: bind for bind, name in compiled.bind_names.items()}
    process = {
        name: bind.type.dialect_impl(dialect).bind_processor(dialect)
        for name, bind in binds.items()
    }
    is_by_name = compiled.positiontup is None
    return _Prepared(
        text=str(compiled),
        fixed={name: bind.value for name, bind in binds.items() if not bind.required},
        slots=[(name, process[name]) for name in (binds if is_by_name else compiled.positiontup)],
        is_by_name=is_by_name,
    )
