"""Who asks: a principal, its scopes, and what they open."""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NewType

from filemanager.domain.errors import InsufficientScope, NotOwner

Owner = NewType("Owner", str)
"""``issuer:subject``. Two issuers are two people."""


def owner_of(issuer: str, subject: str) -> Owner:
    return Owner(f"{issuer}:{subject}")


def subject_of(owner: Owner) -> str:
    """The subject alone, as the drop-in API shows an owner."""
    return owner.partition(":")[2]


class Scope(StrEnum):
    READ = "upload:read"
    CREATE = "upload:create"
    UPDATE = "upload:update"
    WRITE = "upload:write"
    RELEASE = "upload:release"
    DELETE = "upload:delete"
    DELETE_WORKSPACE = "upload:delete_workspace"
    READ_LOGS = "upload:read_logs"
    READ_SERVICE_LOGS = "upload:read_service_logs"
    CREATE_CHECKPOINT = "upload:create_checkpoint"
    READ_CHECKPOINTS = "upload:read_checkpoints"
    RESTORE_CHECKPOINT = "upload:restore_checkpoint"
    DELETE_CHECKPOINT = "upload:delete_checkpoint"
    ADMIN = "upload:admin"
    BUCKET_READ = "bucket:read"
    BUCKET_WRITE = "bucket:write"
    RAWSTORE_READ = "rawstore:read"
    RAWSTORE_WRITE = "rawstore:write"
    REPOSITORY_READ = "repository:read"
    REPOSITORY_PUBLISH = "repository:publish"
    REPOSITORY_ADMIN = "repository:admin"
    PACKAGE_READ = "package:read"
    PACKAGE_WRITE = "package:write"
    PACKAGE_SHARE = "package:share"
    PACKAGE_ADMIN = "package:admin"


OLDER_ALIASES: dict[Scope, tuple[Scope, ...]] = {
    Scope.CREATE: (Scope.UPDATE, Scope.WRITE),
    Scope.UPDATE: (Scope.WRITE,),
    Scope.RELEASE: (Scope.UPDATE, Scope.WRITE),
}
"""What else opens a scope's routes, since older clients were given it."""

OF_PATHS = frozenset({Scope.REPOSITORY_READ, Scope.REPOSITORY_PUBLISH, Scope.REPOSITORY_ADMIN})
"""Scopes that are bound to the beginning of a path, where others are to an id."""

ANYTHING = "*"


@dataclass(frozen=True, slots=True)
class GrantedScope:
    """A scope of a token: plain (``resource`` None), global (``*``) or for one resource."""

    scope: str
    resource: str | None = None


_EVERYWHERE = GrantedScope(Scope.ADMIN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """``name`` is what logs show: the user's name, or ``client:<client_id>``."""

    issuer: str
    subject: str
    name: str
    is_client: bool = False
    granted: frozenset[GrantedScope] = frozenset()

    @property
    def owner(self) -> Owner:
        return owner_of(self.issuer, self.subject)

    def holds(self, scope: Scope) -> bool:
        """Plain or globally; a scope bound to one resource opens nothing else."""
        return bool(self.granted & _opening(scope)) or self.holds_globally(scope)

    def holds_globally(self, scope: Scope) -> bool:
        return bool(self.granted & _opening(scope, ANYTHING)) or _EVERYWHERE in self.granted

    def holds_for(self, scope: Scope, resource: str) -> bool:
        return bool(self.granted & _opening(scope, resource))

    def holds_below(self, scope: Scope, path: str) -> bool:
        """One of ``OF_PATHS``, for everything or for the beginning of *path*.

        A scope that is bound to ``live/2.8`` opens the paths whose first segments are these; bound
        to nothing at all it opens nothing.
        """
        admin = Scope.REPOSITORY_ADMIN
        # By its own name alone: whoever looks after uploads does not look after repositories.
        if self.granted & {GrantedScope(admin), GrantedScope(admin, ANYTHING)}:
            return True
        if scope is not admin and self.holds(scope):
            return True
        bound = [one.resource for one in self.granted if one.scope in (scope, admin)]
        return any(_is_below(path, resource) for resource in bound if resource)

    def ensure_holds(self, scope: Scope) -> None:
        if not self.holds(scope):
            raise InsufficientScope(scope)

    def ensure_may_ask(self, scope: Scope, resource: str) -> None:
        """Raise ``InsufficientScope`` for a token that opens the resource to no owner.

        To be asked before the look-up, so that such a token learns nothing of what exists.
        """
        if not self.holds_for(scope, resource):
            self.ensure_holds(scope)

    def ensure_may(self, scope: Scope, owner: Owner, resource: str) -> None:
        """The owner with the scope, the scope for this resource, or the scope globally.

        Raises ``InsufficientScope`` or, with the scope but on a stranger's resource, ``NotOwner``.
        """
        if self.holds_globally(scope) or self.holds_for(scope, resource):
            return
        self.ensure_holds(scope)
        if self.owner != owner:
            raise NotOwner


@dataclass(frozen=True, slots=True)
class Rights:
    """What a token must hold, plain, globally or for *resource*, to see or change a thing.

    Who may change it sees what became of that; looking alone takes less.
    """

    look: Scope
    change: Scope
    resource: str | None = None

    def may_look(self, caller: Caller) -> bool:
        return self._is_open(caller, self.look) or self.may_change(caller)

    def may_change(self, caller: Caller) -> bool:
        return self._is_open(caller, self.change)

    def _is_open(self, caller: Caller, scope: Scope) -> bool:
        if scope in OF_PATHS:
            return self.resource is not None and caller.holds_below(scope, self.resource)
        is_bound = self.resource is not None and caller.holds_for(scope, self.resource)
        return is_bound or caller.holds(scope)


@lru_cache(maxsize=1024)
def _opening(scope: Scope, resource: str | None = None) -> frozenset[GrantedScope]:
    """Any of these opens it. Each request asks three times, and mostly what the last one did."""
    names = (scope, *OLDER_ALIASES.get(scope, ()), Scope.ADMIN)
    return frozenset(GrantedScope(name, resource) for name in names)


def _is_below(path: str, prefix: str) -> bool:
    wanted = [segment for segment in prefix.split("/") if segment]
    return bool(wanted) and path.split("/")[: len(wanted)] == wanted
