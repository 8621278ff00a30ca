"""Giving space back: what nothing refers to goes, after a grace time."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from filemanager.domain.errors import BlobDamaged
from filemanager.domain.ids import Digest
from filemanager.domain.ports import BlobStore, Clock, Database, Transaction

_BATCH = 500
_SPARSE = 0.5
"""A pack is rewritten when less than this share of it is used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """``grace`` is longer than any request runs; ``history`` is how long unpinned rows stay."""

    grace: timedelta
    history: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """What a sweep did, or with ``dry_run`` would do first; the rest follows in later sweeps."""

    history_rows: int = 0
    blobs: int = 0
    objects: int = 0
    unnamed_objects: int = 0
    packs_rewritten: int = 0


class Sweeper:
    """Rows first, objects after the grace: a reader that holds an object's place can finish.

    May be stopped at any point: a row without references is dropped in a transaction that a new
    reference forbids, and every object that is deleted has had no row for the grace time.
    """

    def __init__(
        self, database: Database, blobs: BlobStore, keeping: Keeping, clock: Clock
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._keeping = keeping
        self._clock = clock

    def sweep(self) -> Swept:
        now = self._clock()
        before = now - self._keeping.grace
        return Swept(
            history_rows=self._prune(now - max(self._keeping.history, self._keeping.grace)),
            blobs=self._drop_blobs(before),
            packs_rewritten=self._rewrite_sparse_packs(now),
            objects=self._delete_dead_objects(now, before),
            unnamed_objects=self._delete_unnamed_objects(before),
        )

    def dry_run(self) -> Swept:
        """Count what the next sweep would take without history and without what follows from it."""
        before = self._clock() - self._keeping.grace
        with self._database.read() as tx:
            blobs = len(tx.blobs.sweepable(before, 2**31 - 1))
            objects = len(tx.blobs.dead_objects(before, 2**31 - 1))
            packs = len(tx.blobs.sparse_packs(_SPARSE, 2**31 - 1))
        unnamed = sum(1 for _ in self._unnamed_objects(before))
        return Swept(blobs=blobs, objects=objects, packs_rewritten=packs, unnamed_objects=unnamed)

    def _prune(self, ended_before: datetime) -> int:
        total = 0
        while done := self._database.write(lambda tx: tx.trees.prune(ended_before, _BATCH)):
            total += done
        return total

    def _drop_blobs(self, before: datetime) -> int:
        total = 0
        while True:
            with self._database.read() as tx:
                digests = tx.blobs.sweepable(before, _BATCH)
            dropped = self._database.write(_dropping(digests, before))
            total += dropped
            if not dropped:
                return total

    def _rewrite_sparse_packs(self, now: datetime) -> int:
        with self._database.read() as tx:
            keys = tx.blobs.sparse_packs(_SPARSE, _BATCH)
        for key in keys:
            self._rewrite(key, now)
        return len(keys)

    def _rewrite(self, key: str, now: datetime) -> None:
        """Put a pack's living blobs into a new one; the old stays for its readers' sake."""
        with self._database.read() as tx:
            living = {blob.digest: blob for blob in tx.blobs.in_object(key)}
        try:
            put = self._blobs.put([self._blobs.content(blob) for blob in living.values()])
        except BlobDamaged as damaged:
            # The other blobs stay where they are; one damaged pack must not end every sweep.
            digest = Digest(damaged.digest)
            self._database.write(lambda tx: tx.blobs.quarantine(digest, now))
            return

        def relocate(tx: Transaction) -> None:
            tx.blobs.add(put, now)
            for moved in put.blobs:
                tx.blobs.relocate(living[moved.digest], moved)

        self._database.write(relocate)

    def _delete_dead_objects(self, now: datetime, before: datetime) -> int:
        self._database.write(lambda tx: tx.blobs.mark_dead_objects(now))
        with self._database.read() as tx:
            keys = tx.blobs.dead_objects(before, _BATCH)
        for key in keys:
            # The row goes last: were it gone first, a crash would leave an object nobody names.
            self._blobs.delete(key)
            self._database.write(_forgetting(key))
        return len(keys)

    def _delete_unnamed_objects(self, before: datetime) -> int:
        count = 0
        for key in self._unnamed_objects(before):
            self._blobs.delete(key)
            count += 1
        return count

    def _unnamed_objects(self, before: datetime) -> Iterator[str]:
        """Left by crashes between the writing of bytes and the commit of their rows."""
        old = (stored.key for stored in self._blobs.objects() if stored.modified_at < before)
        for keys in _batches(old):
            with self._database.read() as tx:
                known = set(tx.blobs.known_objects(keys))
            yield from (key for key in keys if key not in known)


def _dropping(digests: Sequence[Digest], before: datetime) -> Callable[[Transaction], int]:
    return lambda tx: tx.blobs.drop(digests, before)


def _forgetting(key: str) -> Callable[[Transaction], None]:
    return lambda tx: tx.blobs.forget_object(key)


def _batches(keys: Iterable[str]) -> Iterator[list[str]]:
    remaining = iter(keys)
    while batch := list(islice(remaining, _BATCH)):
        yield batch
