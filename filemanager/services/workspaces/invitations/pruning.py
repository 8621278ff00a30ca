"""What is known of guests for a while only, once their invitation has ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from filemanager.domain.ids import GuestId
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.workspaces.invitations.errors import GuestUnknown
from filemanager.domain.workspaces.invitations.guest import HandedIn
from filemanager.services.workspaces.invitations.room import Seat, count_handed_in

_CHUNK = 1000


@dataclass(frozen=True, slots=True)
class GuestPruning:
    """Files stay where they are: they are the inviter's. So does the invitation, and its name."""

    database: Database
    clock: Clock
    known_for: timedelta

    def prune(self) -> int:
        """Forget answers, secrets and lists of what was sent; returns of how many guests."""
        count = 0
        while ended := self._ended():
            count += sum(self._forgotten(one) for one in ended)
        return count

    def _ended(self) -> Sequence[GuestId]:
        before = self.clock() - self.known_for
        with self.database.read() as tx:
            return [one.id for one in tx.invitations.guests.ended(before, _CHUNK)]

    def _forgotten(self, guest_id: GuestId) -> bool:
        return self.database.write(lambda tx: _forget(tx, guest_id))


def _forget(tx: Transaction, guest_id: GuestId) -> bool:
    """False: another did it meanwhile."""
    try:
        guest = tx.invitations.guests.lock(guest_id)
    except GuestUnknown:
        return False
    seat = Seat(tx.invitations.get(guest.invitation_id), guest)
    held = tx.invitations.files.totals([guest_id]).get(guest_id, HandedIn())
    tx.invitations.files.drop_all(guest_id)
    count_handed_in(tx, seat, HandedIn(-held.files, -held.size_bytes))
    tx.invitations.guests.forget(guest)
    return True
