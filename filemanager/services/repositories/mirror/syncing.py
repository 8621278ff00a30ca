"""Packages that another service, or somebody by hand, has put into the bucket are taken in."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from filemanager.domain.blobs.named_objects import NamedObjects
from filemanager.domain.ids import TreeId
from filemanager.domain.intake.scratch import ScratchSpace
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.repositories.address import Address
from filemanager.domain.repositories.catalogue import Catalogue
from filemanager.domain.repositories.errors import RepositoryUnknown
from filemanager.domain.repositories.mirror import BucketObject, Quarantine
from filemanager.services.jobs import Running
from filemanager.services.repositories.addresses import Inside, located
from filemanager.services.repositories.mirror.finds import Find, finds
from filemanager.services.repositories.mirror.taking import Outcomes, Taker
from filemanager.services.repositories.pushing import PushService
from filemanager.services.repositories.tasks import (
    PATH,
    mirror_task,
    publish_task,
    sync_all_task,
    sync_task,
)

_FIRST_PAUSE = timedelta(hours=1)
_MOST_DOUBLINGS = 5
"""What is refused is read again after an hour, in the end after more than a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncTerms:
    """*max_bytes* is what one push may have."""

    objects: NamedObjects
    catalogue: Catalogue
    max_bytes: int


class SyncService:
    """Each object is read once, and again when it has other bytes. What is refused is told in
    ``malformed_list.txt``, is read again after longer and longer pauses, and holds up nothing.

    It stays where it lies, whatever becomes of it. What is written there by us is known, and what
    is there to be deleted is passed over.
    """

    def __init__(
        self,
        database: Database,
        pushes: PushService,
        space: ScratchSpace,
        terms: SyncTerms,
        clock: Clock,
    ) -> None:
        self._database = database
        self._pushes = pushes
        self._space = space
        self._terms = terms
        self._clock = clock

    def promise_all(self) -> None:
        """For every repository of the configuration that lies in the bucket."""
        self._database.write(lambda tx: tx.outbox.add(sync_all_task(), self._clock()))

    def sync_all(self, running: Running) -> None:
        """The handler of that task: one listing of the bucket tells which those are."""
        found: set[str] = set()
        for one in self._terms.objects.listing(""):
            running.report(0, "listing the bucket")
            address = self._address_of(one.key)
            if address is not None:
                found.add(address.path)

        def work(tx: Transaction) -> None:
            for path in sorted(found):
                tx.outbox.add(sync_task(path), self._clock())
            running.settle(tx)

        self._database.write(work)

    def sync(self, running: Running) -> None:
        """The handler of the task of one repository. Raises ``QuotaExceeded``: then it waits until
        there is room.
        """
        try:
            address = self._terms.catalogue.find(str(running.claimed.payload[PATH]))
        except RepositoryUnknown:
            return
        _Sync(self._database, address, running, self._clock).do(self._taker(running), self._terms)

    def _taker(self, running: Running) -> Taker:
        return Taker(
            objects=self._terms.objects,
            pushes=self._pushes,
            space=self._space,
            max_bytes=self._terms.max_bytes,
            before_each=lambda: running.report(0, "reading the bucket"),
        )

    def _address_of(self, key: str) -> Address | None:
        try:
            where = located(self._terms.catalogue, key)
        except RepositoryUnknown:
            return None
        return where.address if isinstance(where, Inside) and where.edition is None else None


class _Sync:
    """The work of one claim of the task."""

    def __init__(
        self, database: Database, address: Address, running: Running, clock: Clock
    ) -> None:
        self._database = database
        self._address = address
        self._running = running
        self._clock = clock

    def do(self, taker: Taker, terms: SyncTerms) -> None:
        listed = {find.path: find for find in finds(terms.objects, self._address)}
        tree_id = self._database.write(self._held)
        before = self._quarantined(tree_id)
        for directory in self._new(tree_id, listed, before):
            for outcomes in taker.take(self._address, directory):
                self._note(tree_id, listed, outcomes)
        vanished = before.keys() - listed.keys()
        self._database.write(lambda tx: self._end(tx, tree_id, vanished))

    def _held(self, tx: Transaction) -> TreeId:
        return tx.repositories.hold(self._address).tree.id

    def _quarantined(self, tree_id: TreeId) -> Mapping[str, BucketObject]:
        with self._database.read() as tx:
            return {one.path: one for one in tx.repositories.known_objects.quarantined(tree_id)}

    def _new(
        self, tree_id: TreeId, listed: Mapping[str, Find], before: Mapping[str, BucketObject]
    ) -> Sequence[Sequence[Find]]:
        """What is to be read, by directory. With anything new, whatever was refused there is tried
        again: a source may have waited for a file.
        """
        with self._database.read() as tx:
            known = tx.repositories.known_objects.find(tree_id, listed)
            leaving = tx.repositories.leftovers.among(tree_id, listed)
        now = self._clock()
        due = {
            path
            for path, find in listed.items()
            if path not in leaving and _is_due(find, known.get(path), now)
        }
        directories = {listed[path].directory for path in due}
        again = before.keys() & listed.keys()
        due |= {path for path in again if listed[path].directory in directories}
        by_directory: dict[str, list[Find]] = defaultdict(list)
        for path in sorted(due):
            by_directory[listed[path].directory].append(listed[path])
        return list(by_directory.values())

    def _note(self, tree_id: TreeId, listed: Mapping[str, Find], outcomes: Outcomes) -> None:
        def work(tx: Transaction) -> None:
            tx.repositories.lock(self._address.path)
            known = tx.repositories.known_objects
            before = known.find(tree_id, outcomes)
            objects = [
                self._known(listed[path], why, before.get(path)) for path, why in outcomes.items()
            ]
            known.note(tree_id, objects)
            if _told(objects) != _told(before.values()):
                tx.outbox.add(publish_task(self._address.path), self._clock())

        self._database.write(work)

    def _known(self, find: Find, why: str | None, before: BucketObject | None) -> BucketObject:
        if why is None:
            return find.known()
        tries = 1
        if before is not None and before.quarantine is not None and find.is_seen_in(before):
            tries += before.quarantine.tries
        pause = _FIRST_PAUSE * 2 ** min(tries - 1, _MOST_DOUBLINGS)
        return find.known(Quarantine(why, tries, self._clock() + pause))

    def _end(self, tx: Transaction, tree_id: TreeId, vanished: Collection[str]) -> None:
        """Locks are taken in one order: the repository, the task."""
        path, at = self._address.path, self._clock()
        repository = tx.repositories.lock(path)
        tx.repositories.save(replace(repository, synced_through=repository.pushes))
        if vanished:
            tx.repositories.known_objects.forget(tree_id, vanished)
            tx.outbox.add(publish_task(path), at)
        if repository.is_published:
            tx.outbox.add(mirror_task(path), at)
        self._running.settle(tx)


def _is_due(find: Find, known: BucketObject | None, at: datetime) -> bool:
    if known is None or not find.is_seen_in(known):
        return True
    return known.quarantine is not None and known.quarantine.again_at <= at


def _told(objects: Iterable[BucketObject]) -> set[tuple[str, str]]:
    """What stands in the list of what is refused."""
    return {(one.path, one.quarantine.why) for one in objects if one.quarantine is not None}
