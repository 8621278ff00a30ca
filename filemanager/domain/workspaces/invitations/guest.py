"""Guests of invitations, and the files that they handed in."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from filemanager.domain.caller import Caller, GrantedScope, Owner, Rights, Scope, owner_of
from filemanager.domain.ids import Digest, GuestId, WorkspaceId
from filemanager.domain.quotas import Subject
from filemanager.domain.workspaces.invitations.invitation import InvitationId

ISSUER = "guest"
"""Of no token: a guest's uploads belong to ``guest:<id>``."""

NAME = "name"
"""The question whose answer the folder of a guest is called by."""

_LONGEST_NAME = 60
_NO_NAME = re.compile(r"[^\w .-]")


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitedGuest:
    """``number`` counts the guests of an invitation from 1.

    His files lie in ``folder`` of the invitation's workspace, or (None) in a workspace of his own,
    which is made when he begins his first upload. What he changes after ``confirmed_at`` takes that
    away.
    """

    id: GuestId
    invitation_id: InvitationId
    number: int
    answers: Mapping[str, str] = field(default_factory=dict)
    folder: str | None
    workspace_id: WorkspaceId | None
    created_at: datetime
    confirmed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SentByGuest:
    """A file as it came from a guest: an archive is one, whatever was in it."""

    path: str
    digest: Digest
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestFile:
    """``path`` is the public one in the workspace; ``sent`` is what it was, or came in."""

    path: str
    digest: Digest
    size_bytes: int
    sent: SentByGuest
    received_at: datetime


@dataclass(frozen=True, slots=True)
class HandedIn:
    """How much somebody has handed in; ``size_bytes`` as it is charged."""

    files: int = 0
    size_bytes: int = 0


def guest_owner(guest_id: GuestId) -> Owner:
    return owner_of(ISSUER, str(guest_id))


def guest_caller(guest: InvitedGuest) -> Caller:
    """Who uploads: its scopes are bound to what no token can name, and open nothing else."""
    resource = str(guest_owner(guest.id))
    granted = (GrantedScope(Scope.READ, resource), GrantedScope(Scope.UPDATE, resource))
    return Caller(
        issuer=ISSUER,
        subject=str(guest.id),
        name=f"guest {guest.number}",
        granted=frozenset(granted),
    )


def guest_rights(guest_id: GuestId) -> Rights:
    return Rights(Scope.READ, Scope.UPDATE, str(guest_owner(guest_id)))


def folder_name(number: int, answers: Mapping[str, str]) -> str:
    """``<number> <name>``, of what every file system takes."""
    told = unicodedata.normalize("NFC", answers.get(NAME, ""))
    name = _NO_NAME.sub("_", told)[:_LONGEST_NAME].strip(" .")
    return f"{number} {name or 'guest'}"


def guest_subject(guest_id: GuestId) -> Subject:
    return Subject(f"guest:{guest_id}")


def guest_files_subject(guest_id: GuestId) -> Subject:
    """Counted in files."""
    return Subject(f"guest_files:{guest_id}")
