"""Receipts of what guests handed in and confirmed."""

from collections.abc import Mapping
from dataclasses import dataclass

from filemanager.domain.invitations.errors import NotConfirmed
from filemanager.domain.invitations.receipt import receipt_of
from filemanager.domain.packages.errors import NoStatements
from filemanager.domain.packages.statements import StatementSigner, envelope
from filemanager.domain.ports import Database
from filemanager.services.invitations.own import belongings
from filemanager.services.invitations.room import Seat


@dataclass(frozen=True, slots=True)
class ReceiptService:
    """*signer* None: nothing is signed."""

    database: Database
    signer: StatementSigner | None

    def get(self, seat: Seat) -> Mapping[str, object]:
        """The same as long as nothing is changed. Raises ``NotConfirmed`` and ``NoStatements``."""
        with self.database.read() as tx:
            guest = tx.invitations.guests.get(seat.guest.id)
            files = belongings(tx, Seat(seat.invitation, guest)).files
        if guest.confirmed_at is None:
            raise NotConfirmed
        if self.signer is None:
            raise NoStatements
        payload = receipt_of(seat.invitation, guest, files, guest.confirmed_at)
        return envelope(payload, self.signer)
