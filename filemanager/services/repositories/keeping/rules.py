"""The rules of a repository: who may read it, whose rpms it takes, how many versions it keeps."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from filemanager.domain.caller import Caller, Scope
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.repositories.address import Address
from filemanager.domain.repositories.catalogue import Catalogue
from filemanager.domain.repositories.errors import RuleRefused
from filemanager.domain.repositories.package import Base
from filemanager.domain.repositories.repository import Repository, Visibility, as_configured
from filemanager.domain.requests.preconditions import UNCONDITIONAL, Preconditions
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
            _ensure_of(address, rules)
            held = tx.repositories.hold(address)
            before = as_configured(held, address)
            preconditions.ensure(before.state)
            after = rules.of(before)
            self._save(tx, caller.name, held, after)
            return after

        return self._database.write(work)

    def enforce(self) -> None:
        """Write down what the configuration makes private, for what goes by that alone."""
        configured = {one.path: one for one in self._catalogue.private_addresses()}
        with self._database.read() as tx:
            made = tx.repositories.find_all(configured)
        for path, found in made.items():
            if found.visibility is not Visibility.PRIVATE:
                self._database.write(self._enforcing(configured[path]))

    def _enforcing(self, address: Address) -> Callable[[Transaction], None]:
        def work(tx: Transaction) -> None:
            held = tx.repositories.lock(address.path)
            self._save(tx, "configuration", held, as_configured(held, address))

        return work

    def _save(self, tx: Transaction, by: str, before: Repository, after: Repository) -> None:
        if after == before:
            return
        at, path = self._clock(), after.path
        tx.repositories.save(after)
        if after.visibility is not before.visibility:
            self._announce(tx, path, at)
        text = f"Set {', '.join(_changed(before, after))} of '{path}'"
        log_change(tx, by, at, "repository_rules", text)


def _ensure_of(address: Address, rules: Rules) -> None:
    if rules.rpm_keys and address.base is not Base.RPM:
        raise RuleRefused("rpm_keys are for repositories of rpms")
    if address.is_private and rules.visibility is Visibility.PUBLIC:
        raise RuleRefused("the configuration says that it is private")


def _changed(before: Repository, after: Repository) -> Iterator[str]:
    if after.visibility is not before.visibility:
        yield f"visibility to {after.visibility}"
    if after.rpm_keys != before.rpm_keys:
        yield f"rpm_keys to {' '.join(after.rpm_keys) or 'none'}"
    if after.keep_latest != before.keep_latest:
        yield f"keep_latest to {after.keep_latest or 'all'}"
