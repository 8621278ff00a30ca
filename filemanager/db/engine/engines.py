"""Engines: how each database is connected to, for reading and for writing.

Two for each, since the three databases agree on nothing by default. A read is one snapshot, so that
an answer is never put together of two states; a write must see what was committed while it waited
for its lock, so it reads the latest (MariaDB deadlocks between strangers above that level). SQLite
takes the lock when a write begins: one that begins as a read and is upgraded fails where another
came between.

A read of one statement needs no snapshot: on PostgreSQL, where that would be two round trips more,
nothing is begun or ended for it (decision 0017).
"""

import os
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.pool import QueuePool

from filemanager.db.engine.bounds import Bounds
from filemanager.db.engine.pings import ping_where_in_doubt
from filemanager.db.engine.pipelines import keep_statements

_DRIVERS = {
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mariadb": "mysql+pymysql",
    "mariadb+pymysql": "mysql+pymysql",
}
_TAKEN = frozenset({"sqlite", "sqlite+pysqlite", *_DRIVERS.values()})
_NO_URL = "A database URL begins with sqlite:///, postgresql:// or mysql://."

_CONNECT_SECONDS = 10
_RECYCLE_SECONDS = 1800

_WRITING_CACHE_KIB = 8000
"""What a change of ten thousand files touches: pages that do not fit are written to the log again
and again. A process has one connection that writes, since writers take turns before they connect.
"""


def parse_url(text: str) -> URL:
    """Read a database URL; one without a driver gets ours. SQLite must name a file.

    Raises ``ValueError``, which repeats nothing: the text may hold a password.
    """
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise ValueError(_NO_URL) from None
    url = url.set(drivername=_DRIVERS.get(url.drivername, url.drivername))
    if url.drivername not in _TAKEN:
        raise ValueError(_NO_URL)
    if url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:"):
        raise ValueError("An SQLite database must be a file: its connections share nothing else.")
    return url


def keep_private(url: URL) -> None:
    """Make the file of an SQLite database for this user alone; its log gets the same mode.

    One that is there stays as it is, and other databases have rights of their own.
    """
    if url.get_backend_name() == "sqlite":
        os.close(os.open(str(url.database), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))


@dataclass(frozen=True, slots=True)
class _Pair:
    reading: Engine
    glancing: Engine
    writing: Engine


class Engines:
    """Two engines, since isolation is then set once a connection and not once a transaction.

    They are made at the first use in each process. A forked child leaves those of its parent alone
    and never frees them: closing a connection that both hold would end the parent's.
    """

    def __init__(self, url: URL, bounds: Bounds) -> None:
        self._url = url
        self._bounds = bounds
        self._pairs: dict[int, _Pair] = {}

    @property
    def reading(self) -> Engine:
        """Each transaction sees one state and can write nothing."""
        return self._pair().reading

    @property
    def glancing(self) -> Engine:
        """Each statement sees the state of its moment; on connections of ``reading``."""
        return self._pair().glancing

    @property
    def writing(self) -> Engine:
        return self._pair().writing

    @property
    def in_use(self) -> int:
        """Connections that transactions of this process hold."""
        pair = self._pairs.get(os.getpid())
        pools = [] if pair is None else [pair.reading.pool, pair.writing.pool]
        return sum(pool.checkedout() for pool in pools if isinstance(pool, QueuePool))

    def dispose(self) -> None:
        """Close this process's idle connections; the next use opens new ones."""
        pair = self._pairs.pop(os.getpid(), None)
        if pair is not None:
            pair.reading.dispose()
            pair.writing.dispose()

    def _pair(self) -> _Pair:
        pair = self._pairs.get(os.getpid())
        # Threads that meet here make two pairs, of which one is kept; neither has connected yet.
        return pair or self._pairs.setdefault(os.getpid(), self._make())

    def _make(self) -> _Pair:
        make = _MAKERS[self._url.get_backend_name()]
        reading = make(self._url, self._bounds, is_reading=True)
        # To begin and to end is a round trip each on PostgreSQL alone.
        is_told = reading.dialect.name == "postgresql"
        return _Pair(
            reading=reading,
            glancing=reading.execution_options(isolation_level="AUTOCOMMIT")
            if is_told
            else reading,
            writing=make(self._url, self._bounds, is_reading=False),
        )


