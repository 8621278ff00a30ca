"""Whose uploads they are: of whoever sends a token, or of the guest whose secret is in the path."""

from dataclasses import dataclass
from typing import ClassVar, cast

from flask import g

from filemanager.api.http.guards import Tokens, authenticated
from filemanager.api.uploads.door import door
from filemanager.domain.ids import GuestId


@dataclass(frozen=True, slots=True)
class BringsUploads:
    """A token, below ``/uploads``; below ``/g/<capability>`` a guest, whose token is not looked at.

    ``why`` is for the reader.
    """

    why: str
    scope: ClassVar[None] = None
    tokens: ClassVar = Tokens.NEEDED

    def admit(self, arguments: dict[str, object]) -> None:
        secret = arguments.pop("capability", None)
        g.guest_id, g.uploads_below = None, ""
        if secret is None:
            authenticated()
            return
        g.caller, g.guest_id = door().guests.uploader(str(secret))
        g.uploads_below = f"/g/{secret}"


def guest_id() -> GuestId | None:
    """The guest who asks; None: somebody with a token does."""
    return cast("GuestId | None", g.guest_id)  # the guard's own value


def path_here(path: str) -> str:
    """*path* of uploads, below what the request was asked under."""
    return f"{g.uploads_below}{path}"
