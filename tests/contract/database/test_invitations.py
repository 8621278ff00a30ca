"""Invitations, their guests and what those handed in, on every database."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from builders.rows import LATER, NOW, Steps, a_workspace
from filemanager.db.database import SqlDatabase
from filemanager.domain.caller import Caller, GrantedScope
from filemanager.domain.ids import GuestId, digest_of
from filemanager.domain.quotas import Allowance
from filemanager.domain.requests.secrets import NewSecret, new_secret
from filemanager.domain.workspaces.invitations.errors import (
    GuestUnknown,
    InvitationSlugTaken,
    InvitationUnknown,
    TooManyGuests,
)
from filemanager.domain.workspaces.invitations.guest import (
    GuestFile,
    HandedIn,
    InvitedGuest,
    SentByGuest,
    guest_subject,
)
from filemanager.domain.workspaces.invitations.invitation import (
    HandInLimits,
    Invitation,
    InvitationId,
    invitation_files_subject,
    invitation_subject,
)

ALICE = Caller(
    issuer="issuer",
    subject="alice",
    name="al\u00efce",
    granted=frozenset({GrantedScope("upload:create"), GrantedScope("upload:update", "7")}),
)


def an_invitation(**more: Any) -> Invitation:
    values: dict[str, Any] = {
        "id": InvitationId(0),
        "slug": "papers",
        "inviter": ALICE,
        "workspace_id": None,
        "profile": "generic",
        "title": "Papers",
        "message": "",
        "limits": HandInLimits(files=10, bytes=1000, file_bytes=100),
        "closes_at": LATER,
        "created_at": NOW,
    }
    return Invitation(**values | more)


def add(database: SqlDatabase, invitation: Invitation) -> Invitation:
    return database.write(lambda tx: tx.invitations.add(invitation))


@pytest.fixture
def invitation(database: SqlDatabase) -> Invitation:
    return add(database, an_invitation())


def come(database: SqlDatabase, invitation: Invitation, **more: Any) -> InvitedGuest:
    return come_with(database, invitation, new_secret(), **more)


def come_with(
    database: SqlDatabase, invitation: Invitation, secret: NewSecret, **more: Any
) -> InvitedGuest:
    values: dict[str, Any] = {"folder": None, "workspace_id": None, "created_at": NOW} | more

    def work(tx: Any) -> InvitedGuest:
        number = tx.invitations.next_number(invitation.id)
        guest = InvitedGuest(id=GuestId(0), invitation_id=invitation.id, number=number, **values)
        return tx.invitations.guests.add(guest, secret.digest)  # type: ignore[no-any-return]  # of a transaction

    return database.write(work)


def a_file(path: str, text: str = "text") -> GuestFile:
    digest = digest_of(text.encode())
    sent = SentByGuest(path=f"sent/{path}\0", digest=digest, size_bytes=9)
    return GuestFile(path=path, digest=digest, size_bytes=len(text), sent=sent, received_at=NOW)


def test_an_invitation_is_found_as_it_was_added(database: SqlDatabase, steps: Steps) -> None:
    workspace = steps.database.write(lambda tx: tx.workspaces.add(a_workspace()))
    wish = an_invitation(
        workspace_id=workspace.id,
        profile=None,
        message="for re\u00efews",
        asked=("name", "e-mail"),
        limits=HandInLimits(files=1, bytes=2, file_bytes=3, guests=4, guest_files=5, guest_bytes=6),
        opens_at=NOW,
        password="$argon2id$v=19$x",
    )

    made = add(database, wish)

    with database.read() as tx:
        assert tx.invitations.find("papers") == tx.invitations.get(made.id) == made
        assert made == replace(wish, id=made.id)
        assert tx.invitations.find("PAPERS") is None
        with pytest.raises(InvitationUnknown):
            tx.invitations.get(InvitationId(99))


def test_a_name_is_given_once_also_when_its_invitation_was_revoked(
    database: SqlDatabase, invitation: Invitation
) -> None:
    database.write(lambda tx: tx.invitations.save(replace(invitation, revoked_at=NOW)))

    with pytest.raises(InvitationSlugTaken):
        add(database, an_invitation())


def test_living_invitations_of_an_owner_are_listed_and_counted(
    database: SqlDatabase, invitation: Invitation
) -> None:
    others = [add(database, an_invitation(slug=f"other{number}")) for number in range(3)]
    add(database, an_invitation(slug="bobs", inviter=replace(ALICE, subject="bob")))
    database.write(lambda tx: tx.invitations.save(replace(others[0], revoked_at=NOW)))

    with database.read() as tx:
        assert list(tx.invitations.page(ALICE.owner, 0, 2)) == [invitation, others[1]]
        assert list(tx.invitations.page(ALICE.owner, others[1].id, 9)) == [others[2]]
        assert tx.invitations.count(ALICE.owner) == 3


def test_saving_keeps_the_count_of_guests(database: SqlDatabase, invitation: Invitation) -> None:
    come(database, invitation)

    database.write(lambda tx: tx.invitations.save(replace(invitation, title="new", guests=77)))

    with database.read() as tx:
        assert tx.invitations.get(invitation.id) == replace(invitation, title="new", guests=1)


def test_guests_are_numbered_and_found_by_their_secret(
    database: SqlDatabase, invitation: Invitation
) -> None:
    secret = new_secret()
    first = come_with(
        database, invitation, secret, answers={"name": "\u00c4da"}, folder="1 \u00c4da"
    )
    second = come(database, invitation)
    changed = replace(first, confirmed_at=LATER)
    database.write(lambda tx: tx.invitations.guests.save(changed))

    with database.read() as tx:
        guests = tx.invitations.guests
        assert (first.number, second.number) == (1, 2)
        assert guests.find(secret.digest) == guests.get(first.id) == changed
        assert guests.find(new_secret().digest) is None
        assert list(guests.page(invitation.id, 1, 9)) == [second]
        with pytest.raises(GuestUnknown):
            guests.get(GuestId(99))


def test_a_workspace_is_known_for_the_folders_of_its_guests(
    database: SqlDatabase, steps: Steps, invitation: Invitation
) -> None:
    common, own, other = (
        steps.database.write(lambda tx: tx.workspaces.add(a_workspace())) for _ in range(3)
    )
    come(database, invitation, folder="1 Ada", workspace_id=common.id)
    come(database, invitation, workspace_id=own.id)

    with database.read() as tx:
        have_folders = tx.invitations.guests.have_folders
        assert [have_folders(one.id) for one in (common, own, other)] == [True, False, False]


def test_no_more_guests_come_than_are_invited_however_many_come_at_once(
    database: SqlDatabase,
) -> None:
    limits = HandInLimits(files=1, bytes=1, file_bytes=1, guests=3)
    invitation = add(database, an_invitation(limits=limits))

    def come_in(_number: int) -> None:
        with suppress(TooManyGuests):
            come(database, invitation)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(come_in, range(8)))

    with database.read() as tx:
        numbers = [one.number for one in tx.invitations.guests.page(invitation.id, 0, 9)]
    assert numbers == [1, 2, 3]


def test_files_of_a_guest_are_told_from_those_of_others(
    database: SqlDatabase, invitation: Invitation
) -> None:
    ada, bob = come(database, invitation), come(database, invitation)
    files = [a_file("b.txt"), a_file("a/\u00e4.txt", "longer text")]
    database.write(lambda tx: tx.invitations.files.put(ada.id, files))
    database.write(lambda tx: tx.invitations.files.put(bob.id, [a_file("b.txt", "bob's")]))

    database.write(lambda tx: tx.invitations.files.drop(bob.id, ["a/\u00e4.txt"]))

    with database.read() as tx:
        stored = [
            replace(one, sent=replace(one.sent, path=f"sent/{one.path}\ufffd")) for one in files
        ]
        assert list(tx.invitations.files.of(ada.id)) == stored[::-1]
        assert tx.invitations.files.at(ada.id, ["b.txt", "c.txt"]) == {"b.txt": stored[0]}
        assert tx.invitations.files.totals([ada.id, bob.id, GuestId(99)]) == {
            ada.id: HandedIn(2, 8192),
            bob.id: HandedIn(1, 4096),
        }


def test_what_guests_hold_is_what_their_files_are_charged(
    database: SqlDatabase, invitation: Invitation
) -> None:
    ada = come(database, invitation)
    database.write(lambda tx: tx.invitations.files.put(ada.id, [a_file("b.txt")]))
    in_bytes = [guest_subject(ada.id), invitation_subject(invitation.id)]
    database.write(
        lambda tx: tx.quotas.use([Allowance(subject, None) for subject in in_bytes], 4096)
    )

    with database.read() as tx:
        found = {one.subject: one.found.used_bytes for one in tx.upkeep.unbalanced()}
    assert found[invitation_files_subject(invitation.id)] == 1
    assert not found.keys() & set(in_bytes)


def test_those_that_closed_in_between_are_found_once(database: SqlDatabase) -> None:
    closed = add(database, an_invitation())
    add(database, an_invitation(slug="open", closes_at=LATER + timedelta(milliseconds=1)))
    add(database, an_invitation(slug="revoked", revoked_at=NOW))

    with database.read() as tx:
        found = [
            [one.id for one in tx.invitations.closed(since, LATER)] for since in (None, NOW, LATER)
        ]

    assert found == [[closed.id], [closed.id], []]


def test_guests_of_what_has_ended_are_found_until_they_are_forgotten(
    database: SqlDatabase, steps: Steps
) -> None:
    workspace = steps.database.write(lambda tx: tx.workspaces.add(a_workspace()))
    closed = add(database, an_invitation(slug="closed", closes_at=NOW))
    revoked = add(database, an_invitation(slug="revoked"))
    database.write(lambda tx: tx.invitations.save(replace(revoked, revoked_at=NOW)))
    secret = new_secret()
    alone = come_with(database, closed, secret, answers={"name": "Ada"})
    where = {"folder": "1 Bob", "workspace_id": workspace.id}
    inside = come(database, revoked, answers={"name": "Bob"}, **where)
    come(database, add(database, an_invitation(slug="open")))

    with database.read() as tx:
        assert list(tx.invitations.guests.ended(NOW - timedelta(milliseconds=1), 9)) == []
        assert list(tx.invitations.guests.ended(NOW, 1)) == [alone]
        assert list(tx.invitations.guests.ended(NOW, 9)) == [alone, inside]

    database.write(lambda tx: tx.invitations.guests.forget(alone))
    database.write(lambda tx: tx.invitations.guests.forget(inside))

    with database.read() as tx:
        assert list(tx.invitations.guests.ended(NOW, 9)) == []
        assert tx.invitations.guests.find(secret.digest) is None
        with pytest.raises(GuestUnknown):
            tx.invitations.guests.get(alone.id)
        assert tx.invitations.guests.get(inside.id) == replace(inside, answers={})
        assert tx.invitations.guests.have_folders(workspace.id)


def test_all_files_of_a_guest_are_dropped_at_once(
    database: SqlDatabase, invitation: Invitation
) -> None:
    mine, other = come(database, invitation), come(database, invitation)
    files = [a_file("a"), a_file("b")]
    database.write(lambda tx: tx.invitations.files.put(mine.id, files))
    database.write(lambda tx: tx.invitations.files.put(other.id, files))

    database.write(lambda tx: tx.invitations.files.drop_all(mine.id))

    with database.read() as tx:
        assert list(tx.invitations.files.of(mine.id)) == []
        assert len(tx.invitations.files.of(other.id)) == 2
