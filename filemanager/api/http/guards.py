"""Guards: who may use a route. Every route names one; a public one says why."""

from dataclasses import dataclass
from enum import Enum
from typing import ClassVar, Protocol

from flask import g, request

from filemanager.api.http.context import OWNER, services
from filemanager.domain.caller import Caller, Scope


class Tokens(Enum):
    """What a guard makes of tokens."""

    NEEDED = "needed"
    OPTIONAL = "optional"
    UNREAD = "unread"


class Guard(Protocol):
    @property
    def scope(self) -> Scope | None: ...
    @property
    def tokens(self) -> Tokens: ...

    def admit(self, arguments: dict[str, object]) -> None:
        """Let the request pass with ``g.caller`` set, or raise."""


@dataclass(frozen=True, slots=True)
class Holds:
    """The scope, plain or globally."""

    scope: Scope
    tokens: ClassVar = Tokens.NEEDED

    def admit(self, arguments: dict[str, object]) -> None:  # noqa: ARG002  # no resource in the path
        authenticated().ensure_holds(self.scope)


@dataclass(frozen=True, slots=True)
class AnyToken:
    """Whoever has a valid token; the use case tells what is theirs. ``why`` is for the reader."""

    why: str
    scope: ClassVar[None] = None
    tokens: ClassVar = Tokens.NEEDED

    def admit(self, arguments: dict[str, object]) -> None:
        del arguments
        authenticated()


@dataclass(frozen=True, slots=True)
class Capability:
    """Whoever knows the secret in the path: the use case looks at it, and a token is not looked at.

    ``why`` is for the reader.
    """

    why: str
    scope: ClassVar[None] = None
    tokens: ClassVar = Tokens.UNREAD

    def admit(self, arguments: dict[str, object]) -> None:
        """The path is the leave."""


@dataclass(frozen=True, slots=True)
class Public:
    """Anybody. ``why`` is for the reader and the test that lists open routes."""

    why: str
    scope: ClassVar[None] = None
    tokens: ClassVar = Tokens.OPTIONAL

    def admit(self, arguments: dict[str, object]) -> None:
        """Even here a token that is sent must be good."""
        del arguments
        if "Authorization" in request.headers:
            authenticated()


def authenticated() -> Caller:
    """Who the token says it is, set as the request's caller. Raises ``Unauthenticated``."""
    sent = request.environ
    found = services().verifier.caller(sent.get("HTTP_AUTHORIZATION"))
    g.caller = found
    # For the log, of who is refused too.
    sent[OWNER] = found.owner
    return found
