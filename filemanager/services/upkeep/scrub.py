"""Looking for bit rot: every blob is read now and then, and what is wrong is quarantined."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from math import inf

from filemanager.domain.blobs.blob import StoredBlob
from filemanager.domain.blobs.store import BlobStore
from filemanager.domain.ids import Digest
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.services.upkeep.integrity import Pace, is_damaged
from filemanager.services.upkeep.watching import Problem, Watcher

_BATCH = 100
_NOTE_BYTES = 64 << 20
"""How much is read, at most, before the place is noted; a large blob is read to its end."""

_NAME = "scrub"
_START = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scrubbed:
    """What one run read; ``healed`` counts blobs in quarantine that were found right."""

    blobs: int = 0
    size_bytes: int = 0
    damaged: int = 0
    healed: int = 0


@dataclass(slots=True)
class Throttle:
    """A pace that never exceeds *bytes_per_second*, not even to make up for time lost.

    *clock* counts seconds from any moment, *pause* waits so many.
    """

    bytes_per_second: float
    clock: Callable[[], float]
    pause: Callable[[float], None]
    _due_at: float = field(default=-inf, init=False)

    def __call__(self, size_bytes: int) -> None:
        now = self.clock()
        self._due_at = max(self._due_at, now) + size_bytes / self.bytes_per_second
        self.pause(self._due_at - now)


@dataclass(frozen=True, slots=True)
class _Read:
    """What a batch proved to be."""

    batch: Sequence[StoredBlob]
    damaged: frozenset[Digest]
    healed: frozenset[Digest]


@dataclass(frozen=True, slots=True)
class Scrubber:
    """Reads in the order of digests, from where the last run stopped to the end.

    The place is kept in the database. A run that is killed repeats a little; after one that came to
    the end the next begins anew.
    """

    database: Database
    blobs: BlobStore
    clock: Clock
    pace: Pace
    watcher: Watcher

    def scrub(self) -> Scrubbed:
        """Raises ``StoreUnavailable`` where the store does not answer; that doubts no blob."""
        self.watcher.begin("blobs", None)
        total = Scrubbed()
        while batch := self._next_batch():
            read = self._read(batch)
            self.database.write(self._noting(read))
            total = _sum(total, read)
        self.database.write(lambda tx: tx.save_progress(_NAME, _START))
        return total

    def _next_batch(self) -> Sequence[StoredBlob]:
        """What is read before the place is noted again: some small blobs, or one large one."""
        with self.database.read() as tx:
            after = tx.progress(_NAME) or _START
            page = tx.blobs.page(Digest(after) if after else None, _BATCH)
        sizes = accumulate(blob.size_bytes for blob in page)
        fitting = sum(1 for size_bytes in sizes if size_bytes <= _NOTE_BYTES)
        return page[: max(1, fitting)]

    def _read(self, batch: Sequence[StoredBlob]) -> _Read:
        with self.database.read() as tx:
            doubted = frozenset(tx.blobs.quarantined())
        digests = frozenset(blob.digest for blob in batch)
        damaged = frozenset(blob.digest for blob in batch if self._is_damaged(blob))
        return _Read(batch, damaged, healed=digests & doubted - damaged)

    def _is_damaged(self, blob: StoredBlob) -> bool:
        found = is_damaged(self.database, self.blobs, blob, self.pace)
        if found:
            self.watcher.problem(Problem("blob_damaged", blob.digest, "quarantined"))
        self.watcher.advance(1)
        return found

    def _noting(self, read: _Read) -> Callable[[Transaction], None]:
        now = self.clock()

        def note(tx: Transaction) -> None:
            for digest in sorted(read.damaged):
                tx.blobs.quarantine(digest, now)
            for digest in sorted(read.healed):
                tx.blobs.lift_quarantine(digest)
            tx.save_progress(_NAME, read.batch[-1].digest)

        return note


def _sum(total: Scrubbed, read: _Read) -> Scrubbed:
    return Scrubbed(
        blobs=total.blobs + len(read.batch),
        size_bytes=total.size_bytes + sum(blob.size_bytes for blob in read.batch),
        damaged=total.damaged + len(read.damaged),
        healed=total.healed + len(read.healed),
    )
