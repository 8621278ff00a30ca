"""Receipts of what guests handed in and confirmed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from filemanager.domain.packages.errors import NoStatements
from filemanager.domain.packages.statements import StatementSigner, envelope, statement
from filemanager.domain.ports import Database
from filemanager.domain.workspaces.invitations.errors import NotConfirmed
from filemanager.domain.workspaces.invitations.guest import GuestFile, InvitedGuest, SentByGuest
from filemanager.domain.workspaces.invitations.invitation import Invitation
from filemanager.services.workspaces.invitations.own import belongings, still_kept
from filemanager.services.workspaces.invitations.room import Seat

RECEIPT_TYPE = "urn:filemanager:receipt:1"


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
            kept = still_kept(tx, guest, files)
        if guest.confirmed_at is None:
            raise NotConfirmed
        if self.signer is None:
            raise NoStatements
        handed_in = _HandedIn(guest, files, kept, guest.confirmed_at)
        payload = _payload(seat.invitation, handed_in)
        return envelope(payload, self.signer)


@dataclass(frozen=True, slots=True)
class _HandedIn:
    """``kept`` are those of the files that the workspace still has."""

    guest: InvitedGuest
    files: Sequence[GuestFile]
    kept: Sequence[GuestFile]
    confirmed_at: datetime


def _payload(invitation: Invitation, handed_in: _HandedIn) -> bytes:
    """A subject for each file as it was sent; ``kept`` says what is kept of them, under the paths
    that the guest knows.
    """
    guest = handed_in.guest
    sent = {(one.sent.path, one.sent.digest): one for one in handed_in.files}
    predicate = {
        "invitation": {"id": invitation.id, "slug": invitation.slug, "title": invitation.title},
        "guest": {"number": guest.number, "answers": dict(guest.answers)},
        "confirmedAt": _time(handed_in.confirmed_at),
        "sent": [
            {**_file(one.sent), "receivedAt": _time(one.received_at)} for one in sent.values()
        ],
        "kept": [
            {"path": one.path, "bytes": one.size_bytes, "sha256": one.digest, "from": one.sent.path}
            for one in handed_in.kept
        ],
    }
    subjects = [{"name": path, "digest": {"sha256": digest}} for path, digest in sent]
    return statement(subjects, RECEIPT_TYPE, predicate)


def _file(sent: SentByGuest) -> dict[str, object]:
    return {"name": sent.path, "bytes": sent.size_bytes, "sha256": sent.digest}


def _time(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")
