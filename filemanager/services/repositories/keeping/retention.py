"""Keeping the latest versions alone, where a repository is told to."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from filemanager.domain.caller import Caller, Scope
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.repositories.catalogue import Catalogue
from filemanager.domain.repositories.repository import Package, PackageId, Repository
from filemanager.domain.repositories.retention import outdated
from filemanager.services.paging import pages
from filemanager.services.repositories.changes import count_change, log_change
from filemanager.services.repositories.keeping.access import ensure_allowed
from filemanager.services.repositories.pushing import Pushed

_BATCH = 100
_TOLD = 1000


@dataclass(frozen=True, slots=True)
class Retained:
    """What went, or would go: ``count`` packages, of which no more than 1,000 are told."""

    count: int
    packages: Sequence[Package]
    pushed: Pushed


class RetentionService:
    def __init__(self, database: Database, catalogue: Catalogue, clock: Clock) -> None:
        self._database = database
        self._catalogue = catalogue
        self._clock = clock

    def foresee(self, caller: Caller, path: str, keep: int | None = None) -> Retained:
        """Tell what ``apply`` would remove. Raises what it does."""
        address = self._catalogue.find(path)
        with self._database.read() as tx:
            ensure_allowed(tx, caller, Scope.REPOSITORY_ADMIN, address)
            repository = tx.repositories.find(path)
            if repository is None:
                return Retained(0, (), Pushed(path, 0))
            return _retained(tx, repository, _outdated(tx, repository, keep))

    def apply(self, caller: Caller, path: str, keep: int | None = None) -> Retained:
        """Remove all but the *keep* latest versions of each name and architecture; None: as many
        as the repository is told to keep, which may be all.

        Raises ``RepositoryUnknown`` and ``InsufficientScope``.
        """
        address = self._catalogue.find(path)

        def work(tx: Transaction) -> Retained:
            ensure_allowed(tx, caller, Scope.REPOSITORY_ADMIN, address)
            repository = tx.repositories.hold(address)
            return self._applied(tx, repository, caller.name, keep)

        return self._database.write(work)

    def apply_rules(self) -> int:
        """Apply the rule of every repository that has one; returns how many packages went."""
        count = 0
        for repository in self._ruled():
            with self._database.read() as tx:
                is_due = bool(_outdated(tx, repository, None))
            if is_due:
                count += self._database.write(self._applying(repository.path))
        return count

    def _ruled(self) -> Iterator[Repository]:
        def page(tx: Transaction, last: Repository | None) -> Sequence[Repository]:
            return tx.repositories.page(last.path if last else "", _BATCH)

        for found in pages(self._database, page):
            yield from (one for one in found if one.keep_latest is not None)

    def _applying(self, path: str) -> Callable[[Transaction], int]:
        def work(tx: Transaction) -> int:
            return self._applied(tx, tx.repositories.lock(path), "retention", None).count

        return work

    def _applied(
        self, tx: Transaction, repository: Repository, by: str, keep: int | None
    ) -> Retained:
        ids = _outdated(tx, repository, keep)
        retained = _retained(tx, repository, ids)
        if not ids:
            return retained
        at = self._clock()
        tx.repositories.packages.remove(repository.tree.id, ids, at)
        text = f"Removed {len(ids)} outdated packages from '{repository.path}'"
        log_change(tx, by, at, "repository_retention", text)
        return replace(retained, pushed=Pushed(repository.path, count_change(tx, repository, at)))


def _outdated(tx: Transaction, repository: Repository, keep: int | None) -> Sequence[PackageId]:
    wanted = keep or repository.keep_latest
    if wanted is None:
        return ()
    return outdated(repository.base, tx.repositories.packages.versions(repository.tree.id), wanted)


def _retained(tx: Transaction, repository: Repository, ids: Sequence[PackageId]) -> Retained:
    told = tx.repositories.packages.find_all(repository.tree.id, ids[:_TOLD])
    return Retained(len(ids), told, Pushed(repository.path, repository.pushes))
