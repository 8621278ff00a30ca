"""What somebody may see of a repository, and change."""

from filemanager.domain.caller import Caller, Scope
from filemanager.domain.errors import InsufficientScope
from filemanager.domain.ports import Transaction
from filemanager.domain.repositories.address import Address
from filemanager.domain.repositories.errors import RepositoryUnknown
from filemanager.domain.repositories.repository import Repository, unmade
from filemanager.domain.repositories.rights import may_read


def readable(tx: Transaction, caller: Caller | None, address: Address) -> Repository:
    """The repository, made or not. Raises ``RepositoryUnknown`` where *caller* may not know it."""
    repository = tx.repositories.find(address.path)
    if repository is None:
        return unmade(address)
    if not may_read(caller, repository):
        raise RepositoryUnknown
    return repository


def ensure_allowed(tx: Transaction, caller: Caller, scope: Scope, address: Address) -> None:
    """Raises ``InsufficientScope``; ``RepositoryUnknown`` where *caller* may not even know it."""
    if caller.holds_below(scope, address.path):
        return
    readable(tx, caller, address)
    raise InsufficientScope(scope)
