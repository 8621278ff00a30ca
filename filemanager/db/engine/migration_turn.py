"""One process at a time changes the tables: those that start together wait for the first."""

import fcntl
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager

from sqlalchemy import URL, Engine, text

_KEY = 0x66696C656D616E
"""Of PostgreSQL's advisory lock, which is one of the database that it is asked for in."""

_PATIENCE_SECONDS = 3600


@contextmanager
def migration_turn(engine: Engine) -> Iterator[None]:
    """Hold off every other process that wants to migrate the same database."""
    with _TURNS[engine.dialect.name](engine):
        yield


@contextmanager
def _file_lock(engine: Engine) -> Iterator[None]:
    """Not the file of the writers' turn: they may go on where nothing is to be migrated."""
    descriptor = os.open(_lock_file(engine.url), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        with engine.connect() as connection:
            # It lasts; processes that find it so do not meet where each would set it.
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        yield
    finally:
        os.close(descriptor)


def _lock_file(url: URL) -> str:
    return f"{url.database}-migration"


@contextmanager
def _advisory_lock(engine: Engine) -> Iterator[None]:
    """A lock of the connection: who dies holds none."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _KEY})
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _KEY})


@contextmanager
def _named_lock(engine: Engine) -> Iterator[None]:
    """Names are those of the whole server, so the database is in it, of 64 characters at most."""
    name = f"filemanager {engine.url.database}"[:64]
    with engine.connect() as connection:
        asked = {"name": name, "patience": _PATIENCE_SECONDS}
        connection.execute(text("SELECT GET_LOCK(:name, :patience)"), asked)
        try:
            yield
        finally:
            connection.execute(text("SELECT RELEASE_LOCK(:name)"), {"name": name})


_TURNS: Mapping[str, Callable[[Engine], AbstractContextManager[None]]] = {
    "sqlite": _file_lock,
    "postgresql": _advisory_lock,
    "mysql": _named_lock,
}
