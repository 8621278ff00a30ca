"""What whoever invites does with invitations, and sees of those who came."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from filemanager.domain.caller import Caller, Scope
from filemanager.domain.errors import Malformed, NotOwner
from filemanager.domain.ids import GuestId, WorkspaceId
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.requests.passwords import PasswordHashes
from filemanager.domain.requests.secrets import random_slug
from filemanager.domain.workspaces.errors import WorkspaceNotFound
from filemanager.domain.workspaces.invitations.errors import (
    GuestUnknown,
    InvitationUnknown,
    TooManyInvitations,
)
from filemanager.domain.workspaces.invitations.guest import HandedIn, InvitedGuest, guest_owner
from filemanager.domain.workspaces.invitations.invitation import (
    MAX_INVITATIONS,
    HandInLimits,
    Invitation,
    InvitationId,
)
from filemanager.sanitize.registry import profile_named
from filemanager.services.passwords import hashed_password
from filemanager.services.workspaces.invitations.own import Belongings, belongings
from filemanager.services.workspaces.invitations.room import Seat
from filemanager.services.workspaces.summary import live

_PAGE = 1000
_CLOSED_UNTIL = "invitations_closed_until"

Edit = Callable[[Invitation], Invitation]


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationTerms:
    """``slug`` None: one that nobody guesses. Either ``workspace_id`` or ``profile`` is given."""

    title: str
    message: str = ""
    workspace_id: WorkspaceId | None = None
    profile: str | None = None
    limits: HandInLimits
    asked: tuple[str, ...] = ()
    opens_at: datetime | None = None
    closes_at: datetime
    password: str | None = field(default=None, repr=False)
    slug: str | None = None


@dataclass(frozen=True, slots=True)
class GuestSummary:
    guest: InvitedGuest
    total: HandedIn


class InvitationService:
    """Whoever did not make an invitation, and is no admin, is told that it is not there."""

    def __init__(self, database: Database, hashes: PasswordHashes, clock: Clock) -> None:
        self._database = database
        self._hashes = hashes
        self._clock = clock

    def create(self, caller: Caller, terms: InvitationTerms) -> Invitation:
        """Raises ``WorkspaceNotFound``, ``ProfileUnknown``, ``InvitationSlugTaken``,
        ``TooManyInvitations`` and ``Malformed``.
        """
        if (terms.workspace_id is None) == (terms.profile is None):
            raise Malformed("Name either a workspace or a profile.")
        at = self._clock()
        wish = Invitation(
            id=InvitationId(0),
            slug=terms.slug or random_slug(),
            inviter=caller,
            workspace_id=terms.workspace_id,
            profile=None if terms.profile is None else profile_named(terms.profile).name,
            title=terms.title,
            message=terms.message,
            asked=terms.asked,
            limits=terms.limits,
            opens_at=terms.opens_at,
            closes_at=terms.closes_at,
            password=self.hashed(terms.password),
            created_at=at,
        )

        def work(tx: Transaction) -> Invitation:
            _ensure_place(tx, caller, wish)
            if tx.invitations.count(caller.owner) >= MAX_INVITATIONS:
                raise TooManyInvitations(MAX_INVITATIONS)
            return tx.invitations.add(wish)

        return self._database.write(work)

    def get(self, caller: Caller, invitation_id: InvitationId) -> Invitation:
        """Raises ``InvitationUnknown``, for a revoked one too."""
        with self._database.read() as tx:
            return _owned(caller, tx.invitations.get(invitation_id))

    def page(self, caller: Caller, after: int, limit: int) -> Sequence[Invitation]:
        """The caller's own, oldest first, those behind the id *after*."""
        with self._database.read() as tx:
            return tx.invitations.page(caller.owner, after, limit)

    def edit(self, caller: Caller, invitation_id: InvitationId, edit: Edit) -> Invitation:
        """Change it; files are received by the scopes that the owner has now.

        Where it is not open then, uploads on their way to it end.
        """

        def work(tx: Transaction) -> Invitation:
            invitation = edit(_owned(caller, tx.invitations.lock(invitation_id)))
            if caller.owner == invitation.owner:
                invitation = replace(invitation, inviter=caller)
            tx.invitations.save(invitation)
            return invitation

        edited = self._database.write(work)
        if edited.revoked_at is not None or edited.closes_at <= self._clock():
            self._end_uploads(edited)
        return edited

    def revoke(self, caller: Caller, invitation_id: InvitationId) -> None:
        """Close it for good, and to guests who come back too; files stay where they are."""
        at = self._clock()
        self.edit(caller, invitation_id, lambda one: replace(one, revoked_at=at))

    def guests(
        self, caller: Caller, invitation_id: InvitationId, after: int, limit: int
    ) -> Sequence[GuestSummary]:
        """By number, those behind *after*."""
        with self._database.read() as tx:
            _owned(caller, tx.invitations.get(invitation_id))
            found = tx.invitations.guests.page(invitation_id, after, limit)
            totals = tx.invitations.files.totals([one.id for one in found])
        return [GuestSummary(one, totals.get(one.id, HandedIn())) for one in found]

    def guest(self, caller: Caller, invitation_id: InvitationId, guest_id: GuestId) -> Belongings:
        """Raises ``GuestUnknown`` too."""
        with self._database.read() as tx:
            invitation = _owned(caller, tx.invitations.get(invitation_id))
            guest = tx.invitations.guests.get(guest_id)
            if guest.invitation_id != invitation.id:
                raise GuestUnknown
            return belongings(tx, Seat(invitation, guest))

    def end_closed(self) -> int:
        """End what is on its way to those that have closed by themselves; returns how many."""
        at = self._clock()
        with self._database.read() as tx:
            before = tx.progress(_CLOSED_UNTIL)
            since = datetime.fromisoformat(before) if before else None
            closed = tx.invitations.closed(since, at)
        for invitation in closed:
            self._end_uploads(invitation)
        self._database.write(lambda tx: tx.save_progress(_CLOSED_UNTIL, at.isoformat()))
        return len(closed)

    def hashed(self, password: str | None) -> str | None:
        """Raises ``Malformed``; slow on purpose."""
        return hashed_password(self._hashes, password)

    def _end_uploads(self, invitation: Invitation) -> None:
        """The rooms that are reserved for them are free at the next sweep."""
        after = 0
        while True:
            with self._database.read() as tx:
                found = tx.invitations.guests.page(invitation.id, after, _PAGE)
            if not found:
                return
            owners = [guest_owner(one.id) for one in found]
            at = self._clock()
            self._database.write(lambda tx: tx.uploads.expire(owners, at))  # noqa: B023  # called in this turn
            after = found[-1].number


def _owned(caller: Caller, invitation: Invitation) -> Invitation:
    is_mine = caller.owner == invitation.owner or caller.holds_globally(Scope.ADMIN)
    if not is_mine or invitation.revoked_at is not None:
        raise InvitationUnknown
    return invitation


def _ensure_place(tx: Transaction, caller: Caller, wish: Invitation) -> None:
    if wish.workspace_id is None:
        return
    try:
        live(tx, wish.workspace_id).ensure_allows(caller, Scope.UPDATE)
    except NotOwner as stranger:
        raise WorkspaceNotFound from stranger
