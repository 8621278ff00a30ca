"""What a guest does by the secret in the path, beside uploading, which lies with the uploads."""

from http import HTTPStatus

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from filemanager.api.http.operations import Answer, operation
from filemanager.api.http.preconditions import ON_DOWNLOAD
from filemanager.api.http.responses import OF_DIGESTED_BYTES, Shown, quoted, represent, send
from filemanager.api.http.wishes import is_storable
from filemanager.api.workspaces.invitations.discretion import NEVER_KEPT, discreet
from filemanager.api.workspaces.invitations.door import door, pages
from filemanager.api.workspaces.invitations.guard import IsGuest, place, seat
from filemanager.api.workspaces.invitations.views import (
    HandedInView,
    OwnFilesView,
    handed_in_view,
    own_files_view,
)
from filemanager.domain.workspaces.invitations.errors import NotHandedIn
from filemanager.services.workspaces.invitations.room import Seat

handing_in = Blueprint("guests", __name__, url_prefix="/g/<capability>")
handing_in.after_request(discreet)

_GUEST = IsGuest("who has the secret handed in what it shows")
_BYTES = "application/octet-stream"


@handing_in.get("/")
@operation(
    guard=_GUEST,
    errors=(403, 404, 410),
    answers={200: Answer(HandedInView, or_media=("text/html",))},
)
def show_handed_in() -> ResponseReturnValue:
    """Show the conditions, the room left, and how much is handed in."""
    own = door().own.show(seat())
    if (shown := pages()) is not None:
        return shown.guest(own, place())
    return represent(handed_in_view(own), headers=NEVER_KEPT)


@handing_in.get("/files")
@operation(guard=_GUEST, errors=(403, 404, 410), answers={200: Answer(OwnFilesView)})
def list_own_files() -> ResponseReturnValue:
    """List what I handed in, and what checks say of it."""
    return represent(own_files_view(door().own.show(seat())), headers=NEVER_KEPT)


@handing_in.get("/files/<public_path:path>")
@operation(
    guard=_GUEST,
    errors=(403, 404, 410),
    accepts=ON_DOWNLOAD,
    answers={200: Answer(media=_BYTES, headers=OF_DIGESTED_BYTES)},
)
def get_own_file(path: str) -> ResponseReturnValue:
    """Get a file back that I handed in, as it is kept."""
    download = door().own.file(seat(), _storable(path))
    return send(download, Shown(tag=quoted(download.tag), media=_BYTES))


@handing_in.delete("/files/<public_path:path>")
@operation(guard=_GUEST, errors=(403, 404, 409, 410), answers={204: Answer()})
def withdraw_own_file(path: str) -> ResponseReturnValue:
    """Take back a file that I handed in. What was confirmed is to be confirmed again."""
    door().withdrawing.withdraw(seat(), _storable(path))
    return Response(status=HTTPStatus.NO_CONTENT)


@handing_in.post("/confirm")
@operation(guard=_GUEST, errors=(403, 404, 409, 410), answers={200: Answer(HandedInView)})
def confirm_handed_in() -> ResponseReturnValue:
    """Say that this is all. A receipt is there from then on, until something is changed."""
    now = seat()
    confirmed = Seat(now.invitation, door().own.confirm(now))
    return represent(handed_in_view(door().own.show(confirmed)), headers=NEVER_KEPT)


@handing_in.get("/receipt.json")
@operation(
    guard=_GUEST,
    errors=(403, 404, 409, 410),
    answers={200: Answer(headers=("Content-Disposition",))},
)
def get_receipt() -> ResponseReturnValue:
    """Get the receipt of what I confirmed: a DSSE envelope that the service has signed.

    Its keys are at ``/.well-known/filemanager-keys.json``; ``filemanager verify`` checks it against
    the files that were sent.
    """
    headers = {"Content-Disposition": 'attachment; filename="receipt.json"', **NEVER_KEPT}
    return represent(door().receipts.get(seat()), headers=headers)


def _storable(path: str) -> str:
    """Raise ``NotHandedIn`` for what no database could be asked for."""
    if not is_storable(path):
        raise NotHandedIn
    return path