def _sqlite(url: URL, bounds: Bounds, *, is_reading: bool) -> Engine:
    # The driver would begin transactions at a moment of its own choice.
    arguments = {"isolation_level": None, "timeout": bounds.write_wait_seconds}
    engine = create_engine(url, connect_args=arguments, **_options(bounds.pool_size))
    begin = "BEGIN" if is_reading else "BEGIN IMMEDIATE"

    def on_connect(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute(f"PRAGMA query_only={'ON' if is_reading else 'OFF'}")
        if not is_reading:
            connection.execute(f"PRAGMA cache_size=-{_WRITING_CACHE_KIB}")
        # SQLite's own knows only the letters of ASCII.
        connection.create_function("lower", 1, _lower, deterministic=True)

    def on_begin(connection: Connection) -> None:
        # By the driver itself: as a statement it would cost as much as the read that follows.
        try:
            connection.connection.cursor().execute(begin)
        except sqlite3.Error as error:
            raise OperationalError(begin, None, error) from error

    event.listen(engine, "connect", on_connect)
    event.listen(engine, "begin", on_begin)
    return engine


def _postgresql(url: URL, bounds: Bounds, *, is_reading: bool) -> Engine:
    engine = create_engine(
        url,
        connect_args={"connect_timeout": _CONNECT_SECONDS},
        isolation_level="REPEATABLE READ" if is_reading else "READ COMMITTED",
        **_options(bounds.pool_size),
    )

    def on_connect(connection: Any, _record: object) -> None:
        connection.execute(
            f"SET lock_timeout = '{int(bounds.write_wait_seconds * 1000)}ms';"
            # Of statements too that no transaction is begun for.
            f" SET default_transaction_read_only = {'on' if is_reading else 'off'}"
        )
        connection.commit()

    event.listen(engine, "connect", on_connect)
    ping_where_in_doubt(engine)
    if not is_reading:
        keep_statements(engine)
    return engine


def _mariadb(url: URL, bounds: Bounds, *, is_reading: bool) -> Engine:
    engine = create_engine(
        url,
        connect_args={"connect_timeout": _CONNECT_SECONDS, "charset": "utf8mb4"},
        # The default for writing, REPEATABLE READ, deadlocks between different workspaces.
        isolation_level="REPEATABLE READ" if is_reading else "READ COMMITTED",
        # After an outage every process holds dead connections; nobody's request is to find out.
        pool_pre_ping=True,
        **_options(bounds.pool_size),
    )

    def on_connect(connection: Any, _record: object) -> None:
        with connection.cursor() as cursor:
            # Without the strict mode a value that is too long would be cut in silence.
            cursor.execute(
                "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION',"
                f" SESSION innodb_lock_wait_timeout = {max(1, int(bounds.write_wait_seconds))}"
            )
            cursor.execute(f"SET SESSION TRANSACTION READ {'ONLY' if is_reading else 'WRITE'}")

    event.listen(engine, "connect", on_connect)
    return engine


def _options(size: int) -> dict[str, Any]:
    return {
        "pool_size": size,
        "max_overflow": 0,
        "pool_timeout": _CONNECT_SECONDS,
        "pool_recycle": _RECYCLE_SECONDS,
        # What goes wrong is logged, and values may be what opens something.
        "hide_parameters": True,
    }


_MAKERS: dict[str, Callable[..., Engine]] = {
    "sqlite": _sqlite,
    "postgresql": _postgresql,
    "mysql": _mariadb,
}


def _lower(text: str | None) -> str | None:
    """NULL stays what it is, as in every function of SQL."""
    return None if text is None else text.lower()
