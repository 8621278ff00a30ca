"""Snapshots: publications that are named, and kept for as long as they are."""

from collections.abc import Sequence

from filemanager.domain.caller import Caller, Scope
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.repositories.address import Address
from filemanager.domain.repositories.catalogue import Catalogue
from filemanager.domain.repositories.errors import SnapshotExists, SnapshotUnknown
from filemanager.domain.repositories.repository import Repository
from filemanager.domain.repositories.snapshots import ensure_snapshot_name, snapshot_state
from filemanager.domain.requests.preconditions import UNCONDITIONAL, Preconditions
from filemanager.domain.trees.history import Pin
from filemanager.services.repositories.changes import log_change
from filemanager.services.repositories.editions import revision_of
from filemanager.services.repositories.keeping.access import ensure_allowed, readable


class SnapshotService:
    """A snapshot is a pin with a name. Each method raises ``RepositoryUnknown``, also where the
    caller may not know of it.
    """

    def __init__(self, database: Database, catalogue: Catalogue, clock: Clock) -> None:
        self._database = database
        self._catalogue = catalogue
        self._clock = clock

    def of(self, caller: Caller | None, path: str) -> Sequence[Pin]:
        """Oldest first."""
        address = self._catalogue.find(path)
        with self._database.read() as tx:
            repository = readable(tx, caller, address)
            return [pin for pin in tx.pins.of(repository.tree.id) if pin.name is not None]

    def get(self, caller: Caller | None, path: str, name: str) -> Pin:
        """Raises ``SnapshotUnknown``."""
        address = self._catalogue.find(path)
        with self._database.read() as tx:
            return _named(tx, readable(tx, caller, address), name)

    def create(self, caller: Caller, path: str, name: str, edition: str | None = None) -> Pin:
        """Name a publication, the newest unless told.

        Raises ``InsufficientScope``, ``SnapshotNameRefused``, ``SnapshotExists``,
        ``SnapshotUnknown`` and ``RevisionPruned``.
        """
        ensure_snapshot_name(name)
        address = self._catalogue.find(path)

        def work(tx: Transaction) -> Pin:
            repository = _locked(tx, caller, Scope.REPOSITORY_PUBLISH, address)
            if tx.pins.find(repository.tree.id, name) is not None:
                raise SnapshotExists(name)
            at = self._clock()
            pin = Pin(
                tree_id=repository.tree.id,
                revision=revision_of(tx, repository, edition or str(repository.tree.revision)),
                name=name,
                created_by=caller.owner,
                created_at=at,
            )
            text = f"Made the snapshot '{name}' of '{path}' at {pin.revision}"
            log_change(tx, caller.name, at, "repository_snapshot", text)
            return tx.pins.add(pin)

        return self._database.write(work)

    def delete(
        self,
        caller: Caller,
        path: str,
        name: str,
        preconditions: Preconditions = UNCONDITIONAL,
    ) -> None:
        """Forget the name: what it alone kept goes by and by.

        Raises ``InsufficientScope`` and ``SnapshotUnknown``.
        """
        address = self._catalogue.find(path)

        def work(tx: Transaction) -> None:
            repository = _locked(tx, caller, Scope.REPOSITORY_ADMIN, address)
            pin = _named(tx, repository, name)
            preconditions.ensure(snapshot_state(pin))
            tx.pins.delete(pin)
            text = f"Deleted the snapshot '{name}' of '{path}'"
            log_change(tx, caller.name, self._clock(), "repository_snapshot_deleted", text)

        self._database.write(work)


def _locked(tx: Transaction, caller: Caller, scope: Scope, address: Address) -> Repository:
    ensure_allowed(tx, caller, scope, address)
    return tx.repositories.lock(address.path)


def _named(tx: Transaction, repository: Repository, name: str) -> Pin:
    found = tx.pins.find(repository.tree.id, name)
    if found is None:
        raise SnapshotUnknown
    return found
