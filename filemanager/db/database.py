"""The database: transactions, their turns and their second tries."""

import os
import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TypeVar

from sqlalchemy import URL, select
from sqlalchemy.exc import DBAPIError

from filemanager.db.engine.bounds import Bounds
from filemanager.db.engine.engines import Engines, parse_url
from filemanager.db.engine.trouble import is_lost_to_another, translated
from filemanager.db.engine.waits import waiting_less
from filemanager.db.engine.write_turn import WriteTurns
from filemanager.db.engine.writers import Writers
from filemanager.db.transaction import SqlTransaction
from filemanager.domain.errors import WritersWait
from filemanager.domain.ports import Transaction
from filemanager.domain.trees.findings import Severity

_ATTEMPTS = 8
_PAUSE_SECONDS = 0.01
_BOUNDS = Bounds()

Returned = TypeVar("Returned")


def _nothing(*_: object) -> None:
    """Nobody listens."""


@dataclass(frozen=True, slots=True)
class Listeners:
    """Called after a commit: ``promised`` where it added a task to the outbox that is due, ``said``
    with the findings that began in it, by severity.
    """

    promised: Callable[[], None] = _nothing
    said: Callable[[Mapping[Severity, int]], None] = _nothing


_NOBODY = Listeners()


class SqlDatabase:
    """SQLite (a file), PostgreSQL or MariaDB, named by an SQLAlchemy URL.

    Connects at the first use in each process, so it may be made before a fork. *jitter* gives
    fractions of 1, which spread the second tries of transactions that met; *pause* waits so many
    seconds.
    """

    def __init__(
        self,
        url: str,
        *,
        bounds: Bounds = _BOUNDS,
        jitter: Callable[[], float] = random.random,
        pause: Callable[[float], None] = time.sleep,
        listeners: Listeners = _NOBODY,
    ) -> None:
        parsed = parse_url(url)
        self._engines = Engines(parsed, bounds)
        self._lock_file = _lock_file(parsed)
        self._processes: dict[int, _Process] = {}
        self._jitter = jitter
        self._pause = pause
        self._bounds = bounds
        self._listeners = listeners

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        with translated(), self._engines.reading.connect() as connection:
            # What is asked by the driver itself begins nothing. It is rolled back at the end.
            connection.begin()
            yield SqlTransaction(connection)

    @contextmanager
    def glance(self) -> Iterator[Transaction]:
        with translated(), self._engines.glancing.connect() as connection:
            yield SqlTransaction(connection)

    def write(self, work: Callable[[Transaction], Returned]) -> Returned:
        with translated(), self._process().writers.one_more() as seconds_left:
            attempts = count(1)
            while True:
                attempt = next(attempts)
                try:
                    return self._attempt(work, seconds_left, is_first=attempt == 1)
                except DBAPIError as error:
                    if not is_lost_to_another(error):
                        raise
                    pause = self._jitter() * _PAUSE_SECONDS * 2**attempt
                    if attempt == _ATTEMPTS or pause >= seconds_left():
                        raise WritersWait from error
                self._pause(pause)

    def check_writers(self) -> None:
        self._process().writers.check()

    def check(self) -> None:
        with translated(), self._engines.glancing.connect() as connection:
            connection.execute(select(1))

    def connections_in_use(self) -> int:
        """By transactions of this process."""
        return self._engines.in_use

    def close(self) -> None:
        """Close the idle connections of this process; a later use connects again."""
        self._engines.dispose()

    def _attempt(
        self,
        work: Callable[[Transaction], Returned],
        seconds_left: Callable[[], float],
        *,
        is_first: bool,
    ) -> Returned:
        with self._turn(seconds_left), self._engines.writing.begin() as connection:
            waits = nullcontext() if is_first else waiting_less(connection, seconds_left())
            with waits:
                transaction = SqlTransaction(connection, self._bounds.log_lines_per_day)
                returned = work(transaction)
        if transaction.outbox.has_added:
            self._listeners.promised()
        if transaction.findings_begun:
            self._listeners.said(transaction.findings_begun)
        return returned

    def _turn(self, seconds_left: Callable[[], float]) -> AbstractContextManager[None]:
        turns = self._process().turns
        return nullcontext() if turns is None else turns.turn(seconds_left)

    def _process(self) -> "_Process":
        """A forked child takes no part in what the threads of its parent wait for."""
        found = self._processes.get(os.getpid())
        return found or self._processes.setdefault(os.getpid(), self._new_process())

    def _new_process(self) -> "_Process":
        turns = None if self._lock_file is None else WriteTurns(self._lock_file)
        return _Process(Writers(self._bounds), turns)


@dataclass(frozen=True, slots=True)
class _Process:
    """Who writes in this process; *turns* are taken on SQLite alone."""

    writers: Writers
    turns: WriteTurns | None


def _lock_file(url: URL) -> Path | None:
    return Path(f"{url.database}-lock") if url.get_backend_name() == "sqlite" else None
