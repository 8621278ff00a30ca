"""Working out the digests of pointers: each object is read once, for all packages."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from filemanager.domain.ids import random_id
from filemanager.domain.jobs.job import LeaseLost
from filemanager.domain.packages.hashing import RANGE_BYTES, Hashing, HashSlot, RunningHashes
from filemanager.domain.packages.pointer import ObjectPlace, Pointer, PointerId, PointerState
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.sources.errors import (
    EndpointRefused,
    SourceObjectChanged,
    SourceObjectGone,
)
from filemanager.domain.sources.objects import SourceObjects, Sources
from filemanager.services.jobs import Running
from filemanager.services.packages.tasks import POINTER
from filemanager.services.paging import until_nothing

LOOK_AGAIN = timedelta(seconds=5)
"""For a slot, where as many read the source as may."""

_UNUSED_FOR = timedelta(days=1)
_PRUNED_AT_ONCE = 1000
_SLOT_LIFE = timedelta(minutes=15)
_RENEW_EVERY = timedelta(minutes=1)


@dataclass(slots=True)
class _Reading:
    """A pointer whose object is being read, under a slot of its source."""

    running: Running
    pointer: Pointer
    place: ObjectPlace
    slot: HashSlot
    renewed_at: datetime


class HashService:
    def __init__(
        self,
        database: Database,
        sources: Sources,
        hashing: Hashing,
        clock: Clock,
        range_bytes: int = RANGE_BYTES,
    ) -> None:
        self._database = database
        self._sources = sources
        self._hashing = hashing
        self._clock = clock
        self._range_bytes = range_bytes

    def run(self, running: Running) -> None:
        """The handler. Raises ``SourceUnavailable`` and ``CredentialsLocked``, which end in another
        try that goes on where this one was.
        """
        pointer_id = PointerId(int(str(running.claimed.payload[POINTER])))
        with self._database.read() as tx:
            pointer = tx.packages.pointers.find_all([pointer_id]).get(pointer_id)
        if pointer is None or pointer.state is not PointerState.PENDING:
            return
        if isinstance(pointer.place, ObjectPlace):
            self._run(running, pointer, pointer.place)

    def prune(self) -> int:
        """Delete pointers that no item has any more; returns how many."""
        before = self._clock() - _UNUSED_FOR
        return until_nothing(
            self._database, lambda tx: tx.packages.pointers.prune(before, _PRUNED_AT_ONCE)
        )

    def _run(self, running: Running, pointer: Pointer, place: ObjectPlace) -> None:
        at = self._clock()
        slot = self._database.write(
            lambda tx: tx.packages.pointers.take_slot(
                place.source_id, random_id(), at, at + _SLOT_LIFE
            )
        )
        if slot is None:
            running.postpone(at + LOOK_AGAIN)
            return
        reading = _Reading(running, pointer, place, slot, at)
        try:
            self._read(reading)
        except (SourceObjectGone, EndpointRefused):
            self._mark(reading, PointerState.GONE)
        except SourceObjectChanged:
            self._mark(reading, PointerState.CHANGED)
        finally:
            self._database.write(lambda tx: tx.packages.pointers.free_slot(slot))

    def _read(self, reading: _Reading) -> None:
        objects, pointer = self._objects(reading.place), reading.pointer
        with self._database.read() as tx:
            saved = tx.packages.pointers.saved_hashes(pointer.id)
        hashes = self._hashing.begin(saved)
        if not pointer.size_bytes:
            objects.ensure_there(reading.place.pinned)
        while hashes.position < pointer.size_bytes:
            for chunk in self._range(objects, reading, hashes.position):
                hashes.update(chunk)
                self._renew(reading)
            self._save(reading, hashes)
        self._settle(reading, hashes)

    def _objects(self, place: ObjectPlace) -> SourceObjects:
        """Raises ``SourceObjectGone`` where the source was removed."""
        with self._database.read() as tx:
            source = tx.sources.get_all([place.source_id])[place.source_id]
        if source.removed_at is not None:
            raise SourceObjectGone(place.pinned.key)
        return self._sources.objects_of(source)

    def _range(self, objects: SourceObjects, reading: _Reading, start: int) -> Iterator[bytes]:
        stop = min(start + self._range_bytes, reading.pointer.size_bytes)
        return objects.read(reading.place.pinned, start, stop)

    def _renew(self, reading: _Reading) -> None:
        """Now and then, however slow the source is."""
        at = self._clock()
        if at - reading.renewed_at < _RENEW_EVERY:
            return
        self._database.write(lambda tx: _keep(tx, reading.slot, at))
        reading.renewed_at = at

    def _save(self, reading: _Reading, hashes: RunningHashes) -> None:
        saved = hashes.saved()
        if saved is None or hashes.position == reading.pointer.size_bytes:
            return

        def work(tx: Transaction) -> None:
            _keep(tx, reading.slot, self._clock())
            tx.packages.pointers.save_hashes(reading.pointer.id, saved)

        self._database.write(work)

    def _settle(self, reading: _Reading, hashes: RunningHashes) -> None:
        sha256, md5 = hashes.digests()

        def work(tx: Transaction) -> None:
            pointers, at = tx.packages.pointers, self._clock()
            pointers.save_digests(reading.pointer.id, sha256, md5, at)
            reading.running.settle(tx)

        self._database.write(work)

    def _mark(self, reading: _Reading, state: PointerState) -> None:
        def work(tx: Transaction) -> None:
            tx.packages.pointers.mark(reading.pointer.id, state, self._clock())
            reading.running.settle(tx)

        self._database.write(work)


def _keep(tx: Transaction, slot: HashSlot, at: datetime) -> None:
    """Raise ``LeaseLost`` where the slot ran out: another reads in it by now."""
    if not tx.packages.pointers.keep_slot(slot, at + _SLOT_LIFE):
        raise LeaseLost
