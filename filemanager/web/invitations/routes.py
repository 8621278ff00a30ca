"""Forms of guests: begin, send files, withdraw, confirm; and the receipt as a page."""

from functools import partial
from http import HTTPStatus
from typing import cast

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from filemanager.api.forms.multipart import last_part
from filemanager.api.http.context import services
from filemanager.api.http.operations import Body, operation
from filemanager.api.http.requests import Part, ensure_fits, parse_form
from filemanager.domain.errors import MissingName, MissingPart
from filemanager.domain.requests.addresses import one_of
from filemanager.domain.workspaces.invitations.errors import (
    AnswersMissing,
    AnswerTooLong,
    InvitationPasswordNeeded,
    NotConfirmed,
    WrongInvitationPassword,
)
from filemanager.services.intake import Spool
from filemanager.services.workspaces.invitations.opening import Knock
from filemanager.services.workspaces.invitations.whole import WholeFile
from filemanager.web.door import door
from filemanager.web.invitations.guard import GuestPage, place, seat
from filemanager.web.invitations.showing import PASSWORD, InvitationPages, Typed, answer_field
from filemanager.web.session.forms import form
from filemanager.web.session.guard import OpenPage
from filemanager.web.session.pages import FORM, MOVED, PAGE, moved

guests = Blueprint("guests", __name__)

MAX_FILES = 1000
"""Of one form; scripts send as many as there are."""

_FIELDS = 5
_UNPACK = {"unpack": True, "keep": False}
_GUEST = GuestPage("who has the secret handed in what it shows")
_FILES = Body(
    "multipart/form-data",
    {
        "type": "object",
        "properties": {
            "file": {"type": "array", "items": {"contentMediaType": "application/octet-stream"}},
        },
    },
)
_REFUSALS = (400, 403, 404, 409, 410, 413, 415, 422)


@guests.post("/u/<invitation_slug:slug>/begin")
@operation(
    guard=OpenPage("who was given the link is invited"),
    sends=FORM,
    errors=(*_REFUSALS, 429),
    answers={303: MOVED},
)
def begin_by_form(slug: str) -> ResponseReturnValue:
    """Become a guest by the form of the invitation; a wrong password shows it again."""
    invitation = door().invitations.opening.by_name(slug)
    answers = {
        name: form().text(answer_field(at)).strip() for at, name in enumerate(invitation.asked)
    }
    password = form().text(PASSWORD) or None
    address = one_of(request.remote_addr or "")
    knock = Knock(answers=answers, password=password, address=address)
    try:
        begun = door().invitations.opening.begin(slug, knock)
    except (
        AnswersMissing,
        AnswerTooLong,
        InvitationPasswordNeeded,
        WrongInvitationPassword,
    ) as error:
        typed = Typed(answers, error.message)
        return InvitationPages().invitation(invitation, typed, HTTPStatus.FORBIDDEN)
    return moved(begun.place)


@guests.post("/g/<capability>/send")
@operation(
    guard=GuestPage("who has the secret hands in", has_file=True),
    sends=_FILES,
    errors=(*_REFUSALS, 507),
    answers={303: MOVED},
)
def send_by_form() -> ResponseReturnValue:
    """Hand in files by a plain form, all of them or none."""
    ensure_fits()
    with services().intake.spool(request.content_length) as spool:
        fields, files = _sent(spool)
        door().invitations.whole.hand_in(
            seat(), files, unpack=_UNPACK.get(fields.get("unpack", ""))
        )
    return moved(place())


@guests.post("/g/<capability>/withdraw")
@operation(guard=_GUEST, sends=FORM, errors=_REFUSALS, answers={303: MOVED})
def withdraw_by_form() -> ResponseReturnValue:
    """Take back a file that I handed in."""
    door().invitations.withdrawing.withdraw(seat(), form().text("path"))
    return moved(place())


@guests.post("/g/<capability>/confirmed")
@operation(guard=_GUEST, sends=FORM, errors=_REFUSALS, answers={303: MOVED})
def confirm_by_form() -> ResponseReturnValue:
    """Say that this is all, and go on to the receipt."""
    door().invitations.own.confirm(seat())
    return moved(f"{place()}receipt")


@guests.get("/g/<capability>/receipt")
@operation(guard=_GUEST, errors=(403, 404, 409, 410), answers={200: PAGE})
def show_receipt() -> ResponseReturnValue:
    """Show what I confirmed, to be printed."""
    own = door().invitations.own.show(seat())
    if own.seat.guest.confirmed_at is None:
        raise NotConfirmed
    return InvitationPages().receipt(own, place())


def _sent(spool: Spool) -> tuple[dict[str, str], list[WholeFile]]:
    """The fields, and the files with their paths. Raises ``MissingPart`` and ``MissingName``."""
    parsed = parse_form(partial(_part, spool), MAX_FILES + _FIELDS)
    if parsed is None or not parsed[1].getlist("file"):
        raise MissingPart
    chosen = [file for file in parsed[1].getlist("file") if file.filename]
    if not chosen:
        raise MissingName
    return dict(parsed[0]), [_whole(file) for file in chosen]


def _part(spool: Spool, name: str) -> Part:
    del name
    return Part(spool.scratch.writer())


def _whole(file: FileStorage) -> WholeFile:
    content = cast("Part", file.stream).content  # the parser keeps the object it was given
    if content is None:
        raise MissingPart
    return WholeFile(last_part(file).removeprefix("./"), content)
