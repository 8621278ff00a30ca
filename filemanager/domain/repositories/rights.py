"""Who may read, fill and look after which repositories."""

from filemanager.domain.caller import ANYTHING, Caller, GrantedScope, Scope
from filemanager.domain.errors import InsufficientScope
from filemanager.domain.repositories.repository import Repository, Visibility

_ADMIN = Scope.REPOSITORY_ADMIN


def may(caller: Caller, scope: Scope, path: str) -> bool:
    """Whether *caller* holds the scope for everything, or for the beginning of *path*.

    A scope that is bound to ``live/2.8`` opens the paths whose first segments are these; bound to
    nothing at all it opens nothing.
    """
    # By its own name alone: whoever looks after uploads does not look after repositories.
    if caller.granted & {GrantedScope(_ADMIN), GrantedScope(_ADMIN, ANYTHING)}:
        return True
    if scope is not _ADMIN and caller.holds(scope):
        return True
    bound = [one.resource for one in caller.granted if one.scope in (scope, _ADMIN)]
    return any(_is_below(path, resource) for resource in bound if resource)


def may_read(caller: Caller | None, repository: Repository) -> bool:
    """Whether *caller*, nobody perhaps, may know that it exists."""
    if repository.visibility is Visibility.PUBLIC:
        return True
    return caller is not None and may(caller, Scope.REPOSITORY_READ, repository.path)


def ensure_may(caller: Caller, scope: Scope, path: str) -> None:
    """Raises ``InsufficientScope``."""
    if not may(caller, scope, path):
        raise InsufficientScope(scope)


def _is_below(path: str, prefix: str) -> bool:
    wanted = [segment for segment in prefix.split("/") if segment]
    return bool(wanted) and path.split("/")[: len(wanted)] == wanted
