"""The ports of upkeep: every table as it is, and what looks at everything."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from filemanager.domain.blobs.named_objects import NamedObjects
from filemanager.domain.blobs.store import BlobStore
from filemanager.domain.blobs.upkeep import Forecast
from filemanager.domain.ids import Plain
from filemanager.domain.quotas import Unbalanced
from filemanager.domain.trees.history import EndedBefore


class Rows(Protocol):
    """Every table as it is, for moving all of them to another database; not who is signed in."""

    def tables(self) -> Mapping[str, Sequence[str]]:
        """Names and columns, each table behind those that it refers to."""

    def of(self, table: str) -> Iterator[Mapping[str, Plain]]:
        """A few at a time; to be read to the end before anything else is asked."""

    def count(self, table: str) -> int: ...

    def add(self, table: str, rows: Iterable[Mapping[str, Plain]]) -> int:
        """Insert rows with their ids and return how many; new ids go on behind the highest."""


class Upkeep(Protocol):
    """What looks at everything that is kept, whatever door it came through."""

    def prune(self, ended: EndedBefore, limit: int) -> int:
        """Delete rows that ended before then and that no pin sees; returns how many."""

    def forecast(self, wanted_before: datetime, ended: EndedBefore, live_below: float) -> Forecast:
        """Count what pruning, dropping, rewriting and deleting would take, in this order."""

    def unbalanced(self) -> Sequence[Unbalanced]:
        """By subject, those of owners and of the bucket whose use is not what their workspaces and
        drops keep, and all whose promises are not their reservations. One query; it reads every
        row of those tables once.
        """

    def known_objects(self, keys: Collection[str]) -> Collection[str]:
        """Which of *keys* have rows."""

    def first_object_at(self) -> datetime | None:
        """When the first was named of the objects that have rows."""


class ExportFiles(Protocol):
    """A directory that everything is written to, to be read elsewhere: records and objects."""

    @property
    def blobs(self) -> BlobStore:
        """The store in the directory; objects lie in it under the keys they had."""

    @property
    def raw(self) -> NamedObjects:
        """The raw files in the directory, under the keys they had."""

    def begin(self) -> None:
        """Make the directory. Raises ``DirectoryInUse`` where there is something in it."""

    def write(self, name: str, records: Iterable[Mapping[str, Plain]]) -> int:
        """Write records durably, one at a time, and return how many."""

    def read(self, name: str) -> Iterator[Mapping[str, Plain]]:
        """Raises ``NotAnExport`` where there are none of that name."""
