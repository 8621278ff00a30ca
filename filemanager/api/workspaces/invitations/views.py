"""Invitations as JSON: for whoever made them, for whoever has the link, and for guests."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from filemanager.api.http.front.references import absolute
from filemanager.api.http.views import View
from filemanager.domain.trees.areas import public_path
from filemanager.domain.trees.findings import Finding, Severity
from filemanager.domain.workspaces.invitations.guest import GuestFile, HandedIn, InvitedGuest
from filemanager.domain.workspaces.invitations.invitation import Invitation
from filemanager.services.workspaces.invitations.own import Belongings
from filemanager.services.workspaces.invitations.room import RoomLeft


class LimitsView(View):
    """Files and bytes of all guests together, but for those of each."""

    max_files: int
    max_bytes: int
    max_file_bytes: int
    max_guests: int | None
    max_guest_files: int | None
    max_guest_bytes: int | None


class InvitationView(LimitsView):
    id: int
    slug: str
    url: str
    title: str
    message: str
    workspace: int | None
    profile: str | None
    ask: list[str]
    opens_at: datetime | None
    closes_at: datetime
    has_password: bool
    guests: int
    created_at: datetime


class InvitationList(View):
    invitations: list[InvitationView]


class ConditionsView(LimitsView):
    """What anybody with the link is told before handing in. ``by`` is who asks."""

    title: str
    message: str
    by: str
    ask: list[str]
    opens_at: datetime | None
    closes_at: datetime
    has_password: bool


class BegunView(View):
    """``base`` is the guest's own path, as seen from the host: whoever has it is the guest."""

    base: str
    number: int


class RoomView(View):
    files: int
    bytes: int


class OwnFileView(View):
    """``path`` is where it lies for the guest; ``sent`` what it was called as it came, or the
    archive that it came in.
    """

    path: str
    size_bytes: int
    sha256: str
    sent: str
    received_at: datetime


class OwnFindingView(View):
    """``path`` null: about all files together."""

    severity: Severity
    code: str
    message: str
    path: str | None


class GuestStateView(View):
    number: int
    answers: dict[str, str]
    files: int
    size_bytes: int
    created_at: datetime
    confirmed_at: datetime | None


class HandedInView(GuestStateView):
    """What a guest sees of himself; ``left`` is what may still come."""

    conditions: ConditionsView
    left: RoomView


class OwnFilesView(View):
    files: list[OwnFileView]
    findings: list[OwnFindingView]
    left: RoomView


class GuestView(GuestStateView):
    """``folder`` is where the files lie in the ``workspace``; null: the workspace is the guest's
    alone, made with the first upload.
    """

    id: int
    workspace: int | None
    folder: str | None


class GuestList(View):
    guests: list[GuestView]


class GuestFilesView(GuestView):
    """A guest with all that he handed in, by the paths that he knows."""

    handed_in: list[OwnFileView]
    findings: list[OwnFindingView]


def invitation_view(invitation: Invitation) -> InvitationView:
    return InvitationView(
        **_limits(invitation),
        id=invitation.id,
        slug=invitation.slug,
        url=absolute(f"/u/{invitation.slug}"),
        title=invitation.title,
        message=invitation.message,
        workspace=invitation.workspace_id,
        profile=invitation.profile,
        ask=list(invitation.asked),
        opens_at=invitation.opens_at,
        closes_at=invitation.closes_at,
        has_password=invitation.password is not None,
        guests=invitation.guests,
        created_at=invitation.created_at,
    )


def conditions_view(invitation: Invitation) -> ConditionsView:
    return ConditionsView(
        **_limits(invitation),
        title=invitation.title,
        message=invitation.message,
        by=invitation.inviter.name,
        ask=list(invitation.asked),
        opens_at=invitation.opens_at,
        closes_at=invitation.closes_at,
        has_password=invitation.password is not None,
    )


def handed_in_view(own: Belongings) -> HandedInView:
    return HandedInView(
        **_state(own.seat.guest, _total(own)),
        conditions=conditions_view(own.seat.invitation),
        left=_room(own.left),
    )


def own_files_view(own: Belongings) -> OwnFilesView:
    return OwnFilesView(
        files=[_file(one) for one in own.files],
        findings=[_finding(one) for one in own.findings],
        left=_room(own.left),
    )


def guest_view(guest: InvitedGuest, total: HandedIn) -> GuestView:
    return GuestView(**_guest(guest, total))


def guest_files_view(own: Belongings) -> GuestFilesView:
    return GuestFilesView(
        **_guest(own.seat.guest, _total(own)),
        handed_in=[_file(one) for one in own.files],
        findings=[_finding(one) for one in own.findings],
    )


def _limits(invitation: Invitation) -> Mapping[str, Any]:
    limits = invitation.limits
    return {
        "max_files": limits.files,
        "max_bytes": limits.bytes,
        "max_file_bytes": limits.file_bytes,
        "max_guests": limits.guests,
        "max_guest_files": limits.guest_files,
        "max_guest_bytes": limits.guest_bytes,
    }


def _guest(guest: InvitedGuest, total: HandedIn) -> Mapping[str, Any]:
    return {
        **_state(guest, total),
        "id": guest.id,
        "workspace": guest.workspace_id,
        "folder": guest.folder,
    }


def _state(guest: InvitedGuest, total: HandedIn) -> Mapping[str, Any]:
    return {
        "number": guest.number,
        "answers": dict(guest.answers),
        "files": total.files,
        "size_bytes": total.size_bytes,
        "created_at": guest.created_at,
        "confirmed_at": guest.confirmed_at,
    }


def _total(own: Belongings) -> HandedIn:
    return HandedIn(len(own.files), sum(one.size_bytes for one in own.files))


def _room(left: RoomLeft) -> RoomView:
    return RoomView(files=left.files, bytes=left.bytes)


def _file(one: GuestFile) -> OwnFileView:
    return OwnFileView(
        path=one.path,
        size_bytes=one.size_bytes,
        sha256=one.digest,
        sent=one.sent.path,
        received_at=one.received_at,
    )


def _finding(one: Finding) -> OwnFindingView:
    path = None if one.path is None else public_path(one.area, one.path)
    return OwnFindingView(severity=one.severity, code=one.code, message=one.message, path=path)
