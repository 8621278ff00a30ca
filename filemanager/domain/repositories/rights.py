"""Who may read, fill and look after which repositories."""

from filemanager.domain.caller import Caller, Scope
from filemanager.domain.errors import InsufficientScope
from filemanager.domain.repositories.repository import Repository, Visibility


def may_read(caller: Caller | None, repository: Repository) -> bool:
    """Whether *caller*, nobody perhaps, may know that it exists."""
    if repository.visibility is Visibility.PUBLIC:
        return True
    return caller is not None and caller.holds_below(Scope.REPOSITORY_READ, repository.path)


def ensure_may(caller: Caller, scope: Scope, path: str) -> None:
    """Raises ``InsufficientScope``."""
    if not caller.holds_below(scope, path):
        raise InsufficientScope(scope)
