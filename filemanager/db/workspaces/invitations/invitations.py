"""Invitations, and all that belongs to them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from filemanager.db.engine.columns import milliseconds
from filemanager.db.workspaces.invitations.files import SqlGuestFiles
from filemanager.db.workspaces.invitations.guests import SqlInvitedGuests
from filemanager.db.workspaces.invitations.rows import invitation_of, new_values, values_of
from filemanager.db.workspaces.invitations.tables import invitations
from filemanager.domain.caller import Owner
from filemanager.domain.workspaces.invitations.errors import (
    InvitationSlugTaken,
    InvitationUnknown,
    TooManyGuests,
)
from filemanager.domain.workspaces.invitations.invitation import Invitation, InvitationId

_OF_ID = invitations.c.id == bindparam("which")
_GET = select(invitations).where(_OF_ID)
_LOCK = _GET.with_for_update()
_FIND = select(invitations).where(invitations.c.slug == bindparam("which"))
_LIVING = invitations.c.owner == bindparam("whose"), invitations.c.revoked_at.is_(None)
_PAGE = (
    select(invitations)
    .where(*_LIVING, invitations.c.id > bindparam("after"))
    .order_by(invitations.c.id)
    .limit(bindparam("most"))
)
_CLOSED = select(invitations).where(
    invitations.c.revoked_at.is_(None),
    invitations.c.closes_at > bindparam("since"),
    invitations.c.closes_at <= bindparam("end"),
)
_COUNT = select(func.count()).select_from(invitations).where(*_LIVING)
_SAVE = update(invitations).where(_OF_ID)
_NEXT = (
    update(invitations)
    .where(
        _OF_ID,
        or_(invitations.c.max_guests.is_(None), invitations.c.guests < invitations.c.max_guests),
    )
    .values(guests=invitations.c.guests + 1)
)
_GUESTS = select(invitations.c.guests).where(_OF_ID)


class SqlInvitations:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @cached_property
    def guests(self) -> SqlInvitedGuests:
        return SqlInvitedGuests(self._connection)

    @cached_property
    def files(self) -> SqlGuestFiles:
        return SqlGuestFiles(self._connection)

    def add(self, invitation: Invitation) -> Invitation:
        try:
            with self._connection.begin_nested():
                made = self._connection.execute(insert(invitations), new_values(invitation))
        except IntegrityError as error:
            raise InvitationSlugTaken(invitation.slug) from error
        return replace(invitation, id=InvitationId(made.inserted_primary_key[0]), guests=0)  # type: ignore[index]  # of one row there is one

    def get(self, invitation_id: InvitationId) -> Invitation:
        return self._one(_GET, invitation_id)

    def lock(self, invitation_id: InvitationId) -> Invitation:
        return self._one(_LOCK, invitation_id)

    def find(self, slug: str) -> Invitation | None:
        row = self._connection.execute(_FIND, {"which": slug}).one_or_none()
        return None if row is None else invitation_of(row)

    def page(self, owner: Owner, after: int, limit: int) -> Sequence[Invitation]:
        asked = {"whose": owner, "after": after, "most": limit}
        return [invitation_of(row) for row in self._connection.execute(_PAGE, asked)]

    def closed(self, since: datetime | None, until: datetime) -> Sequence[Invitation]:
        asked = {"since": milliseconds(since) if since else 0, "end": milliseconds(until)}
        return [invitation_of(row) for row in self._connection.execute(_CLOSED, asked)]

    def count(self, owner: Owner) -> int:
        return self._connection.scalar(_COUNT, {"whose": owner}) or 0

    def save(self, invitation: Invitation) -> None:
        self._connection.execute(_SAVE.values(values_of(invitation)), {"which": invitation.id})

    def next_number(self, invitation_id: InvitationId) -> int:
        which = {"which": invitation_id}
        if not self._connection.execute(_NEXT, which).rowcount:
            raise TooManyGuests(self.get(invitation_id).guests)
        return self._connection.scalar(_GUESTS, which) or 0

    def _one(self, statement: Select[Any], invitation_id: InvitationId) -> Invitation:
        row = self._connection.execute(statement, {"which": invitation_id}).one_or_none()
        if row is None:
            raise InvitationUnknown
        return invitation_of(row)
