"""Guards of invitations: who knows the link, and who has become a guest by it."""

from dataclasses import dataclass
from typing import ClassVar, cast

from flask import g, request

from filemanager.api.http.guards import Tokens
from filemanager.api.workspaces.invitations.door import door
from filemanager.domain.requests.addresses import one_of
from filemanager.services.workspaces.invitations.room import Seat


@dataclass(frozen=True, slots=True)
class KnowsLink:
    """Whoever knows an invitation's name: the use case looks at it, and at the password.

    ``why`` is for the reader.
    """

    why: str
    scope: ClassVar[None] = None
    tokens: ClassVar = Tokens.UNREAD

    def admit(self, arguments: dict[str, object]) -> None:
        """Nobody is refused here."""


@dataclass(frozen=True, slots=True)
class IsGuest:
    """The secret in the path, of an invitation that is not revoked. ``why`` is for the reader."""

    why: str
    scope: ClassVar[None] = None
    tokens: ClassVar = Tokens.UNREAD

    def admit(self, arguments: dict[str, object]) -> None:
        secret = str(arguments.pop("capability"))
        g.seat, g.guest_place = door().opening.by_secret(secret), f"/g/{secret}/"


def seat() -> Seat:
    """The guest who asks; set by the route's guard before the view runs."""
    return cast("Seat", g.seat)  # the guard's own value


def place() -> str:
    """The guest's own path, with a slash at both ends."""
    return cast("str", g.guest_place)  # the guard's own value


def address() -> str:
    """What stands for whoever asks."""
    return one_of(request.remote_addr or "")
