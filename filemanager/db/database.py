"""The database: transactions, their turns and their second tries."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TypeVar

from sqlalchemy import URL, select
from sqlalchemy.exc import DBAPIError

from filemanager.db.engine.bounds import Bounds
from filemanager.db.engine.engines import Engines, parse_url
from filemanager.db.engine.trouble import is_lost_to_another, translated
from filemanager.db.engine.write_turn import write_turn
from filemanager.db.transaction import SqlTransaction
from filemanager.domain.ports import Transaction

_ATTEMPTS = 8
_PAUSE_SECONDS = 0.01
_BOUNDS = Bounds()

Returned = TypeVar("Returned")


def _nothing() -> None:
    """Nobody waits."""


class SqlDatabase:
    """SQLite (a file), PostgreSQL or MariaDB, named by an SQLAlchemy URL.

    Connects at the first use in each process, so it may be made before a fork. *jitter* gives
    fractions of 1, which spread the second tries of transactions that met; *pause* waits so many
    seconds. *when_promised* is called after each commit that added a task to the outbox.
    """

    def __init__(
        self,
        url: str,
        *,
        bounds: Bounds = _BOUNDS,
        jitter: Callable[[], float] = random.random,
        pause: Callable[[float], None] = time.sleep,
        when_promised: Callable[[], None] = _nothing,
    ) -> None:
        parsed = parse_url(url)
        self._engines = Engines(parsed, bounds.pool_size)
        self._lock_file = _lock_file(parsed)
        self._jitter = jitter
        self._pause = pause
        self._bounds = bounds
        self._when_promised = when_promised

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        with translated(), self._engines.reading.connect() as connection:
            yield SqlTransaction(connection)

    def write(self, work: Callable[[Transaction], Returned]) -> Returned:
        with translated():
            for attempt in range(1, _ATTEMPTS):
                try:
                    return self._attempt(work)
                except DBAPIError as error:
                    if not is_lost_to_another(error):
                        raise
                self._pause(self._jitter() * _PAUSE_SECONDS * 2**attempt)
            return self._attempt(work)

    def check(self) -> None:
        with translated(), self._engines.reading.connect() as connection:
            connection.execute(select(1))

    def close(self) -> None:
        """Close the idle connections of this process; a later use connects again."""
        self._engines.dispose()

    def _attempt(self, work: Callable[[Transaction], Returned]) -> Returned:
        with self._turn(), self._engines.writing.begin() as connection:
            transaction = SqlTransaction(connection, self._bounds.log_lines_per_day)
            returned = work(transaction)
        if transaction.outbox.has_added:
            self._when_promised()
        return returned

    def _turn(self) -> AbstractContextManager[None]:
        return nullcontext() if self._lock_file is None else write_turn(self._lock_file)


def _lock_file(url: URL) -> Path | None:
    return Path(f"{url.database}-lock") if url.get_backend_name() == "sqlite" else None
