"""Removing packages: clients see them no more from the next publication on."""

from collections.abc import Sequence

from filemanager.domain.caller import Caller, Scope
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.repositories.address import Address
from filemanager.domain.repositories.catalogue import Catalogue
from filemanager.domain.repositories.errors import PackagePart
from filemanager.domain.repositories.repository import Package, PackageId, Repository
from filemanager.domain.requests.preconditions import UNCONDITIONAL, Preconditions
from filemanager.domain.trees.errors import FileNotFound
from filemanager.domain.workspaces.log import escaped
from filemanager.services.repositories.addresses import Inside, located
from filemanager.services.repositories.changes import count_change, log_change
from filemanager.services.repositories.keeping.access import ensure_allowed
from filemanager.services.repositories.pushing import Pushed


class RemovalService:
    """What it held stays readable for as long as the history is kept."""

    def __init__(self, database: Database, catalogue: Catalogue, clock: Clock) -> None:
        self._database = database
        self._catalogue = catalogue
        self._clock = clock

    def remove(
        self,
        caller: Caller,
        path: str,
        package_id: PackageId,
        preconditions: Preconditions = UNCONDITIONAL,
    ) -> Pushed:
        """Remove a package; one that was removed already changes nothing.

        Raises ``RepositoryUnknown``, ``InsufficientScope`` and ``PackageUnknown``.
        """
        address = self._catalogue.find(path)

        def work(tx: Transaction) -> Pushed:
            repository = _locked(tx, caller, address)
            package = tx.repositories.packages.get(repository.tree.id, package_id)
            preconditions.ensure(package.state)
            if package.removed_at is not None:
                return Pushed(repository.path, repository.pushes)
            return self._removed(tx, caller, repository, [package])

        return self._database.write(work)

    def remove_file(self, caller: Caller, asked: str) -> Pushed:
        """Remove the package whose file is at *asked* below the door.

        Raises like ``remove``; ``FileNotFound`` where no package is there, ``PackagePart`` for a
        file that only belongs to one.
        """
        where = located(self._catalogue, asked)
        if not isinstance(where, Inside) or where.edition is not None:
            raise FileNotFound

        def work(tx: Transaction) -> Pushed:
            repository = _locked(tx, caller, where.address)
            packages = _packages_at(tx, repository, where.path)
            return self._removed(tx, caller, repository, packages)

        return self._database.write(work)

    def _removed(
        self, tx: Transaction, caller: Caller, repository: Repository, packages: Sequence[Package]
    ) -> Pushed:
        at = self._clock()
        tx.repositories.packages.remove(repository.tree.id, [one.id for one in packages], at)
        for one in packages:
            name = escaped(f"{one.name} {one.version} ({one.arch})")
            text = f"Removed {name} from '{repository.path}'"
            log_change(tx, caller.name, at, "repository_remove", text)
        return Pushed(repository.path, count_change(tx, repository, at))


def _locked(tx: Transaction, caller: Caller, address: Address) -> Repository:
    ensure_allowed(tx, caller, Scope.REPOSITORY_ADMIN, address)
    return tx.repositories.lock(address.path)


def _packages_at(tx: Transaction, repository: Repository, path: str) -> Sequence[Package]:
    """Those that the file at *path* is; it may only belong to others, as a tarball does."""
    packages, tree = tx.repositories.packages, repository.tree.id
    holders = packages.at_paths(tree, [path]).get(path, ())
    if not holders:
        raise FileNotFound
    digests = {package_id: file.digest for package_id, file in holders}
    found = packages.find_all(tree, digests)
    itself = [one for one in found if one.files[0].digest == digests[one.id]]
    if not itself:
        raise PackagePart(path.rpartition("/")[2])
    return itself
