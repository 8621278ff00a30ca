"""Invitations: who asks for files by a link, what may come, and until when."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NewType

from filemanager.domain.caller import Caller, Owner
from filemanager.domain.ids import WorkspaceId
from filemanager.domain.quotas import Subject
from filemanager.domain.workspaces.invitations.errors import (
    InvitationClosed,
    InvitationNotOpen,
    InvitationRevoked,
)

InvitationId = NewType("InvitationId", int)

MAX_INVITATIONS = 1000
"""Of an owner, those that are not revoked."""

MAX_ASKED = 20
"""What a guest may be asked besides files."""

MAX_ANSWER_CHARACTERS = 500

MAX_OPENED = 1000
"""Guests of an invitation that begin in an hour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandInLimits:
    """``files`` and ``bytes`` are of all guests together, ``guest_files`` and ``guest_bytes`` of
    each; None: there is none of its own.
    """

    files: int
    bytes: int
    file_bytes: int
    guests: int | None = None
    guest_files: int | None = None
    guest_bytes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """``workspace_id`` None: each guest gets a workspace of his own, with the ``profile``.

    ``inviter`` is who made it, with the scopes of then: by them files are received. ``password`` is
    an Argon2 hash. ``asked`` are names of what guests tell of themselves. ``guests`` counts those
    who began. A revoked invitation stays, so that nobody else takes its name.
    """

    id: InvitationId
    slug: str
    inviter: Caller
    workspace_id: WorkspaceId | None
    profile: str | None
    title: str
    message: str
    asked: tuple[str, ...] = ()
    limits: HandInLimits
    opens_at: datetime | None = None
    closes_at: datetime
    password: str | None = field(default=None, repr=False)
    guests: int = 0
    created_at: datetime
    revoked_at: datetime | None = None

    @property
    def owner(self) -> Owner:
        return self.inviter.owner

    def ensure_alive(self) -> None:
        if self.revoked_at is not None:
            raise InvitationRevoked

    def ensure_open(self, at: datetime) -> None:
        """Raise ``InvitationRevoked``, ``InvitationClosed`` and ``InvitationNotOpen``."""
        self.ensure_alive()
        if self.closes_at <= at:
            raise InvitationClosed
        if self.opens_at is not None and at < self.opens_at:
            raise InvitationNotOpen(self.opens_at)


def invitation_subject(invitation_id: InvitationId) -> Subject:
    return Subject(f"invitation:{invitation_id}")


def invitation_files_subject(invitation_id: InvitationId) -> Subject:
    """Counted in files."""
    return Subject(f"invitation_files:{invitation_id}")
