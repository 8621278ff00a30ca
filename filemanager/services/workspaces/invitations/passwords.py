"""Passwords of invitations: a few wrong ones are looked at, and no more."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.requests.passwords import MAX_PASSWORD_BYTES, PasswordHashes
from filemanager.domain.workspaces.invitations.errors import (
    InvitationPasswordNeeded,
    TooManyWrongInvitationPasswords,
    WrongInvitationPassword,
)
from filemanager.domain.workspaces.invitations.invitation import Invitation

A_MINUTE = 5
"""Wrong ones of an address."""
AN_HOUR = 100
"""Wrong ones of all addresses: a guest who has begun needs none any more."""

_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class _Most:
    """*subject* is counted until then."""

    subject: str
    most: int
    period: str
    until: datetime


class InvitationPasswords:
    def __init__(self, database: Database, hashes: PasswordHashes, clock: Clock) -> None:
        self._database = database
        self._hashes = hashes
        self._clock = clock

    def ensure_right(self, invitation: Invitation, password: str | None, address: str) -> None:
        """An attempt is counted before it is looked at, so that many at once are no more.

        *address* stands for one person. Raises ``InvitationPasswordNeeded``,
        ``WrongInvitationPassword`` and ``TooManyWrongInvitationPasswords``.
        """
        if invitation.password is None:
            return
        if password is None:
            raise InvitationPasswordNeeded
        at = self._clock()
        limits = _limits(invitation, address, at)
        self._database.write(lambda tx: _count(tx, limits, at))
        is_short = len(password.encode("utf-8", "surrogatepass")) <= MAX_PASSWORD_BYTES
        if not self._hashes.fits(invitation.password, password if is_short else "") or not is_short:
            raise WrongInvitationPassword
        self._database.write(lambda tx: _forgive(tx, limits))


def _limits(invitation: Invitation, address: str, at: datetime) -> tuple[_Most, ...]:
    minute = at.replace(second=0, microsecond=0) + _MINUTE
    hour = at.replace(minute=0, second=0, microsecond=0) + _HOUR
    subject = f"wrong_invitation:{invitation.id}"
    return (
        _Most(f"{subject}:{address}", A_MINUTE, "a minute", minute),
        _Most(subject, AN_HOUR, "an hour", hour),
    )


def _count(tx: Transaction, limits: tuple[_Most, ...], at: datetime) -> None:
    for one in limits:
        if not tx.tallies.take(one.subject, 1, one.most, one.until):
            seconds = max(1, round((one.until - at).total_seconds()))
            raise TooManyWrongInvitationPasswords(one.most, one.period, seconds)


def _forgive(tx: Transaction, limits: tuple[_Most, ...]) -> None:
    """It was right: it counts for nothing."""
    for one in limits:
        tx.tallies.take(one.subject, -1, one.most, one.until)
