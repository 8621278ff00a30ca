"""What guests handed in."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection, bindparam, delete, func, select

from filemanager.db.engine.statements import chunks, insert_rows
from filemanager.db.quotas.charges import charged
from filemanager.db.workspaces.invitations.rows import file_of, values_of_file
from filemanager.db.workspaces.invitations.tables import invitation_files
from filemanager.domain.ids import GuestId
from filemanager.domain.workspaces.invitations.guest import GuestFile, HandedIn

_OF_GUEST = invitation_files.c.guest_id == bindparam("guest")
_OF = select(invitation_files).where(_OF_GUEST).order_by(invitation_files.c.path)
_TOTALS = select(
    invitation_files.c.guest_id,
    func.count().label("files"),
    func.sum(charged(invitation_files.c.size_bytes)).label("size_bytes"),
).group_by(invitation_files.c.guest_id)


class SqlGuestFiles:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, guest_id: GuestId) -> Sequence[GuestFile]:
        return [file_of(row) for row in self._connection.execute(_OF, {"guest": guest_id})]

    def at(self, guest_id: GuestId, paths: Collection[str]) -> Mapping[str, GuestFile]:
        found: dict[str, GuestFile] = {}
        for chunk in chunks(sorted(paths)):
            there = select(invitation_files).where(_OF_GUEST, invitation_files.c.path.in_(chunk))
            rows = self._connection.execute(there, {"guest": guest_id})
            found.update((row.path, file_of(row)) for row in rows)
        return found

    def put(self, guest_id: GuestId, files: Sequence[GuestFile]) -> None:
        rows = (values_of_file(guest_id, file) for file in files)
        insert_rows(self._connection, invitation_files, rows)

    def drop(self, guest_id: GuestId, paths: Collection[str]) -> None:
        for chunk in chunks(sorted(paths)):
            gone = delete(invitation_files).where(_OF_GUEST, invitation_files.c.path.in_(chunk))
            self._connection.execute(gone, {"guest": guest_id})

    def drop_all(self, guest_id: GuestId) -> None:
        self._connection.execute(delete(invitation_files).where(_OF_GUEST), {"guest": guest_id})

    def totals(self, guest_ids: Collection[GuestId]) -> Mapping[GuestId, HandedIn]:
        found: dict[GuestId, HandedIn] = {}
        for chunk in chunks(sorted(guest_ids)):
            rows = self._connection.execute(_TOTALS.where(invitation_files.c.guest_id.in_(chunk)))
            # A sum of integers is a decimal on two of the three databases.
            found.update(
                (GuestId(row.guest_id), HandedIn(row.files, int(row.size_bytes))) for row in rows
            )
        return found
