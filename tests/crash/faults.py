"""Ports that fail at a chosen step: before a call reaches the real one, or after it was done."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, cast

from filemanager.db.database import SqlDatabase
from filemanager.domain.errors import DatabaseUnavailable, StoreUnavailable, Unavailable
from filemanager.domain.ports import Database, Transaction
from filemanager.factory.parts import Parts
from filemanager.storage.blobs.packing import PackingBlobStore

Fault = Callable[[], Unavailable]


@dataclass(slots=True)
class Fuse:
    """Burns at a step, counted from 0: the call there fails as if nothing answered."""

    at: int
    steps: int = 0

    @property
    def is_burnt(self) -> bool:
        return self.steps > self.at

    def step(self, fault: Fault) -> None:
        self.steps += 1
        if self.steps == self.at + 1:
            raise fault()


def failing(parts: Parts, fuse: Fuse) -> Parts:
    """*parts* with a database and a blob store that share a fuse."""
    database = _FailingDatabase(parts.database, fuse)
    blobs = _Failing(parts.blobs, fuse, StoreUnavailable)
    # Only what the ports promise is asked of them.
    return replace(
        parts, database=cast("SqlDatabase", database), blobs=cast("PackingBlobStore", blobs)
    )


@dataclass(frozen=True, slots=True)
class _Failing:
    """Any port, and what is reached through it: two steps for each call."""

    target: object
    fuse: Fuse
    fault: Fault

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.target, name)
        if not callable(found):
            return _Failing(found, self.fuse, self.fault)

        def call(*values: Any, **named: Any) -> Any:
            self.fuse.step(self.fault)
            result = found(*values, **named)
            self.fuse.step(self.fault)
            return result

        return call


@dataclass(frozen=True, slots=True)
class _FailingDatabase:
    """The step after a write is the lost answer to a commit."""

    database: Database
    fuse: Fuse

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        self.fuse.step(DatabaseUnavailable)
        with self.database.read() as tx:
            yield self._failing(tx)

    glance = read

    def write(self, work: Callable[[Transaction], Any]) -> Any:
        self.fuse.step(DatabaseUnavailable)
        result = self.database.write(lambda tx: work(self._failing(tx)))
        self.fuse.step(DatabaseUnavailable)
        return result

    def connections_in_use(self) -> int:
        """For metrics, which nobody asks for here."""
        return 0

    def _failing(self, tx: Transaction) -> Transaction:
        return cast("Transaction", _Failing(tx, self.fuse, DatabaseUnavailable))
