"""Guards: who may use a route. Every route names one; a public one says why."""

from dataclasses import dataclass
from typing import ClassVar, Protocol

from flask import g, request

from filemanager.api.http.context import services
from filemanager.api.http.dialects import Dialect, dialect_of
from filemanager.domain.caller import Caller, Scope
from filemanager.domain.errors import InsufficientScope, NotOwner
from filemanager.domain.ids import MAX_ID, WorkspaceId
from filemanager.domain.workspaces.errors import WorkspaceNotFound


class Guard(Protocol):
    @property
    def scope(self) -> Scope | None: ...

    def admit(self, arguments: dict[str, object]) -> None:
        """Let the request pass with ``g.caller`` set, or raise."""


@dataclass(frozen=True, slots=True)
class Owns:
    """The scope, and the workspace in the path: as its owner, for it by name, or globally."""

    scope: Scope

    def admit(self, arguments: dict[str, object]) -> None:
        caller = _authenticated()
        workspace_id = WorkspaceId(int(str(arguments["workspace_id"])))
        if not caller.holds(self.scope) and not caller.holds_for(self.scope, str(workspace_id)):
            # Before the look-up, so that a token without the scope learns nothing of what exists.
            raise InsufficientScope(self.scope)
        if workspace_id > MAX_ID:
            raise WorkspaceNotFound
        owner = services().workspaces.owner_of(workspace_id)
        try:
            caller.ensure_may(self.scope, owner, str(workspace_id))
        except NotOwner as stranger:
            if dialect_of(request.path) is Dialect.PROBLEM:
                raise WorkspaceNotFound from stranger
            raise


@dataclass(frozen=True, slots=True)
class Holds:
    """The scope, plain or globally."""

    scope: Scope

    def admit(self, arguments: dict[str, object]) -> None:  # noqa: ARG002  # no resource in the path
        _authenticated().ensure_holds(self.scope)


@dataclass(frozen=True, slots=True)
class AnyToken:
    """Whoever has a valid token; the use case tells what is theirs. ``why`` is for the reader."""

    why: str
    scope: ClassVar[None] = None

    def admit(self, arguments: dict[str, object]) -> None:
        del arguments
        _authenticated()


@dataclass(frozen=True, slots=True)
class Capability:
    """Whoever knows the secret in the path: the use case looks at it, and a token is not looked at.

    ``why`` is for the reader.
    """

    why: str
    scope: ClassVar[None] = None

    def admit(self, arguments: dict[str, object]) -> None:
        """The path is the leave."""


@dataclass(frozen=True, slots=True)
class Public:
    """Anybody. ``why`` is for the reader and the test that lists open routes."""

    why: str
    scope: ClassVar[None] = None

    def admit(self, arguments: dict[str, object]) -> None:
        """Even here a token that is sent must be good."""
        del arguments
        if "Authorization" in request.headers:
            _authenticated()


def _authenticated() -> Caller:
    found = services().verifier.caller(request.headers.get("Authorization"))
    g.caller = found
    return found
