"""The life of a package: made, described, listed, deleted."""

from collections.abc import Callable, Sequence

from filemanager.domain.caller import Caller, Owner, Scope
from filemanager.domain.ids import Revision, TreeId, random_id
from filemanager.domain.packages.changes import PackageLimits
from filemanager.domain.packages.data_package import (
    DataPackage,
    DataPackageId,
    Description,
    packages_subject,
)
from filemanager.domain.packages.errors import TooManyDataPackages
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.quotas import Allowance, QuotaExceeded
from filemanager.domain.requests.preconditions import UNCONDITIONAL, Preconditions
from filemanager.domain.workspaces.log import escaped
from filemanager.services.packages.access import ensure_allowed, locked_package, readable_package
from filemanager.services.packages.changing import log_package


class PackageKeeper:
    def __init__(self, database: Database, limits: PackageLimits, clock: Clock) -> None:
        self._database = database
        self._limits = limits
        self._clock = clock

    def create(self, caller: Caller, described: Description) -> DataPackage:
        """Make an empty package. Raises ``TooManyDataPackages``."""
        caller.ensure_holds(Scope.PACKAGE_WRITE)
        return self._database.write(lambda tx: self.add(tx, caller, described, is_anonymous=False))

    def add(
        self, tx: Transaction, caller: Caller, described: Description, *, is_anonymous: bool
    ) -> DataPackage:
        """``create`` within a transaction that goes on."""
        at = self._clock()
        package = tx.packages.add(
            DataPackage(
                id=DataPackageId(random_id()),
                owner=caller.owner,
                tree_id=TreeId(0),
                revision=Revision(0),
                described=described,
                items=0,
                size_bytes=0,
                text_bytes=0,
                is_anonymous=is_anonymous,
                created_at=at,
                changed_at=at,
            )
        )
        log_package(tx, caller, at, "package_create", f"Created package {package.id}")
        self._count(tx, caller.owner)
        return package

    def ensure_allowed(self, caller: Caller, scope: Scope, package_id: DataPackageId) -> None:
        """Raises ``DataPackageNotFound`` and ``InsufficientScope``, like all that follow."""
        with self._database.read() as tx:
            ensure_allowed(tx, caller, scope, package_id)

    def get(self, caller: Caller, package_id: DataPackageId) -> DataPackage:
        with self._database.read() as tx:
            return readable_package(tx, caller, package_id)

    def page(self, caller: Caller, after: int, limit: int) -> Sequence[DataPackage]:
        """The caller's own, oldest first, behind the one of that number."""
        with self._database.read() as tx:
            return tx.packages.page(caller.owner, after, limit)

    def describe(
        self,
        caller: Caller,
        package_id: DataPackageId,
        change: Callable[[Description], Description],
        preconditions: Preconditions = UNCONDITIONAL,
    ) -> DataPackage:
        """Say other things of it, in a new revision; versions keep what was said of them."""

        def work(tx: Transaction) -> DataPackage:
            package = locked_package(tx, caller, package_id)
            preconditions.ensure(package.state)
            described = change(package.described)
            if described == package.described:
                return package
            at = self._clock()
            text = f"Described package {package.id} as '{escaped(described.name)}'"
            log_package(tx, caller, at, "package_describe", text)
            return tx.packages.describe(package, described, at)

        return self._database.write(work)

    def delete(
        self,
        caller: Caller,
        package_id: DataPackageId,
        preconditions: Preconditions = UNCONDITIONAL,
    ) -> None:
        """Delete a package with all its versions; what opened it opens nothing any more.

        Its texts count until they are pruned.
        """

        def work(tx: Transaction) -> None:
            package = locked_package(tx, caller, package_id)
            preconditions.ensure(package.state)
            at = self._clock()
            tx.packages.delete(package, at)
            log_package(tx, caller, at, "package_delete", f"Deleted package {package.id}")
            tx.quotas.use([Allowance(packages_subject(package.owner), None)], -1)

        self._database.write(work)

    def _count(self, tx: Transaction, owner: Owner) -> None:
        """Behind all other locks."""
        try:
            tx.quotas.use([Allowance(packages_subject(owner), self._limits.packages)], 1)
        except QuotaExceeded as full:
            raise TooManyDataPackages(full.limit_bytes) from full
