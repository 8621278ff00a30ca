"""What somebody may see of a repository, and change."""

from collections.abc import Set as AbstractSet

from filemanager.domain.caller import Caller, Scope
from filemanager.domain.errors import InsufficientScope
from filemanager.domain.ports import Transaction
from filemanager.domain.repositories.address import Address
from filemanager.domain.repositories.catalogue import Catalogue
from filemanager.domain.repositories.errors import RepositoryUnknown
from filemanager.domain.repositories.repository import Repository, as_configured, unmade
from filemanager.domain.repositories.rights import may_read


def readable(tx: Transaction, caller: Caller | None, address: Address) -> Repository:
    """The repository, made or not. Raises ``RepositoryUnknown`` where *caller* may not know it."""
    repository = known(tx, address)
    if not may_read(caller, repository):
        raise RepositoryUnknown
    return repository


def known(tx: Transaction, address: Address) -> Repository:
    """The repository, made or not, for whoever asks."""
    found = tx.repositories.find(address.path)
    return unmade(address) if found is None else as_configured(found, address)


def hidden(tx: Transaction, caller: Caller | None, catalogue: Catalogue) -> AbstractSet[str]:
    """The paths of repositories that *caller* may not know."""
    private = [*tx.repositories.private(), *map(unmade, catalogue.private_addresses())]
    return {one.path for one in private if not may_read(caller, one)}


def ensure_allowed(tx: Transaction, caller: Caller, scope: Scope, address: Address) -> None:
    """Raises ``InsufficientScope``; ``RepositoryUnknown`` where *caller* may not even know it."""
    if caller.holds_below(scope, address.path):
        return
    readable(tx, caller, address)
    raise InsufficientScope(scope)
