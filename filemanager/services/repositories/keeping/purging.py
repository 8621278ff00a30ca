"""Purging packages: at once, from every publication and snapshot."""

from collections.abc import Iterator, Sequence

from filemanager.domain.caller import Caller, Scope
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.repositories.address import Address
from filemanager.domain.repositories.catalogue import Catalogue
from filemanager.domain.repositories.errors import PackagePart, PackagePurged
from filemanager.domain.repositories.repository import (
    Package,
    PackageFile,
    PackageId,
    Purge,
    Repository,
)
from filemanager.domain.requests.preconditions import UNCONDITIONAL, Preconditions
from filemanager.domain.trees.errors import FileNotFound
from filemanager.domain.workspaces.log import escaped
from filemanager.services.repositories.addresses import Inside, located
from filemanager.services.repositories.changes import count_change, log_change
from filemanager.services.repositories.keeping.access import ensure_allowed
from filemanager.services.repositories.pushing import Pushed
from filemanager.services.repositories.tasks import Announce, nothing_follows


class PurgeService:
    """Indexes of earlier publications still list it, since they are signed; its bytes go with the
    next sweep, unless another repository or a workspace has them too.
    """

    def __init__(
        self,
        database: Database,
        catalogue: Catalogue,
        clock: Clock,
        announce: Announce = nothing_follows,
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._clock = clock
        self._announce = announce

    def purge(
        self,
        caller: Caller,
        path: str,
        package_id: PackageId,
        preconditions: Preconditions = UNCONDITIONAL,
    ) -> Pushed:
        """Purge a package, living or not, and whatever came with the same bytes.

        Raises ``RepositoryUnknown``, ``InsufficientScope``, ``PackageUnknown`` and
        ``PackagePurged``.
        """
        address = self._catalogue.find(path)

        def work(tx: Transaction) -> Pushed:
            repository = _locked(tx, caller, address)
            if tx.repositories.purges.holds(repository.tree.id, package_id):
                raise PackagePurged
            package = tx.repositories.packages.get(repository.tree.id, package_id)
            preconditions.ensure(package.state)
            return self._purged(tx, caller, repository, package)

        return self._database.write(work)

    def purge_file(self, caller: Caller, asked: str) -> Pushed:
        """Purge the package whose file is at *asked* below the door now.

        Raises like ``purge``, ``FileNotFound``, and ``PackagePart`` for what belongs to one.
        """
        where = located(self._catalogue, asked)
        if not isinstance(where, Inside) or where.edition is not None:
            raise FileNotFound

        def work(tx: Transaction) -> Pushed:
            repository = _locked(tx, caller, where.address)
            return self._purged(tx, caller, repository, _package_at(tx, repository, where.path))

        return self._database.write(work)

    def _purged(
        self, tx: Transaction, caller: Caller, repository: Repository, package: Package
    ) -> Pushed:
        tree, packages, at = repository.tree.id, tx.repositories.packages, self._clock()
        gone = packages.incarnations(tree, package.files[0].digest)
        ids = tuple(one.id for one in gone)
        exclusive = tuple(_exclusive(tx, repository, gone))
        purge = Purge(
            tree_id=tree, packages=ids, files=exclusive, purged_by=caller.owner, purged_at=at
        )
        tx.repositories.purges.add(purge)
        packages.purge(tree, ids, at)
        self._leave_the_bucket(tx, repository, exclusive)
        name = escaped(f"{package.name} {package.version} ({package.arch})")
        text = f"Purged {name} from '{repository.path}'"
        log_change(tx, caller.name, at, "repository_purge", text)
        if all(one.removed_at is not None for one in gone):
            return Pushed(repository.path, repository.pushes)
        return Pushed(repository.path, count_change(tx, repository, at))

    def _leave_the_bucket(
        self, tx: Transaction, repository: Repository, files: Sequence[PackageFile]
    ) -> None:
        """Where there is one that clients read: without the grace that what is removed has."""
        if repository.mirror_begun is None:
            return
        at, paths = self._clock(), [file.path for file in files]
        tx.repositories.leftovers.remove(repository.tree.id, paths)
        tx.repositories.leftovers.add(repository.tree.id, paths, at)
        self._announce(tx, repository.path, at)


def _locked(tx: Transaction, caller: Caller, address: Address) -> Repository:
    ensure_allowed(tx, caller, Scope.REPOSITORY_ADMIN, address)
    return tx.repositories.lock(address.path)


def _exclusive(
    tx: Transaction, repository: Repository, gone: Sequence[Package]
) -> Iterator[PackageFile]:
    """The files that no other package needs, or needed."""
    ids = {one.id for one in gone}
    files = {file for one in gone for file in one.files}
    holders = tx.repositories.packages.holders(repository.tree.id, files)
    return (file for file in sorted(files, key=_path) if set(holders.get(file, ())) <= ids)


def _path(file: PackageFile) -> str:
    return file.path


def _package_at(tx: Transaction, repository: Repository, path: str) -> Package:
    packages, tree = tx.repositories.packages, repository.tree.id
    holders = packages.at_paths(tree, [path]).get(path, ())
    if not holders:
        raise PackagePurged if tx.repositories.purges.digests(tree, path) else FileNotFound
    digests = {package_id: file.digest for package_id, file in holders}
    for one in packages.find_all(tree, digests):
        if one.files[0].digest == digests[one.id]:
            return one
    raise PackagePart(path.rpartition("/")[2])
