"""Seeing which repositories there are, and the packages in one."""

from collections.abc import Sequence

from filemanager.domain.caller import Caller, Scope
from filemanager.domain.ports import Database
from filemanager.domain.repositories.catalogue import Catalogue
from filemanager.domain.repositories.errors import PackagePurged
from filemanager.domain.repositories.repository import (
    Package,
    PackageId,
    PackageQuery,
    Repository,
    as_configured,
    unmade,
)
from filemanager.services.repositories.keeping.access import (
    ensure_allowed,
    hidden,
    known,
    readable,
)


class RepositoryBrowser:
    """What a caller may not read does not exist: each method raises ``RepositoryUnknown``."""

    def __init__(self, database: Database, catalogue: Catalogue) -> None:
        self._database = database
        self._catalogue = catalogue

    def repositories(self, caller: Caller | None, after: str, limit: int) -> Sequence[Repository]:
        """Those that are configured, made or not, by path, behind *after*."""
        behind = {one.path: one for one in self._catalogue.addresses() if one.path > after}
        with self._database.read() as tx:
            shown = sorted(behind.keys() - hidden(tx, caller, self._catalogue))[:limit]
            made = tx.repositories.find_all(shown)
        return [
            as_configured(made.get(path) or unmade(behind[path]), behind[path]) for path in shown
        ]

    def repository(self, caller: Caller | None, path: str) -> Repository:
        """Also for those who fill it and read nothing there: they see how far it is published."""
        address = self._catalogue.find(path)
        if caller is not None and caller.holds_below(Scope.REPOSITORY_PUBLISH, path):
            with self._database.read() as tx:
                return known(tx, address)
        with self._database.read() as tx:
            return readable(tx, caller, address)

    def ensure_allowed(self, caller: Caller, scope: Scope, path: str) -> None:
        """Raises ``InsufficientScope`` too."""
        address = self._catalogue.find(path)
        with self._database.read() as tx:
            ensure_allowed(tx, caller, scope, address)

    def packages(self, caller: Caller | None, path: str, query: PackageQuery) -> Sequence[Package]:
        """By id."""
        address = self._catalogue.find(path)
        with self._database.read() as tx:
            repository = readable(tx, caller, address)
            return tx.repositories.packages.page(repository.tree.id, query)

    def package(self, caller: Caller | None, path: str, package_id: PackageId) -> Package:
        """Living or not. Raises ``PackageUnknown`` and ``PackagePurged``."""
        address = self._catalogue.find(path)
        with self._database.read() as tx:
            repository = readable(tx, caller, address)
            if tx.repositories.purges.holds(repository.tree.id, package_id):
                raise PackagePurged
            return tx.repositories.packages.get(repository.tree.id, package_id)
