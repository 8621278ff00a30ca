"""The guard of guests' pages: the secret in the path, and forms of ours."""

from dataclasses import dataclass
from typing import ClassVar, cast

from flask import g, request

from filemanager.api.http.front.sites import ensure_same_site
from filemanager.api.http.guards import Tokens
from filemanager.services.workspaces.invitations.room import Seat
from filemanager.web.door import door
from filemanager.web.session.forms import read_form


@dataclass(frozen=True, slots=True)
class GuestPage:
    """Whoever has the secret. ``has_file``: the form is a multipart one, which the view reads.

    ``why`` is for the reader.
    """

    why: str
    has_file: bool = False
    scope: ClassVar[None] = None
    tokens: ClassVar = Tokens.UNREAD

    def admit(self, arguments: dict[str, object]) -> None:
        secret = str(arguments.pop("capability"))
        g.seat, g.guest_place = door().invitations.opening.by_secret(secret), f"/g/{secret}/"
        if request.method not in ("GET", "HEAD"):
            ensure_same_site()
            if not self.has_file:
                g.sent_form = read_form()


def seat() -> Seat:
    """The guest who asks; set by the route's guard before the view runs."""
    return cast("Seat", g.seat)  # the guard's own value


def place() -> str:
    """The guest's own path, with a slash at both ends."""
    return cast("str", g.guest_place)  # the guard's own value
