"""The guard of pages of whoever looks after the service."""

from dataclasses import dataclass
from typing import ClassVar

from filemanager.api.http.context import caller
from filemanager.api.http.guards import Tokens
from filemanager.domain.caller import Scope
from filemanager.domain.errors import InsufficientScope
from filemanager.web.session.guard import SignedIn

_SIGNED_IN = SignedIn("the scope is asked for next")


@dataclass(frozen=True, slots=True)
class Administers:
    """Whoever is signed in and has the scope for everything, not for one thing alone."""

    scope: Scope = Scope.ADMIN
    tokens: ClassVar = Tokens.UNREAD

    def admit(self, arguments: dict[str, object]) -> None:
        _SIGNED_IN.admit(arguments)
        if not caller().holds(self.scope):
            raise InsufficientScope(self.scope)


ADMINISTERS = Administers()
