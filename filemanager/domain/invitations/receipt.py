"""Receipts: what a guest handed in and confirmed, signed by the service."""

from collections.abc import Sequence
from datetime import datetime

from filemanager.domain.invitations.guest import GuestFile, InvitedGuest, SentByGuest
from filemanager.domain.invitations.invitation import Invitation
from filemanager.domain.packages.statements import statement

RECEIPT_TYPE = "urn:filemanager:receipt:1"


def receipt_of(
    invitation: Invitation, guest: InvitedGuest, files: Sequence[GuestFile], confirmed_at: datetime
) -> bytes:
    """A subject for each file as it was sent; ``kept`` says what is kept of them, under the paths
    that the guest knows.
    """
    sent = {(one.sent.path, one.sent.digest): one for one in files}
    predicate = {
        "invitation": {"id": invitation.id, "slug": invitation.slug, "title": invitation.title},
        "guest": {"number": guest.number, "answers": dict(guest.answers)},
        "confirmedAt": _time(confirmed_at),
        "sent": [
            {**_file(one.sent), "receivedAt": _time(one.received_at)} for one in sent.values()
        ],
        "kept": [
            {"path": one.path, "bytes": one.size_bytes, "sha256": one.digest, "from": one.sent.path}
            for one in files
        ],
    }
    subjects = [{"name": path, "digest": {"sha256": digest}} for path, digest in sent]
    return statement(subjects, RECEIPT_TYPE, predicate)


def _file(sent: SentByGuest) -> dict[str, object]:
    return {"name": sent.path, "bytes": sent.size_bytes, "sha256": sent.digest}


def _time(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")
