"""Invitations, for whoever made them: listed, made, closed, and who came."""

from dataclasses import dataclass, replace

from flask import Blueprint
from flask.typing import ResponseReturnValue
from pydantic import Field

from filemanager.api.http.context import caller, services
from filemanager.api.http.front.references import absolute
from filemanager.api.http.operations import Answer, operation
from filemanager.api.http.paging import cursor_of, number_of
from filemanager.api.http.tables import CSV, csv_file
from filemanager.api.http.wishes import Cursor, Wish
from filemanager.api.pages.texts import _, shown_moment, shown_size
from filemanager.domain.caller import Scope
from filemanager.domain.ids import MAX_ID, GuestId
from filemanager.domain.workspaces.invitations.invitation import (
    Invitation,
    InvitationId,
)
from filemanager.sanitize.registry import PROFILES
from filemanager.services.workspaces.invitations.guests_table import guests_table
from filemanager.services.workspaces.invitations.inviting import GuestSummary
from filemanager.web.door import door
from filemanager.web.invitations.showing import shown_findings
from filemanager.web.invitations.terms import terms_of
from filemanager.web.session.forms import ensure_meant, form
from filemanager.web.session.guard import SignedIn
from filemanager.web.session.pages import FORM, MOVED, PAGE, moved, page

inviting = Blueprint("inviting", __name__, url_prefix="/invitations")

_INVITER = SignedIn("the use case shows nobody what others made")
_ROWS = 100


class InvitationsPageQuery(Wish):
    cursor: Cursor | None = None
    done: str | None = Field(None, max_length=40, description="What was done just now.")


class GuestsPageQuery(Wish):
    cursor: Cursor | None = None
    done: str | None = Field(None, max_length=40, description="What was done just now.")


@dataclass(frozen=True, slots=True)
class ListedInvitation:
    address: str
    title: str
    guests: int
    state: str
    closes: str


@dataclass(frozen=True, slots=True)
class ListedGuest:
    address: str
    number: int
    answers: list[str]
    state: str
    files: int
    size: str
    began: str


@inviting.get("")
@operation(guard=_INVITER, errors=(403,), answers={200: PAGE, 303: MOVED})
def show_my_invitations(query: InvitationsPageQuery) -> ResponseReturnValue:
    """Show my invitations that are not revoked, oldest first."""
    caller().ensure_holds(Scope.READ)
    found = door().invitations.inviting.page(caller(), number_of(query.cursor), _ROWS + 1)
    shown = found[:_ROWS]
    return page(
        "invitations.html",
        told=_told(query.done),
        invitations=[_listed(one) for one in shown],
        more=f"?cursor={cursor_of(shown[-1].id)}" if len(found) > _ROWS else None,
        profiles=PROFILES.values(),
        may_create=caller().holds(Scope.CREATE),
    )


@inviting.post("")
@operation(
    guard=_INVITER,
    sends=FORM,
    errors=(400, 403, 404, 409, 413, 415, 422),
    answers={303: MOVED},
)
def invite_by_form() -> ResponseReturnValue:
    """Invite people without an account to hand in files by a link."""
    caller().ensure_holds(Scope.CREATE)
    made = door().invitations.inviting.create(caller(), terms_of(form()))
    return moved(f"/invitations/{made.id}?done=made")


@inviting.get("/<id:invitation_id>")
@operation(guard=_INVITER, errors=(403, 404), answers={200: PAGE, 303: MOVED})
def show_invitation_page(invitation_id: int, query: GuestsPageQuery) -> ResponseReturnValue:
    """Show an invitation and its link, who came, and how much each has handed in."""
    caller().ensure_holds(Scope.READ)
    invitation = door().invitations.inviting.get(caller(), _identity(invitation_id))
    after = number_of(query.cursor)
    found = door().invitations.inviting.guests(caller(), invitation.id, after, _ROWS + 1)
    shown = found[:_ROWS]
    return page(
        "invitation_guests.html",
        invitation=invitation,
        home=f"/invitations/{invitation.id}",
        told=_told(query.done),
        url=absolute(f"/u/{invitation.slug}"),
        state=_state(invitation),
        closes=shown_moment(invitation.closes_at),
        known_days=door().invitations.guests_known_for.days,
        may_revoke=caller().holds(Scope.CREATE),
        may_close=caller().holds(Scope.CREATE) and _is_open(invitation),
        guests=[_guest(invitation, one) for one in shown],
        more=f"?cursor={cursor_of(shown[-1].guest.number)}" if len(found) > _ROWS else None,
    )


