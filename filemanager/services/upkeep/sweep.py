"""Giving space back: what nothing refers to goes, after a grace time."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice

from filemanager.domain.blobs.blob import is_small
from filemanager.domain.blobs.store import BlobStore
from filemanager.domain.errors import BlobDamaged
from filemanager.domain.ids import Digest
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.trees.history import EndedBefore, Purpose
from filemanager.domain.workspaces.listing import WorkspaceQuery
from filemanager.domain.workspaces.workspace import Status
from filemanager.services.paging import pages, until_nothing

_BATCH = 500
_SMALL_AT_ONCE = 50
"""Small packs are moved so many in a transaction, for others to write in between."""

_SPARSE = 0.5
"""A pack is rewritten when less than this share of it is used."""

_BIRTH = "birth of the store"


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """``grace`` is longer than any request runs; ``history`` is how long unpinned rows stay, in
    trees of these purposes so long.
    """

    grace: timedelta
    history: timedelta
    history_by_purpose: Mapping[Purpose, timedelta] = field(default_factory=dict)

    def ended_before(self, now: datetime) -> EndedBefore:
        # A download may still be reading rows that ended after it began.
        times = {
            purpose: now - max(history, self.grace)
            for purpose, history in self.history_by_purpose.items()
        }
        return EndedBefore(now - max(self.history, self.grace), times)


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """What a sweep did, or would do. Packs that are rewritten are sparse ones and small ones."""

    history_rows: int = 0
    blobs: int = 0
    packs_rewritten: int = 0
    objects: int = 0
    unnamed_objects: int = 0


class Sweeper:
    """Rows first, objects after the grace: a reader that holds an object's place can finish.

    May be stopped at any point, and several may run at once: a row without references is dropped
    in a transaction that a new reference forbids, and every object that is deleted has had no
    blob for the grace time.
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
        wanted_before = now - self._keeping.grace
        return Swept(
            history_rows=self._prune(self._keeping.ended_before(now)),
            blobs=self._drop_blobs(wanted_before),
            packs_rewritten=self._rewrite_sparse_packs(now),
            objects=self._delete_dead_objects(now, wanted_before),
            unnamed_objects=self._delete_unnamed_objects(wanted_before),
        )

    def dry_run(self) -> Swept:
        """Count what ``sweep`` would do now, and change nothing."""
        now = self._clock()
        wanted_before = now - self._keeping.grace
        with self._database.read() as tx:
            foreseen = tx.upkeep.forecast(wanted_before, self._keeping.ended_before(now), _SPARSE)
        return Swept(
            history_rows=foreseen.history_rows,
            blobs=foreseen.blobs,
            packs_rewritten=foreseen.packs,
            objects=foreseen.objects,
            unnamed_objects=sum(1 for _ in self._unnamed_objects(wanted_before)),
        )

    def _prune(self, ended: EndedBefore) -> int:
        return until_nothing(self._database, lambda tx: tx.upkeep.prune(ended, _BATCH))

    def _drop_blobs(self, before: datetime) -> int:
        def sweepable(tx: Transaction, last: Digest | None) -> Sequence[Digest]:
            return tx.blobs.sweepable(before, _BATCH, last)

        batches = pages(self._database, sweepable)
        return sum(self._database.write(_dropping(digests, before)) for digests in batches)

    def _rewrite_sparse_packs(self, now: datetime) -> int:
        """A batch at a time, until one in which there was nothing that could be moved."""
        total = 0
        while done := sum(self._rewrite(keys, now) for keys in self._sparse_packs()):
            total += done
        return total

    def _sparse_packs(self) -> Iterator[Sequence[str]]:
        """Those that become one pack: some small ones together, each other one by itself."""
        with self._database.read() as tx:
            keys = tx.blobs.sparse_packs(_SPARSE, _BATCH)
        yield from _batches((key for key in keys if is_small(key)), _SMALL_AT_ONCE)
        yield from ([key] for key in keys if not is_small(key))

    def _rewrite(self, keys: Sequence[str], now: datetime) -> int:
        """Copy the living blobs of packs into a new one; the old stay for their readers' sake.

        Returns how many packs moved. A blob that proves damaged is quarantined, and the others
        move the next time.
        """
        with self._database.read() as tx:
            damaged = set(tx.blobs.quarantined())
            lying = [blob for key in keys for blob in tx.blobs.in_object(key)]
        living = [blob for blob in lying if blob.digest not in damaged]
        if not living:
            return 0
        try:
            put = self._blobs.copy(living)
        except BlobDamaged as error:
            digest = Digest(error.digest)
            self._database.write(lambda tx: tx.blobs.quarantine(digest, now))
            return 0

        def relocate(tx: Transaction) -> int:
            # The object alone: a blob that went meanwhile must not come back.
            tx.blobs.add(replace(put, blobs=()), now)
            moves = zip(living, put.blobs, strict=True)
            in_order = sorted(moves, key=lambda move: move[0].digest)
            moved = [old for old, new in in_order if tx.blobs.relocate(old, new)]
            return len({blob.object_key for blob in moved})

        return self._database.write(relocate)

    def _delete_dead_objects(self, now: datetime, before: datetime) -> int:
        self._database.write(lambda tx: tx.blobs.mark_dead_objects(now))
        total = 0
        while keys := self._dead_objects(before):
            for key in keys:
                # The row goes last: were it gone first, a crash would leave an object nobody names.
                self._blobs.delete(key)
                self._database.write(_forgetting(key))
            total += len(keys)
        return total

    def _dead_objects(self, before: datetime) -> Sequence[str]:
        with self._database.read() as tx:
            return tx.blobs.dead_objects(before, _BATCH)

    def _delete_unnamed_objects(self, before: datetime) -> int:
        count = 0
        self._database.write(_note_birth)
        for key in self._unnamed_objects(before):
            self._blobs.delete(key)
            count += 1
        return count

    def _unnamed_objects(self, before: datetime) -> Iterator[str]:
        """Left by crashes between the writing of bytes and the commit of their rows.

        An object older than what the database knows first is left alone. It cannot come from such
        a crash, but it may be all that somebody has, looked at with the wrong, new database.
        """
        with self._database.read() as tx:
            birth = _birth(tx)
        if birth is None:
            return
        stored = self._blobs.objects()
        old = (one.key for one in stored if birth <= one.modified_at < before)
        for keys in _batches(old):
            with self._database.read() as tx:
                known = set(tx.upkeep.known_objects(keys))
            yield from (key for key in keys if key not in known)


