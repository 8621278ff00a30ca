"""In front of an invitation: what is asked for, and how to become a guest."""

from http import HTTPStatus
from urllib.parse import urlsplit

from flask import Blueprint
from flask.typing import ResponseReturnValue

from filemanager.api.http.context import base_url
from filemanager.api.http.operations import Answer, operation
from filemanager.api.http.responses import represent
from filemanager.api.workspaces.invitations.discretion import NEVER_KEPT, discreet
from filemanager.api.workspaces.invitations.door import door, pages
from filemanager.api.workspaces.invitations.guard import KnowsLink, address
from filemanager.api.workspaces.invitations.views import BegunView, ConditionsView, conditions_view
from filemanager.api.workspaces.invitations.wishes import KnockWish
from filemanager.services.workspaces.invitations.opening import Knock

doorstep = Blueprint("invited", __name__, url_prefix="/u/<invitation_slug:slug>")
doorstep.after_request(discreet)

_LINK = KnowsLink("who was given the link is invited")


@doorstep.get("")
@operation(
    guard=_LINK,
    errors=(403, 404, 410),
    answers={200: Answer(ConditionsView, or_media=("text/html",))},
)
def show_conditions(slug: str) -> ResponseReturnValue:
    """Show who asks for what, within which limits, and until when."""
    invitation = door().opening.by_name(slug)
    if (shown := pages()) is not None:
        return shown.invitation(invitation)
    return represent(conditions_view(invitation), headers=NEVER_KEPT)


@doorstep.post("")
@operation(
    guard=_LINK,
    errors=(400, 401, 403, 404, 409, 410, 429),
    answers={201: Answer(BegunView, headers=("Location",))},
)
def begin_as_guest(slug: str, body: KnockWish) -> ResponseReturnValue:
    """Become a guest: answer what is asked, and get a path of your own. It is told once."""
    knock = Knock(answers=body.answers, password=body.password, address=address())
    begun = door().opening.begin(slug, knock)
    base = f"{urlsplit(base_url()).path}{begun.place}"
    shown = BegunView(base=base, number=begun.seat.guest.number)
    return represent(shown, HTTPStatus.CREATED, {"Location": base, **NEVER_KEPT})
