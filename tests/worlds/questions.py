"""Counting what is asked of a database."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, event


@contextmanager
def commits() -> Iterator[list[str]]:
    """One entry for each transaction that ends well meanwhile: on SQLite each is a sync."""
    made: list[str] = []

    def note(_connection: object) -> None:
        made.append("commit")

    event.listen(Engine, "commit", note)
    try:
        yield made
    finally:
        event.remove(Engine, "commit", note)


@contextmanager
def questions() -> Iterator[list[str]]:
    """Every statement that is sent meanwhile, by whatever engine of this process."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", note)
