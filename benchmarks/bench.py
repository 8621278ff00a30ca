"""What every group of rows is given."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Protocol

from benchmarks.report import Row
from benchmarks.service import Service, serving


class Group(Protocol):
    """A module of rows that are measured together."""

    def __call__(self, bench: "Bench", /) -> Iterator[Row]: ...


@dataclass(frozen=True, slots=True)
class Bench:
    """*directory* holds all that is written in the run; nothing in it is deleted before the end.

    *new_database* gives the URL of an empty database, or None for SQLite beside the files.
    """

    directory: Path
    database: str
    new_database: Callable[[], str | None]
    _numbers: "count[int]"

    @property
    def is_on_sqlite(self) -> bool:
        return self.database == "SQLite"

    def serving(self, **environment: str) -> AbstractContextManager[Service]:
        """A new service on an empty store and database."""
        return serving(self.place("service"), self.new_database(), **environment)

    def place(self, name: str) -> Path:
        """A new directory."""
        made = self.directory / f"{name}-{next(self._numbers)}"
        made.mkdir()
        return made
