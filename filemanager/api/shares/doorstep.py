"""In front of a share: a password, or a token, for an address that opens it."""

from http import HTTPStatus
from urllib.parse import parse_qs, urlsplit

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from pydantic import ValidationError

from filemanager.api.http.bodies import NoJson, parsed_json, sent_bytes
from filemanager.api.http.context import base_url
from filemanager.api.http.front.references import relative
from filemanager.api.http.guards import authenticated
from filemanager.api.http.operations import Answer, Body, operation
from filemanager.api.http.responses import represent
from filemanager.api.shares.door import door
from filemanager.api.shares.guard import OnDoorstep, guest, sent_password
from filemanager.api.shares.views import UnlockedView
from filemanager.api.shares.visiting import NEVER_KEPT, sent_to
from filemanager.api.shares.wishes import UnlockWish
from filemanager.domain.caller import Caller
from filemanager.domain.errors import Malformed
from filemanager.domain.shares.errors import SharePasswordForm, WrongSharePassword
from filemanager.services.shares.unlocking import Unlocked

doorstep = Blueprint("doorstep", __name__)

_MOST_BYTES = 8 << 10
_MOST_FIELDS = 10
_FORM = "application/x-www-form-urlencoded"
_BODY = Body(
    "application/json",
    {
        "type": "object",
        "properties": {"password": {"type": "string"}},
        "examples": [{"password": "correct horse"}],
    },
)


@doorstep.post("/unlock")
@operation(
    guard=OnDoorstep("the password, or the token, is looked at by the use case"),
    sends=_BODY,
    errors=(400, 403, 404, 410, 413, 422, 429),
    answers={200: Answer(UnlockedView), 303: Answer(headers=("Location",))},
)
def unlock_share(slug: str) -> ResponseReturnValue:
    """Get an address that opens a share for a day, for its password as JSON or as a form.

    Where the share is for certain people, the token is sent here, and nowhere else.
    """
    if request.mimetype == _FORM:
        return sent_to(relative(_by_form(slug).place))
    unlocked = door().unlocking.unlock(slug, _sent_password(), _caller(), guest())
    shown = UnlockedView(
        base=f"{urlsplit(base_url()).path}{unlocked.place}", expires=unlocked.expires_at
    )
    return represent(shown, HTTPStatus.OK, NEVER_KEPT)


def _by_form(slug: str) -> Unlocked:
    """A browser is shown the form again, where a challenge would open a window of its own."""
    try:
        return door().unlocking.unlock(slug, _form_password(), None, guest())
    except WrongSharePassword as error:
        raise SharePasswordForm(is_wrong=True) from error


def _form_password() -> str:
    """Empty where the form has none."""
    sent = sent_bytes(_MOST_BYTES).decode("utf-8", "replace")
    try:
        fields = parse_qs(sent, max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise Malformed(f"A form has {_MOST_FIELDS} fields at most.") from error
    return fields.get("password", [""])[0]


def _sent_password() -> str | None:
    """In the body, or as it is sent with any other request."""
    sent = sent_bytes(_MOST_BYTES)
    if not sent:
        return sent_password()
    try:
        wish = UnlockWish.model_validate(parsed_json(sent))
    except (NoJson, ValidationError) as error:
        raise Malformed("Send a JSON object with the password alone.") from error
    return wish.password or sent_password()


def _caller() -> Caller | None:
    """A token that is sent must be good; what HTTP Basic sends is none."""
    sent = request.headers.get("Authorization")
    is_token = sent is not None and not sent.lower().startswith("basic ")
    return authenticated() if is_token else None
