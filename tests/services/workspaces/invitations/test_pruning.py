"""Guests are forgotten a while after their invitation has ended; files stay."""

from datetime import timedelta

import pytest

from filemanager.domain.workspaces.invitations.errors import GuestUnknown, InvitationUnknown
from filemanager.domain.workspaces.invitations.invitation import Invitation
from filemanager.services.workspaces.invitations.pruning import GuestPruning
from filemanager.services.workspaces.invitations.room import Seat
from worlds.invited import INVITER, Inbox

KNOWN_FOR = timedelta(days=10)
MOMENT = timedelta(milliseconds=1)


@pytest.fixture
def pruning(inbox: Inbox) -> GuestPruning:
    return GuestPruning(inbox.world.database, inbox.world.clock, KNOWN_FOR)


@pytest.fixture
def invitation(inbox: Inbox) -> Invitation:
    return inbox.invite_in(asked=("name",))


@pytest.fixture
def seat(inbox: Inbox, invitation: Invitation) -> Seat:
    """Ada, who handed in a file, and confirmed it."""
    seat = inbox.come(invitation, "Ada")
    inbox.send(seat, "a.txt", b"text")
    inbox.own.confirm(seat)
    return inbox.now(seat)


def kept(inbox: Inbox, seat: Seat) -> list[str]:
    """The paths in the workspace that the guest handed into."""
    assert seat.guest.workspace_id is not None
    with inbox.world.database.read() as tx:
        tree = tx.workspaces.get(seat.guest.workspace_id).tree
        return [one.public_path for one in tx.trees.entries(tree.id, tree.revision)]


def test_they_are_known_to_the_last_moment(
    inbox: Inbox, pruning: GuestPruning, invitation: Invitation, seat: Seat
) -> None:
    inbox.close(invitation)

    inbox.world.clock.turn(KNOWN_FOR - MOMENT)
    before = pruning.prune()
    assert inbox.paths(seat) == ["a.txt"]
    inbox.world.clock.turn(MOMENT)

    assert (before, pruning.prune(), pruning.prune()) == (0, 1, 0)


def test_files_stay_and_counters_agree(
    inbox: Inbox, pruning: GuestPruning, invitation: Invitation, seat: Seat
) -> None:
    inbox.close(invitation)
    inbox.world.clock.turn(KNOWN_FOR)

    pruning.prune()

    assert kept(inbox, seat) == ["1 Ada/a.txt"]
    assert inbox.used_of(seat) == [0, 0, 0, 0]
    assert inbox.world.problems() == []
    assert inbox.inviting.get(INVITER, invitation.id).slug == invitation.slug


def test_nobody_is_told_what_a_forgotten_guest_said(
    inbox: Inbox, pruning: GuestPruning, invitation: Invitation, seat: Seat
) -> None:
    inbox.close(invitation)
    inbox.world.clock.turn(KNOWN_FOR)

    pruning.prune()

    (one,) = inbox.inviting.guests(INVITER, invitation.id, 0, 9)
    assert (one.guest.answers, one.total.files) == ({}, 0)
    assert one.guest.folder == seat.guest.folder


def test_folders_of_forgotten_guests_are_still_no_tree_of_one(
    inbox: Inbox, pruning: GuestPruning, invitation: Invitation
) -> None:
    """All together they would be checked as one paper, and files be taken for junk."""
    inbox.come(invitation, "Ada")
    inbox.close(invitation)
    inbox.world.clock.turn(KNOWN_FOR)

    pruning.prune()

    with inbox.world.database.read() as tx:
        assert invitation.workspace_id is not None
        assert tx.invitations.guests.have_folders(invitation.workspace_id)


def test_a_secret_opens_nothing_any_more(inbox: Inbox, pruning: GuestPruning) -> None:
    invitation = inbox.invite()
    begun = inbox.begun(invitation)
    secret = begun.place.strip("/").rpartition("/")[2]
    inbox.send(begun.seat, "a.txt", b"text")
    seat = inbox.now(begun.seat)
    inbox.inviting.revoke(INVITER, invitation.id)
    inbox.world.clock.turn(KNOWN_FOR)

    assert pruning.prune() == 1

    with pytest.raises(InvitationUnknown):
        inbox.opening.by_secret(secret)
    with pytest.raises(GuestUnknown):
        inbox.now(seat)
    assert kept(inbox, seat) == ["a.txt"]


def test_guests_of_what_is_open_are_not_forgotten(
    inbox: Inbox, pruning: GuestPruning, invitation: Invitation, seat: Seat
) -> None:
    inbox.edit(invitation, closes_at=inbox.world.clock() + 3 * KNOWN_FOR)
    inbox.world.clock.turn(2 * KNOWN_FOR)

    assert pruning.prune() == 0
    assert inbox.paths(seat) == ["a.txt"]
