"""Statements of versions: what was frozen, signed by the service."""

from collections.abc import Mapping

from filemanager.domain.caller import Caller
from filemanager.domain.packages.data_package import DataPackageId, PackageEdition
from filemanager.domain.packages.errors import NoStatements
from filemanager.domain.packages.statements import (
    StatementSigner,
    envelope,
    key_set,
    statement_of,
)
from filemanager.domain.ports import Database, Transaction
from filemanager.services.packages.access import readable_package
from filemanager.services.packages.surveying import items_of


class StatementService:
    """*signer* None: nothing is signed."""

    def __init__(self, database: Database, signer: StatementSigner | None) -> None:
        self._database = database
        self._signer = signer

    @property
    def signs(self) -> bool:
        return self._signer is not None

    @property
    def keys(self) -> Mapping[str, object]:
        """The public keys, as a JWK set."""
        return key_set(self._signer)

    def get(self, caller: Caller, package_id: DataPackageId, number: int) -> Mapping[str, object]:
        """Raises ``DataPackageNotFound``, ``InsufficientScope``, ``VersionNotFound`` and
        ``NoStatements``.
        """
        with self._database.read() as tx:
            readable_package(tx, caller, package_id)
            return self.of(tx, tx.packages.edition(package_id, number))

    def of(self, tx: Transaction, version: PackageEdition) -> Mapping[str, object]:
        """The envelope, for whoever may read the version. Raises ``NoStatements``."""
        if self._signer is None:
            raise NoStatements
        return envelope(statement_of(version, items_of(tx, version)), self._signer)