@inviting.get("/<id:invitation_id>/guests.csv")
@operation(guard=_INVITER, errors=(403, 404), answers={200: Answer(media=CSV), 303: MOVED})
def download_guests_table(invitation_id: int) -> ResponseReturnValue:
    """Get who began as CSV. A cell that a spreadsheet would reckon with begins with a quote."""
    caller().ensure_holds(Scope.READ)
    uses = door().invitations.inviting
    invitation = uses.get(caller(), _identity(invitation_id))
    return csv_file(f"guests-{invitation.id}", guests_table(uses, caller(), invitation))


@inviting.get("/<id:invitation_id>/guests/<id:guest_id>")
@operation(guard=_INVITER, errors=(403, 404), answers={200: PAGE, 303: MOVED})
def show_guest_page(invitation_id: int, guest_id: int) -> ResponseReturnValue:
    """Show a guest, the files that he handed in, and what checks say of them."""
    caller().ensure_holds(Scope.READ)
    uses = door().invitations.inviting
    own = uses.guest(caller(), _identity(invitation_id), GuestId(min(guest_id, MAX_ID)))
    guest, invitation = own.seat.guest, own.seat.invitation
    return page(
        "invited_guest.html",
        invitation=invitation,
        home=f"/invitations/{invitation.id}",
        guest=guest,
        answers=[(name, guest.answers.get(name, "")) for name in invitation.asked],
        workspace=guest.workspace_id and f"/w/{guest.workspace_id}",
        confirmed=guest.confirmed_at and shown_moment(guest.confirmed_at),
        files=[(one.path, shown_size(one.size_bytes), one.digest) for one in own.files],
        findings=shown_findings(own.findings),
    )


@inviting.post("/<id:invitation_id>/close")
@operation(guard=_INVITER, sends=FORM, errors=(403, 404, 413, 415, 422), answers={303: MOVED})
def close_invitation_by_form(invitation_id: int) -> ResponseReturnValue:
    """Take nothing more; what was received stays, and guests still see it."""
    caller().ensure_holds(Scope.CREATE)
    at = services().clock()
    identity = _identity(invitation_id)
    door().invitations.inviting.edit(caller(), identity, lambda one: replace(one, closes_at=at))
    return moved(f"/invitations/{identity}?done=closed")


@inviting.post("/<id:invitation_id>/revoke")
@operation(guard=_INVITER, sends=FORM, errors=(403, 404, 413, 415, 422), answers={303: MOVED})
def revoke_invitation_by_form(invitation_id: int) -> ResponseReturnValue:
    """Close it for good, and to guests who come back too; files stay where they are."""
    caller().ensure_holds(Scope.CREATE)
    ensure_meant()
    door().invitations.inviting.revoke(caller(), _identity(invitation_id))
    return moved("/invitations?done=revoked")


def _identity(number: int) -> InvitationId:
    """Nothing has a number beyond 63 bits."""
    return InvitationId(min(number, MAX_ID))


def _is_open(invitation: Invitation) -> bool:
    return invitation.closes_at > services().clock()


def _state(invitation: Invitation) -> str:
    return _("Open") if _is_open(invitation) else _("Closed")


def _listed(invitation: Invitation) -> ListedInvitation:
    return ListedInvitation(
        address=f"/invitations/{invitation.id}",
        title=invitation.title,
        guests=invitation.guests,
        state=_state(invitation),
        closes=shown_moment(invitation.closes_at),
    )


def _guest(invitation: Invitation, summary: GuestSummary) -> ListedGuest:
    guest, total = summary.guest, summary.total
    state = _("Begun")
    if guest.confirmed_at is not None:
        state = _("Confirmed")
    elif total.files:
        state = _("Handed in, not confirmed")
    return ListedGuest(
        address=f"/invitations/{invitation.id}/guests/{guest.id}",
        number=guest.number,
        answers=[guest.answers.get(name, "") for name in invitation.asked],
        state=state,
        files=total.files,
        size=shown_size(total.size_bytes),
        began=shown_moment(guest.created_at),
    )


def _told(done: str | None) -> str:
    """Of what is on this list alone: a link must not put words into our mouth."""
    words = {
        "made": _("Send the link to whoever you invite."),
        "revoked": _("It opens nothing any more, to anybody. What was handed in stays."),
        "closed": _("Nothing more is taken. What was handed in stays."),
    }
    return words.get(done or "", "")
