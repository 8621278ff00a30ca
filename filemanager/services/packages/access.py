"""What somebody may see of a package, and change."""

from collections.abc import Collection

from filemanager.domain.caller import Caller, Owner, Rights, Scope
from filemanager.domain.errors import NotOwner
from filemanager.domain.packages.data_package import DataPackage, DataPackageId, DataPackageNotFound
from filemanager.domain.ports import Transaction
from filemanager.domain.sources.errors import SourceUnknown
from filemanager.domain.sources.source import SourceId
from filemanager.services.sources.rights import all_readable


def rights_in(package_id: DataPackageId) -> Rights:
    return Rights(Scope.PACKAGE_READ, Scope.PACKAGE_WRITE, str(package_id))


def ensure_allowed(
    tx: Transaction, caller: Caller, scope: Scope, package_id: DataPackageId
) -> DataPackage:
    """Raises ``InsufficientScope`` and ``DataPackageNotFound``, which a stranger's is too."""
    caller.ensure_may_ask(scope, str(package_id))
    return _allowed(caller, scope, tx.packages.get(package_id))


def readable_package(tx: Transaction, caller: Caller, package_id: DataPackageId) -> DataPackage:
    """Raises like ``ensure_allowed``."""
    return ensure_allowed(tx, caller, Scope.PACKAGE_READ, package_id)


def writable_package(tx: Transaction, caller: Caller, package_id: DataPackageId) -> DataPackage:
    """Raises like ``ensure_allowed``."""
    return ensure_allowed(tx, caller, Scope.PACKAGE_WRITE, package_id)


def locked_package(tx: Transaction, caller: Caller, package_id: DataPackageId) -> DataPackage:
    """``writable_package``, held until the transaction ends."""
    caller.ensure_may_ask(Scope.PACKAGE_WRITE, str(package_id))
    return _allowed(caller, Scope.PACKAGE_WRITE, tx.packages.lock(package_id))


def ensure_readable(tx: Transaction, ids: Collection[SourceId], owner: Owner) -> None:
    """Raise ``SourceUnknown`` unless the owner of a package may read all of them."""
    if set(ids) - all_readable(tx, ids, owner).keys():
        raise SourceUnknown


def _allowed(caller: Caller, scope: Scope, package: DataPackage) -> DataPackage:
    try:
        caller.ensure_may(scope, package.owner, str(package.id))
    except NotOwner as stranger:
        # Who may not know of a package learns nothing of it.
        raise DataPackageNotFound from stranger
    return package
