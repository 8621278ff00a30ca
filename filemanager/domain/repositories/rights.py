"""Who may read, fill and look after which repositories."""

from filemanager.domain.caller import Caller, Scope
from filemanager.domain.errors import InsufficientScope

_OPENED_BY = {
    Scope.REPOSITORY_READ: (Scope.REPOSITORY_READ, Scope.REPOSITORY_ADMIN),
    Scope.REPOSITORY_PUBLISH: (Scope.REPOSITORY_PUBLISH, Scope.REPOSITORY_ADMIN),
    Scope.REPOSITORY_ADMIN: (Scope.REPOSITORY_ADMIN,),
}


def may(caller: Caller, scope: Scope, path: str) -> bool:
    """Whether *caller* holds the scope for everything, or for the beginning of *path*.

    A scope that is bound to ``live/2.8`` opens the paths whose first segments are these; bound to
    nothing at all it opens nothing.
    """
    opening = _OPENED_BY[scope]
    if any(caller.holds(one) for one in opening):
        return True
    bound = [one.resource for one in caller.granted if one.scope in opening and one.resource]
    return any(_is_below(path, resource) for resource in bound)


def ensure_may(caller: Caller, scope: Scope, path: str) -> None:
    """Raises ``InsufficientScope``."""
    if not may(caller, scope, path):
        raise InsufficientScope(scope)


def _is_below(path: str, prefix: str) -> bool:
    wanted = [segment for segment in prefix.split("/") if segment]
    return bool(wanted) and path.split("/")[: len(wanted)] == wanted