def _note_birth(tx: Transaction) -> None:
    """Once: what it was told by may go, and then the database would seem to be younger."""
    birth = _birth(tx)
    if birth is not None and tx.progress(_BIRTH) is None:
        tx.save_progress(_BIRTH, birth.isoformat())


def _birth(tx: Transaction) -> datetime | None:
    """Since when the store is this database's: of its first workspace, or of the first object that
    any other door has named. None: it has known nothing yet.
    """
    noted = tx.progress(_BIRTH)
    if noted is not None:
        return datetime.fromisoformat(noted)
    firsts = [*_first_workspaces(tx), tx.upkeep.first_object_at()]
    return min((at for at in firsts if at is not None), default=None)


def _first_workspaces(tx: Transaction) -> Iterator[datetime]:
    """Deleted ones are listed only where they are asked for."""
    for status in (None, Status.DELETED):
        page = tx.workspaces.page(WorkspaceQuery(owner=None, status=status, limit=1))
        yield from (found.created_at for found in page.workspaces)


def _dropping(digests: Sequence[Digest], before: datetime) -> Callable[[Transaction], int]:
    return lambda tx: tx.blobs.drop(digests, before)


def _forgetting(key: str) -> Callable[[Transaction], None]:
    return lambda tx: tx.blobs.forget_object(key)


def _batches(keys: Iterable[str], size: int = _BATCH) -> Iterator[list[str]]:
    remaining = iter(keys)
    while batch := list(islice(remaining, size)):
        yield batch
