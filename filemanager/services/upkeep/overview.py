"""What whoever looks after the service asks of counters and of damaged bytes."""

from collections.abc import Sequence
from dataclasses import dataclass

from filemanager.domain.caller import Owner
from filemanager.domain.ids import Digest
from filemanager.domain.packages.data_package import packages_subject
from filemanager.domain.ports import Database
from filemanager.domain.quotas import Allowance, Usage, open_workspaces_subject, owner_subject


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerLimits:
    """Of each owner: bytes, workspaces that are not deleted, packages; None: as many as fit."""

    bytes: int | None
    workspaces: int | None
    packages: int | None


class Overview:
    def __init__(self, database: Database, limits: OwnerLimits) -> None:
        self._database = database
        self._limits = limits

    def usage(self, owner: Owner) -> Sequence[tuple[Allowance, Usage]]:
        """Zeros for somebody who never held anything."""
        allowances = (
            Allowance(owner_subject(owner), self._limits.bytes),
            Allowance(open_workspaces_subject(owner), self._limits.workspaces),
            Allowance(packages_subject(owner), self._limits.packages),
        )
        with self._database.read() as tx:
            return [(one, tx.quotas.usage(one.subject)) for one in allowances]

    def quarantined(self) -> Sequence[Digest]:
        """Of the blobs whose bytes were found damaged; an upload of the same ones heals them."""
        with self._database.read() as tx:
            return tx.blobs.quarantined()
