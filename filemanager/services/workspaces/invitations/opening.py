"""Who may open an invitation, and what makes somebody a guest: by the rows as they are now."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from filemanager.domain.caller import Caller
from filemanager.domain.ids import GuestId
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.requests.secrets import new_secret, secret_digest
from filemanager.domain.workspaces.invitations.errors import (
    AnswersMissing,
    AnswerTooLong,
    InvitationUnknown,
    InviterBlocked,
    TooManyBegin,
)
from filemanager.domain.workspaces.invitations.guest import InvitedGuest, folder_name, guest_caller
from filemanager.domain.workspaces.invitations.invitation import (
    MAX_ANSWER_CHARACTERS,
    MAX_OPENED,
    Invitation,
)
from filemanager.services.workspaces.invitations.passwords import InvitationPasswords
from filemanager.services.workspaces.invitations.room import Seat

_LONGEST_SECRET = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Knock:
    """What somebody sends to become a guest. ``address`` stands for one person."""

    answers: Mapping[str, str]
    password: str | None = field(default=None, repr=False)
    address: str


@dataclass(frozen=True, slots=True)
class BegunGuest:
    """``place`` is the guest's own path, with a slash at both ends; nobody is told it again."""

    seat: Seat
    place: str = field(repr=False)


class InvitationOpening:
    def __init__(self, database: Database, passwords: InvitationPasswords, clock: Clock) -> None:
        self._database = database
        self._passwords = passwords
        self._clock = clock

    def by_name(self, slug: str) -> Invitation:
        """An invitation that is not revoked. Raises ``InvitationUnknown``, ``InvitationRevoked``
        and ``InviterBlocked``.
        """
        with self._database.read() as tx:
            invitation = tx.invitations.find(slug)
            if invitation is None:
                raise InvitationUnknown
            return ensure_alive(tx, invitation)

    def by_secret(self, secret: str) -> Seat:
        """Raises what ``by_name`` does. A closed invitation is found."""
        with self._database.read() as tx:
            guest = tx.invitations.guests.find(secret_digest(secret[:_LONGEST_SECRET]))
            if guest is None:
                raise InvitationUnknown
            return Seat(ensure_alive(tx, tx.invitations.get(guest.invitation_id)), guest)

    def uploader(self, secret: str) -> tuple[Caller, GuestId]:
        """Who uploads with *secret*, as long as the invitation is open.

        Raises what ``by_secret`` does, ``InvitationClosed`` and ``InvitationNotOpen``.
        """
        seat = self.by_secret(secret)
        seat.invitation.ensure_open(self._clock())
        return guest_caller(seat.guest), seat.guest.id

    def begin(self, slug: str, knock: Knock) -> BegunGuest:
        """Raises what ``by_name`` does, ``InvitationClosed``, ``InvitationNotOpen``, what
        ``InvitationPasswords`` does, ``AnswersMissing``, ``AnswerTooLong``, ``TooManyBegin`` and
        ``TooManyGuests``.
        """
        invitation = self.by_name(slug)
        invitation.ensure_open(self._clock())
        self._passwords.ensure_right(invitation, knock.password, knock.address)
        answers = _answers(invitation, knock.answers)
        secret = new_secret()

        def work(tx: Transaction) -> InvitedGuest:
            self._count(tx, invitation)
            number = tx.invitations.next_number(invitation.id)
            is_common = invitation.workspace_id is not None
            guest = InvitedGuest(
                id=GuestId(0),
                invitation_id=invitation.id,
                number=number,
                answers=answers,
                folder=folder_name(number, answers) if is_common else None,
                workspace_id=invitation.workspace_id,
                created_at=self._clock(),
            )
            return tx.invitations.guests.add(guest, secret.digest)

        guest = self._database.write(work)
        return BegunGuest(Seat(invitation, guest), f"/g/{secret.text}/")

    def _count(self, tx: Transaction, invitation: Invitation) -> None:
        at = self._clock()
        until = at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        if not tx.tallies.take(f"begun:{invitation.id}", 1, MAX_OPENED, until):
            seconds = (until - at).total_seconds()
            raise TooManyBegin(MAX_OPENED, max(1, round(seconds)))


def ensure_alive(tx: Transaction, invitation: Invitation) -> Invitation:
    """Raise ``InvitationRevoked`` and ``InviterBlocked``."""
    invitation.ensure_alive()
    if tx.blocked_owners.holds(invitation.owner):
        raise InviterBlocked
    return invitation


def _answers(invitation: Invitation, told: Mapping[str, str]) -> Mapping[str, str]:
    """To what is asked, and to nothing else."""
    answers = {name: told.get(name, "").strip() for name in invitation.asked}
    if missing := [name for name, answer in answers.items() if not answer]:
        raise AnswersMissing(missing)
    for name, answer in answers.items():
        if len(answer) > MAX_ANSWER_CHARACTERS:
            raise AnswerTooLong(name, MAX_ANSWER_CHARACTERS)
    return answers
