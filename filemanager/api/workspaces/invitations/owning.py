"""Invitations, for whoever made them."""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from filemanager.api.http.context import caller, services
from filemanager.api.http.front.references import relative
from filemanager.api.http.guards import Holds
from filemanager.api.http.operations import Answer, operation
from filemanager.api.http.paging import next_link, number_of
from filemanager.api.http.reads import read
from filemanager.api.http.responses import represent
from filemanager.api.http.tables import CSV, csv_file
from filemanager.api.http.wishes import PageQuery
from filemanager.api.workspaces.invitations.door import door
from filemanager.api.workspaces.invitations.views import (
    GuestFilesView,
    GuestList,
    InvitationList,
    InvitationView,
    guest_files_view,
    guest_view,
    invitation_view,
)
from filemanager.api.workspaces.invitations.wishes import EditedInvitationWish, NewInvitationWish
from filemanager.domain.caller import Scope
from filemanager.domain.errors import Malformed
from filemanager.domain.ids import MAX_ID, GuestId, WorkspaceId
from filemanager.domain.workspaces.invitations.invitation import (
    HandInLimits,
    Invitation,
    InvitationId,
)
from filemanager.services.workspaces.invitations.guests_table import guests_table
from filemanager.services.workspaces.invitations.inviting import InvitationTerms

OWN = "/filemanager/api/v2/invitations"

invitations = Blueprint("invitations", __name__, url_prefix=OWN)

_CHANGES = Holds(Scope.CREATE)
_LOOKS = Holds(Scope.READ)
_READ = {304: Answer(headers=("ETag",))}
_FIELDS = {"ask": "asked"}
_LIMITS = {f"max_{one.name}": one.name for one in fields(HandInLimits)}
_MAY_END = {"password", "opens_at", "max_guests", "max_guest_files", "max_guest_bytes"}
"""What null takes away."""


def _made_again(kept: str, **_: object) -> Response:
    return _made(door().inviting.get(caller(), InvitationId(int(kept))))


def _made(invitation: Invitation) -> Response:
    headers = {"Location": relative(f"{OWN}/{invitation.id}")}
    return represent(invitation_view(invitation), HTTPStatus.CREATED, headers)


@invitations.post("")
@operation(
    guard=_CHANGES,
    errors=(404, 409),
    answers={201: Answer(InvitationView, headers=("Location",))},
    again=_made_again,
)
def create_invitation(body: NewInvitationWish) -> ResponseReturnValue:
    """Invite people without an account to hand in files by a link.

    What is received comes by the scopes of this token, or of the one that changed it last:
    ``upload:update`` for a workspace, else ``upload:create``.
    """
    limits = {name: getattr(body, field) for field, name in _LIMITS.items()}
    terms = InvitationTerms(
        title=body.title,
        message=body.message,
        workspace_id=None if body.workspace is None else WorkspaceId(body.workspace),
        profile=body.profile,
        limits=HandInLimits(**limits),
        asked=tuple(body.ask),
        opens_at=body.opens_at,
        closes_at=_in_future(body.closes_at),
        password=body.password,
        slug=body.slug,
    )
    return _made(door().inviting.create(caller(), terms))


@invitations.get("")
@operation(
    guard=_LOOKS,
    accepts=("If-None-Match",),
    answers={200: Answer(InvitationList, headers=("ETag", "Link")), **_READ},
)
def list_invitations(query: PageQuery) -> ResponseReturnValue:
    """List my invitations that are not revoked, oldest first."""
    limit = query.limit
    found = door().inviting.page(caller(), number_of(query.cursor), limit + 1)
    listed = InvitationList(invitations=[invitation_view(one) for one in found[:limit]])
    return read(listed, headers=next_link(found[limit - 1].id if len(found) > limit else None))


@invitations.get("/<id:invitation_id>")
@operation(
    guard=_LOOKS,
    errors=(404,),
    accepts=("If-None-Match",),
    answers={200: Answer(InvitationView, headers=("ETag",)), **_READ},
)
def get_invitation(invitation_id: int) -> ResponseReturnValue:
    """Show an invitation, and how many have begun."""
    return read(invitation_view(door().inviting.get(caller(), _identity(invitation_id))))


