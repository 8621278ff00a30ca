"""Who invites, who is let in, and what is kept secret of both."""

from dataclasses import replace
from datetime import timedelta

import pytest

from filemanager.domain.caller import Caller, GrantedScope, Scope
from filemanager.domain.errors import Malformed
from filemanager.domain.workspaces.errors import ProfileUnknown, WorkspaceNotFound
from filemanager.domain.workspaces.invitations.errors import (
    AnswersMissing,
    GuestUnknown,
    InvitationPasswordNeeded,
    InvitationSlugTaken,
    InvitationUnknown,
    InviterBlocked,
    TooManyInvitations,
    TooManyWrongInvitationPasswords,
    WrongInvitationPassword,
)
from filemanager.services.workspaces.invitations import inviting
from filemanager.services.workspaces.invitations.opening import Knock
from filemanager.services.workspaces.invitations.passwords import A_MINUTE, AN_HOUR
from worlds.invited import HOME, INVITER, Inbox

BOB = Caller(issuer="test", subject="2", name="bob", granted=INVITER.granted)
ADMIN = replace(BOB, granted=frozenset({GrantedScope(Scope.ADMIN)}))


def test_whoever_did_not_invite_is_told_that_there_is_nothing(inbox: Inbox) -> None:
    invitation = inbox.invite()
    guest = inbox.come(invitation).guest
    asked = inbox.inviting

    for call in (
        lambda: asked.get(BOB, invitation.id),
        lambda: asked.edit(BOB, invitation.id, lambda one: one),
        lambda: asked.revoke(BOB, invitation.id),
        lambda: asked.guests(BOB, invitation.id, 0, 9),
        lambda: asked.guest(BOB, invitation.id, guest.id),
    ):
        with pytest.raises(InvitationUnknown):
            call()
    assert list(asked.page(BOB, 0, 9)) == []
    assert asked.get(ADMIN, invitation.id) == asked.get(INVITER, invitation.id)


def test_nobody_is_invited_into_the_workspace_of_a_stranger(inbox: Inbox) -> None:
    workspace_id = inbox.world.create()

    with pytest.raises(WorkspaceNotFound):
        inbox.invite(BOB, workspace_id=workspace_id)


def test_an_invitation_names_a_workspace_or_a_profile(inbox: Inbox) -> None:
    with pytest.raises(Malformed):
        inbox.invite(profile=None)
    with pytest.raises(Malformed):
        inbox.invite_in(profile="generic")
    with pytest.raises(ProfileUnknown):
        inbox.invite(profile="none")


def test_a_name_is_given_once(inbox: Inbox) -> None:
    first = inbox.invite(slug="papers")
    inbox.inviting.revoke(INVITER, first.id)

    with pytest.raises(InvitationSlugTaken):
        inbox.invite(slug="papers")
    with pytest.raises(InvitationUnknown):
        inbox.inviting.get(INVITER, first.id)


def test_an_owner_has_so_many_invitations(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inviting, "MAX_INVITATIONS", 1)
    inbox.invite()

    with pytest.raises(TooManyInvitations):
        inbox.invite()


def test_guests_answer_what_is_asked_and_nothing_else(inbox: Inbox) -> None:
    invitation = inbox.invite(asked=("name", "e-mail"))
    knock = Knock(answers={"name": " Ada ", "e-mail": "a@b", "is_admin": "yes"}, address=HOME)

    with pytest.raises(AnswersMissing):
        inbox.come(invitation, "Ada")
    guest = inbox.opening.begin(invitation.slug, knock).seat.guest

    assert guest.answers == {"name": "Ada", "e-mail": "a@b"}


def test_the_secret_is_told_once_and_not_kept(inbox: Inbox) -> None:
    begun = inbox.opening.begin(inbox.invite().slug, Knock(answers={}, address=HOME))
    secret = begun.place.split("/")[2]

    assert len(secret) == 43
    assert inbox.opening.by_secret(secret).guest == begun.seat.guest
    assert secret not in repr(begun)
    with pytest.raises(InvitationUnknown):
        inbox.opening.by_secret(secret[:-1])


def test_an_inviter_sees_his_guests_and_no_others(inbox: Inbox) -> None:
    invitation, other = inbox.invite(asked=("name",)), inbox.invite()
    ada, stranger = inbox.come(invitation, "Ada"), inbox.come(other)
    inbox.send(ada, "a.txt", b"a")

    (seen,) = inbox.inviting.guests(INVITER, invitation.id, 0, 9)

    assert (seen.guest.answers, seen.total.files) == ({"name": "Ada"}, 1)
    shown = inbox.inviting.guest(INVITER, invitation.id, ada.guest.id)
    assert [one.path for one in shown.files] == ["a.txt"]
    with pytest.raises(GuestUnknown):
        inbox.inviting.guest(INVITER, invitation.id, stranger.guest.id)


def test_the_invitations_of_a_blocked_owner_are_closed(inbox: Inbox) -> None:
    invitation = inbox.invite()
    seat = inbox.come(invitation)
    inbox.world.database.write(
        lambda tx: tx.blocked_owners.block(INVITER.owner, inbox.world.clock())
    )

    with pytest.raises(InviterBlocked):
        inbox.come(invitation)
    with pytest.raises(InviterBlocked):
        inbox.begin(seat, "a.txt", 4)


def test_a_password_lets_in(inbox: Inbox) -> None:
    invitation = inbox.invite(password="open sesame")

    with pytest.raises(InvitationPasswordNeeded):
        inbox.come(invitation)
    with pytest.raises(WrongInvitationPassword):
        inbox.come(invitation, password="sesame")
    inbox.come(invitation, password="open sesame")

    assert "sesame" not in repr(invitation)


def test_a_few_wrong_passwords_of_an_address_are_looked_at(inbox: Inbox) -> None:
    invitation = inbox.invite(password="open sesame")
    for _ in range(A_MINUTE):
        with pytest.raises(WrongInvitationPassword):
            inbox.come(invitation, password="guess")

    with pytest.raises(TooManyWrongInvitationPasswords) as refused:
        inbox.come(invitation, password="open sesame")
    assert inbox.hashes.looks == A_MINUTE
    assert refused.value.retry_after_seconds == 60
    inbox.world.clock.turn(timedelta(minutes=1))
    inbox.come(invitation, password="open sesame")


def test_wrong_passwords_of_many_addresses_are_few_in_an_hour(inbox: Inbox) -> None:
    invitation = inbox.invite(password="open sesame")
    for number in range(AN_HOUR):
        knock = Knock(answers={}, password="guess", address=f"192.0.2.{number}")
        with pytest.raises(WrongInvitationPassword):
            inbox.opening.begin(invitation.slug, knock)

    with pytest.raises(TooManyWrongInvitationPasswords):
        inbox.come(invitation, password="open sesame")


def test_right_passwords_count_for_nothing(inbox: Inbox) -> None:
    invitation = inbox.invite(password="open sesame")

    for _ in range(A_MINUTE + 1):
        inbox.come(invitation, password="open sesame")
