"""Promoting packages: into another repository, with the bytes that are stored already."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from filemanager.domain.blobs.blob import Put
from filemanager.domain.caller import Caller, Scope
from filemanager.domain.ids import Digest
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.quotas import Allowance
from filemanager.domain.repositories.address import Address
from filemanager.domain.repositories.catalogue import Catalogue
from filemanager.domain.repositories.errors import OtherBase, PackageUnknown
from filemanager.domain.repositories.package import SOURCE, Base
from filemanager.domain.repositories.places import product_directory
from filemanager.domain.repositories.repository import (
    NewPackage,
    PackageFile,
    PackageId,
    Repository,
    repository_subject,
)
from filemanager.domain.workspaces.log import escaped
from filemanager.indexes.apt.stanzas import moved
from filemanager.services.committing import Committer
from filemanager.services.repositories.arriving import Arriving
from filemanager.services.repositories.changes import count_change, log_change
from filemanager.services.repositories.editions import revision_of
from filemanager.services.repositories.keeping.access import ensure_allowed, readable
from filemanager.services.repositories.pushing import Pushed


@dataclass(frozen=True, slots=True, kw_only=True)
class Promotion:
    """Of *source* these living *packages*, or all of a publication or snapshot (*edition*)."""

    source: str
    target: str
    packages: Collection[PackageId] = ()
    edition: str | None = None


class PromotionService:
    """``max_bytes`` is what a repository may hold, None: anything.

    A record is not made anew of the stored bytes: in the other repository it differs by the one
    line that says where the file lies. That line is written anew, and no byte of a package is read.
    """

    def __init__(
        self,
        database: Database,
        committer: Committer,
        catalogue: Catalogue,
        max_bytes: int | None,
        clock: Clock,
    ) -> None:
        self._database = database
        self._committer = committer
        self._catalogue = catalogue
        self._max_bytes = max_bytes
        self._clock = clock

    def promote(self, caller: Caller, promotion: Promotion) -> Pushed:
        """Add the packages to the target, all or none; what is there already is left.

        *caller* reads in the source and publishes in the target. Raises ``RepositoryUnknown``,
        ``InsufficientScope``, ``PackageUnknown``, ``SnapshotUnknown``, ``RevisionPruned``,
        ``OtherBase``, and like a push ``PathTaken``, ``PackageRefused`` and ``QuotaExceeded``.
        """
        source = self._catalogue.find(promotion.source)
        target = self._catalogue.find(promotion.target)
        with self._database.read() as tx:
            ensure_allowed(tx, caller, Scope.REPOSITORY_PUBLISH, target)
            repository = readable(tx, caller, source)
            if source.base is not target.base:
                raise OtherBase(source.path, target.path)
            given = _given(tx, repository, promotion)
        packages = [_moved(one, target) for one in given]
        contents = self._committer.stored(_digests(packages))
        return self._committer.commit(
            lambda: contents,
            lambda tx, put: self._commit(tx, put, caller, (source, target), packages),
        )

    def _commit(
        self,
        tx: Transaction,
        put: Put,
        caller: Caller,
        way: tuple[Address, Address],
        packages: Sequence[NewPackage],
    ) -> Pushed:
        """Locks are taken in one order: blobs, the repository, quotas."""
        source, target = way
        self._committer.keep(tx, put, _digests(packages))
        repository = tx.repositories.hold(target)
        at = self._clock()
        came = Arriving(tx, repository).take(packages, caller.owner, at)
        if not came:
            return Pushed(repository.path, repository.pushes)
        names = ", ".join(sorted({escaped(one.name) for one in came})[:10])
        text = f"Promoted {len(came)} packages ({names}) from '{source}' to '{target}'"
        log_change(tx, caller.name, at, "repository_promote", text)
        pushed = Pushed(repository.path, count_change(tx, repository, at))
        allowance = Allowance(repository_subject(repository.path), self._max_bytes)
        tx.quotas.use([allowance], sum(one.charged_bytes for one in came))
        return pushed


def _given(tx: Transaction, repository: Repository, promotion: Promotion) -> Sequence[NewPackage]:
    packages, tree = tx.repositories.packages, repository.tree.id
    if promotion.edition is not None:
        revision = revision_of(tx, repository, promotion.edition)
        return packages.as_given(tree, packages.alive_at(tree, revision))
    living = {one.id for one in packages.find_all(tree, promotion.packages) if not one.removed_at}
    if living != set(promotion.packages):
        raise PackageUnknown
    return packages.as_given(tree, living)


def _moved(package: NewPackage, target: Address) -> NewPackage:
    """The package as a push of its bytes to *target* would have made it."""
    if target.base is Base.RPM:
        return package
    directory = product_directory(target.version, package.product)
    files = (replace(one, path=f"{directory}/{_name(one)}") for one in package.files)
    record = moved(package.record, directory, is_source=package.arch == SOURCE)
    return replace(package, record=record, files=tuple(files))


def _name(file: PackageFile) -> str:
    return file.path.rpartition("/")[2]


def _digests(packages: Sequence[NewPackage]) -> set[Digest]:
    return {file.digest for package in packages for file in package.files}
