"""Rows of invitations, guests and their files as values of the domain, and back."""

import json

from filemanager.db.engine.callers import caller_of, caller_values
from filemanager.db.engine.columns import (
    AnyRow,
    milliseconds,
    moment,
    optional_milliseconds,
    optional_moment,
)
from filemanager.domain.ids import Digest, GuestId, WorkspaceId
from filemanager.domain.workspaces.invitations.guest import GuestFile, InvitedGuest, SentByGuest
from filemanager.domain.workspaces.invitations.invitation import (
    HandInLimits,
    Invitation,
    InvitationId,
)


def invitation_of(row: AnyRow) -> Invitation:
    return Invitation(
        id=InvitationId(row.id),
        slug=row.slug,
        inviter=caller_of(json.loads(row.inviter)),
        workspace_id=None if row.workspace_id is None else WorkspaceId(row.workspace_id),
        profile=row.profile,
        title=row.title,
        message=row.message,
        asked=tuple(json.loads(row.asked)),
        limits=HandInLimits(
            files=row.max_files,
            bytes=row.max_bytes,
            file_bytes=row.max_file_bytes,
            guests=row.max_guests,
            guest_files=row.max_guest_files,
            guest_bytes=row.max_guest_bytes,
        ),
        opens_at=optional_moment(row.opens_at),
        closes_at=moment(row.closes_at),
        password=row.password,
        guests=row.guests,
        created_at=moment(row.created_at),
        revoked_at=optional_moment(row.revoked_at),
    )


def new_values(invitation: Invitation) -> dict[str, object]:
    return {
        **values_of(invitation),
        "slug": invitation.slug,
        "owner": invitation.owner,
        "workspace_id": invitation.workspace_id,
        "profile": invitation.profile,
        "guests": 0,
        "created_at": milliseconds(invitation.created_at),
    }


def values_of(invitation: Invitation) -> dict[str, object]:
    """What may change; the count of guests goes its own way."""
    limits = invitation.limits
    return {
        "inviter": json.dumps(caller_values(invitation.inviter)),
        "title": invitation.title,
        "message": invitation.message,
        "asked": json.dumps(invitation.asked),
        "max_files": limits.files,
        "max_bytes": limits.bytes,
        "max_file_bytes": limits.file_bytes,
        "max_guests": limits.guests,
        "max_guest_files": limits.guest_files,
        "max_guest_bytes": limits.guest_bytes,
        "opens_at": optional_milliseconds(invitation.opens_at),
        "closes_at": milliseconds(invitation.closes_at),
        "password": invitation.password,
        "revoked_at": optional_milliseconds(invitation.revoked_at),
    }


def guest_of(row: AnyRow) -> InvitedGuest:
    return InvitedGuest(
        id=GuestId(row.id),
        invitation_id=InvitationId(row.invitation_id),
        number=row.number,
        answers=json.loads(row.answers),
        folder=row.folder,
        workspace_id=None if row.workspace_id is None else WorkspaceId(row.workspace_id),
        created_at=moment(row.created_at),
        confirmed_at=optional_moment(row.confirmed_at),
    )


def values_of_guest(guest: InvitedGuest, digest: Digest) -> dict[str, object]:
    return {
        "invitation_id": guest.invitation_id,
        "number": guest.number,
        "digest": digest,
        "answers": json.dumps(dict(guest.answers)),
        "folder": guest.folder,
        "workspace_id": guest.workspace_id,
        "created_at": milliseconds(guest.created_at),
        "confirmed_at": optional_milliseconds(guest.confirmed_at),
    }


def file_of(row: AnyRow) -> GuestFile:
    return GuestFile(
        path=row.path,
        digest=Digest(row.digest),
        size_bytes=row.size_bytes,
        sent=SentByGuest(
            path=row.sent_path, digest=Digest(row.sent_digest), size_bytes=row.sent_bytes
        ),
        received_at=moment(row.received_at),
    )


def values_of_file(guest_id: GuestId, file: GuestFile) -> dict[str, object]:
    return {
        "guest_id": guest_id,
        "path": file.path,
        "digest": file.digest,
        "size_bytes": file.size_bytes,
        "sent_path": file.sent.path,
        "sent_digest": file.sent.digest,
        "sent_bytes": file.sent.size_bytes,
        "received_at": milliseconds(file.received_at),
    }
