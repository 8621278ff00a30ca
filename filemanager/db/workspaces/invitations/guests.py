"""Guests, by the digest of their secret."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, func, insert, select, update

from filemanager.db.engine.columns import milliseconds, optional_milliseconds
from filemanager.db.workspaces.invitations.rows import guest_of, values_of_guest
from filemanager.db.workspaces.invitations.tables import guests, invitations
from filemanager.domain.ids import Digest, GuestId, WorkspaceId
from filemanager.domain.workspaces.invitations.errors import GuestUnknown
from filemanager.domain.workspaces.invitations.guest import InvitedGuest
from filemanager.domain.workspaces.invitations.invitation import InvitationId

_FIND = select(guests).where(guests.c.digest == bindparam("which"))
_OF_ID = guests.c.id == bindparam("which")
_GET = select(guests).where(_OF_ID)
_LOCK = _GET.with_for_update()
_PAGE = (
    select(guests)
    .where(guests.c.invitation_id == bindparam("of"), guests.c.number > bindparam("after"))
    .order_by(guests.c.number)
    .limit(bindparam("most"))
)
_HAVE_FOLDERS = (
    select(guests.c.id)
    .where(guests.c.workspace_id == bindparam("where"), guests.c.folder.is_not(None))
    .limit(1)
)
_SAVE = update(guests).where(_OF_ID)
_FORGOTTEN = "forgotten "
"""In the place of the digest of a secret, which is in hex: what nobody's secret has."""

_ENDED = (
    select(guests)
    .join(invitations, guests.c.invitation_id == invitations.c.id)
    .where(
        func.coalesce(invitations.c.revoked_at, invitations.c.closes_at) <= bindparam("before"),
        guests.c.digest.not_like(f"{_FORGOTTEN}%"),
    )
    .order_by(guests.c.id)
    .limit(bindparam("most"))
)
_DROP = delete(guests).where(_OF_ID)
_EMPTY = json.dumps({})


class SqlInvitedGuests:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, guest: InvitedGuest, digest: Digest) -> InvitedGuest:
        made = self._connection.execute(insert(guests), values_of_guest(guest, digest))
        return replace(guest, id=GuestId(made.inserted_primary_key[0]))  # type: ignore[index]  # of one row there is one

    def find(self, digest: Digest) -> InvitedGuest | None:
        row = self._connection.execute(_FIND, {"which": digest}).one_or_none()
        return None if row is None else guest_of(row)

    def get(self, guest_id: GuestId) -> InvitedGuest:
        return self._one(_GET, guest_id)

    def lock(self, guest_id: GuestId) -> InvitedGuest:
        return self._one(_LOCK, guest_id)

    def page(self, invitation_id: InvitationId, after: int, limit: int) -> Sequence[InvitedGuest]:
        asked = {"of": invitation_id, "after": after, "most": limit}
        return [guest_of(row) for row in self._connection.execute(_PAGE, asked)]

    def have_folders(self, workspace_id: WorkspaceId) -> bool:
        return self._connection.scalar(_HAVE_FOLDERS, {"where": workspace_id}) is not None

    def save(self, guest: InvitedGuest) -> None:
        values = {
            "workspace_id": guest.workspace_id,
            "confirmed_at": optional_milliseconds(guest.confirmed_at),
        }
        self._connection.execute(_SAVE.values(values), {"which": guest.id})

    def ended(self, before: datetime, limit: int) -> Sequence[InvitedGuest]:
        asked = {"before": milliseconds(before), "most": limit}
        return [guest_of(row) for row in self._connection.execute(_ENDED, asked)]

    def forget(self, guest: InvitedGuest) -> None:
        if guest.folder is None:
            self._connection.execute(_DROP, {"which": guest.id})
            return
        values = {"answers": _EMPTY, "digest": f"{_FORGOTTEN}{guest.id}"}
        self._connection.execute(_SAVE.values(values), {"which": guest.id})

    def _one(self, statement: Select[Any], guest_id: GuestId) -> InvitedGuest:
        row = self._connection.execute(statement, {"which": guest_id}).one_or_none()
        if row is None:
            raise GuestUnknown
        return guest_of(row)
