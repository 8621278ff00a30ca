"""How much guests may hand in, and the counting of what they did."""

from collections.abc import Iterable
from dataclasses import dataclass

from filemanager.domain.ports import Transaction
from filemanager.domain.quotas import Allowance, QuotaExceeded
from filemanager.domain.workspaces.invitations.errors import InviterHasNoRoom, TooManyFiles
from filemanager.domain.workspaces.invitations.guest import (
    HandedIn,
    InvitedGuest,
    guest_files_subject,
    guest_subject,
)
from filemanager.domain.workspaces.invitations.invitation import (
    Invitation,
    invitation_files_subject,
    invitation_subject,
)


@dataclass(frozen=True, slots=True)
class Seat:
    """A guest at what he was invited to."""

    invitation: Invitation
    guest: InvitedGuest

    @property
    def bytes_allowances(self) -> tuple[Allowance, ...]:
        """Whom the bytes of this guest count against, besides the workspace and its owner."""
        limits = self.invitation.limits
        return (
            Allowance(guest_subject(self.guest.id), limits.guest_bytes),
            Allowance(invitation_subject(self.invitation.id), limits.bytes),
        )

    @property
    def files_allowances(self) -> tuple[Allowance, ...]:
        limits = self.invitation.limits
        return (
            Allowance(guest_files_subject(self.guest.id), limits.guest_files),
            Allowance(invitation_files_subject(self.invitation.id), limits.files),
        )


@dataclass(frozen=True, slots=True)
class RoomLeft:
    files: int
    bytes: int


def room_left(tx: Transaction, seat: Seat) -> RoomLeft:
    """What may still come, of the guest and of all together, uploads on their way taken off."""
    return RoomLeft(
        files=min(_left(tx, one) for one in seat.files_allowances if one.limit_bytes is not None),
        bytes=min(_left(tx, one) for one in seat.bytes_allowances if one.limit_bytes is not None),
    )


def ensure_few(tx: Transaction, seat: Seat, more: int) -> None:
    """Refuse early what is too many even without what archives hold. Raises ``TooManyFiles``."""
    for one in seat.files_allowances:
        if one.limit_bytes is not None and _left(tx, one) < more:
            raise TooManyFiles(one.limit_bytes)


def ensure_inviters_room(tx: Transaction, allowances: Iterable[Allowance], more_bytes: int) -> None:
    """Refuse early, in words for a guest. Raises ``InviterHasNoRoom``."""
    for one in allowances:
        if one.limit_bytes is not None and _left(tx, one) < more_bytes:
            raise InviterHasNoRoom


def count_handed_in(tx: Transaction, seat: Seat, more: HandedIn) -> None:
    """Count what is received, or less than nothing for what is withdrawn.

    Raises ``QuotaExceeded`` and ``TooManyFiles``.
    """
    tx.quotas.use(seat.bytes_allowances, more.size_bytes)
    try:
        tx.quotas.use(seat.files_allowances, more.files)
    except QuotaExceeded as full:
        raise TooManyFiles(full.limit_bytes) from full


def _left(tx: Transaction, allowance: Allowance) -> int:
    usage = tx.quotas.usage(allowance.subject)
    return max(0, (allowance.limit_bytes or 0) - usage.used_bytes - usage.reserved_bytes)