@invitations.patch("/<id:invitation_id>")
@operation(guard=_CHANGES, errors=(400, 404), answers={200: Answer(InvitationView)})
def edit_invitation(invitation_id: int, body: EditedInvitationWish) -> ResponseReturnValue:
    """Change what is sent. It closes at once by a ``closes_at`` that has passed."""
    changes, limits = _changes(body)

    def edit(one: Invitation) -> Invitation:
        return replace(one, **changes, limits=replace(one.limits, **limits))

    edited = door().inviting.edit(caller(), _identity(invitation_id), edit)
    return represent(invitation_view(edited))


@invitations.delete("/<id:invitation_id>")
@operation(guard=_CHANGES, errors=(404,), answers={204: Answer()})
def revoke_invitation(invitation_id: int) -> ResponseReturnValue:
    """Close an invitation for good, to its guests too. What was received stays where it is."""
    door().inviting.revoke(caller(), _identity(invitation_id))
    return Response(status=HTTPStatus.NO_CONTENT)


@invitations.get("/<id:invitation_id>/guests")
@operation(
    guard=_LOOKS,
    errors=(404,),
    accepts=("If-None-Match",),
    answers={200: Answer(GuestList, headers=("ETag", "Link")), **_READ},
)
def list_guests(invitation_id: int, query: PageQuery) -> ResponseReturnValue:
    """List who began, by number, with how much each has handed in."""
    limit, after = query.limit, number_of(query.cursor)
    found = door().inviting.guests(caller(), _identity(invitation_id), after, limit + 1)
    listed = GuestList(guests=[guest_view(one.guest, one.total) for one in found[:limit]])
    last = found[limit - 1].guest.number if len(found) > limit else None
    return read(listed, headers=next_link(last))


@invitations.get("/<id:invitation_id>/guests.csv")
@operation(guard=_LOOKS, errors=(404,), answers={200: Answer(media=CSV)})
def export_guests(invitation_id: int) -> ResponseReturnValue:
    """Export who began as CSV. A cell that a spreadsheet would reckon with begins with a quote."""
    invitation = door().inviting.get(caller(), _identity(invitation_id))
    rows = guests_table(door().inviting, caller(), invitation)
    return csv_file(f"guests-{invitation.id}", rows)


@invitations.get("/<id:invitation_id>/guests/<id:guest_id>")
@operation(
    guard=_LOOKS,
    errors=(404,),
    accepts=("If-None-Match",),
    answers={200: Answer(GuestFilesView, headers=("ETag",)), **_READ},
)
def get_guest(invitation_id: int, guest_id: int) -> ResponseReturnValue:
    """Show a guest, the files that he handed in, and what checks say of them."""
    identity = GuestId(min(guest_id, MAX_ID))
    return read(
        guest_files_view(door().inviting.guest(caller(), _identity(invitation_id), identity))
    )


def _identity(number: int) -> InvitationId:
    """Nothing has a number beyond 63 bits."""
    return InvitationId(min(number, MAX_ID))


def _in_future(at: datetime) -> datetime:
    if at <= services().clock():
        raise Malformed("The invitation would be closed already: 'closes_at' has passed.")
    return at


def _changes(body: EditedInvitationWish) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The fields that were sent, as the invitation and its limits call and hold them."""
    names = [
        name
        for name in body.model_fields_set
        if getattr(body, name) is not None or name in _MAY_END
    ]
    limits = {_LIMITS[name]: getattr(body, name) for name in names if name in _LIMITS}
    others = [name for name in names if name not in _LIMITS]
    return {_FIELDS.get(name, name): _held(name, getattr(body, name)) for name in others}, limits


def _held(name: str, value: Any) -> Any:
    match name:
        case "password":
            return door().inviting.hashed(value)
        case "ask":
            return tuple(value)
    return value
