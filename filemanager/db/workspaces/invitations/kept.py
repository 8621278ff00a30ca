"""What guests and invitations are counted to hold, for the quotas."""

from sqlalchemy import ColumnElement, String, cast, literal

from filemanager.db.quotas.charges import charged
from filemanager.db.quotas.shares import ONE, Share, share
from filemanager.db.workspaces.invitations.tables import guests, invitation_files
from filemanager.domain.ids import GuestId
from filemanager.domain.quotas import Subject
from filemanager.domain.workspaces.invitations.guest import guest_files_subject, guest_subject
from filemanager.domain.workspaces.invitations.invitation import (
    InvitationId,
    invitation_files_subject,
    invitation_subject,
)


def _counted(subject: Subject, number: ColumnElement[int], kept: ColumnElement[int]) -> Share:
    """*subject* is that of the number 0."""
    named = literal(str(subject).removesuffix("0")) + cast(number, String(20))
    return share(named, kept=kept).join_from(
        invitation_files, guests, invitation_files.c.guest_id == guests.c.id
    )


_BYTES = charged(invitation_files.c.size_bytes)
KEPT = (
    _counted(guest_subject(GuestId(0)), guests.c.id, _BYTES),
    _counted(guest_files_subject(GuestId(0)), guests.c.id, ONE),
    _counted(invitation_subject(InvitationId(0)), guests.c.invitation_id, _BYTES),
    _counted(invitation_files_subject(InvitationId(0)), guests.c.invitation_id, ONE),
)
