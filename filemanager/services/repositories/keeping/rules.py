"""The rules of a repository: who may read it, whose rpms it takes, how many versions it keeps."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from filemanager.domain.caller import Caller, Scope
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.preconditions import UNCONDITIONAL, Preconditions
from filemanager.domain.repositories.catalogue import Catalogue
from filemanager.domain.repositories.errors import RuleRefused
from filemanager.domain.repositories.package import Base
from filemanager.domain.repositories.repository import Repository, Visibility
from filemanager.services.repositories.changes import log_change
from filemanager.services.repositories.keeping.access import ensure_allowed
from filemanager.services.repositories.tasks import Announce, nothing_follows


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """None: as it is. ``keep_latest`` 0: all versions stay."""

    visibility: Visibility | None = None
    rpm_keys: tuple[str, ...] | None = None
    keep_latest: int | None = None

    def of(self, repository: Repository) -> Repository:
        """*repository* by these rules."""
        kept = repository.keep_latest if self.keep_latest is None else self.keep_latest or None
        return replace(
            repository,
            visibility=self.visibility or repository.visibility,
            rpm_keys=repository.rpm_keys if self.rpm_keys is None else self.rpm_keys,
            keep_latest=kept,
        )


class RuleService:
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

    def change(
        self,
        caller: Caller,
        path: str,
        rules: Rules,
        preconditions: Preconditions = UNCONDITIONAL,
    ) -> Repository:
        """Set rules: for what comes and for who reads from now on; what is there stays.

        Raises ``RepositoryUnknown``, ``InsufficientScope`` and ``RuleRefused``.
        """
        address = self._catalogue.find(path)

        def work(tx: Transaction) -> Repository:
            ensure_allowed(tx, caller, Scope.REPOSITORY_ADMIN, address)
            if rules.rpm_keys and address.base is not Base.RPM:
                raise RuleRefused("rpm_keys are for repositories of rpms")
            before = tx.repositories.hold(address.path, address.base)
            preconditions.ensure(before.state)
            after = rules.of(before)
            if after == before:
                return before
            tx.repositories.save(after)
            if after.visibility is not before.visibility:
                self._announce(tx, address.path, self._clock())
            text = f"Set {', '.join(_changed(before, after))} of '{path}'"
            log_change(tx, caller.name, self._clock(), "repository_rules", text)
            return after

        return self._database.write(work)


def _changed(before: Repository, after: Repository) -> Iterator[str]:
    if after.visibility is not before.visibility:
        yield f"visibility to {after.visibility}"
    if after.rpm_keys != before.rpm_keys:
        yield f"rpm_keys to {' '.join(after.rpm_keys) or 'none'}"
    if after.keep_latest != before.keep_latest:
        yield f"keep_latest to {after.keep_latest or 'all'}"
