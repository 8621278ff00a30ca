"""What guests hand in: where it lies, who sees it, and what closes the door."""

import tarfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from itertools import count

import pytest

from builders.papers import a_zip
from filemanager.domain.caller import GrantedScope, Scope
from filemanager.domain.ids import WorkspaceId
from filemanager.domain.trees.errors import PathRefused
from filemanager.domain.uploads.targets import InvitationTarget
from filemanager.domain.uploads.upload import UploadNotFound, UploadState, Way
from filemanager.domain.workspaces.errors import WorkspaceLocked
from filemanager.domain.workspaces.invitations.errors import (
    InvitationClosed,
    InvitationNotOpen,
    InvitationRevoked,
    InvitationUnknown,
    InviterMayNoMore,
    NotHandedIn,
)
from filemanager.domain.workspaces.invitations.guest import guest_caller
from filemanager.domain.workspaces.invitations.invitation import Invitation
from filemanager.services.uploads.resumable import UploadWish
from filemanager.services.workspaces.life import Wishes
from worlds.invited import INVITER, Inbox
from worlds.stored import Interruption, World, interrupted


def common(invitation: Invitation) -> WorkspaceId:
    assert invitation.workspace_id is not None
    return invitation.workspace_id


def a_hostile_tarball() -> bytes:
    """With a member that leads out of it, beside one that does not."""
    packed = BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for name in ("../../etc/passwd", "paper/main.txt"):
            member = tarfile.TarInfo(name)
            member.size = 4
            tar.addfile(member, BytesIO(b"text"))
    return packed.getvalue()


def test_files_of_guests_lie_in_folders_that_they_do_not_see(inbox: Inbox) -> None:
    invitation = inbox.invite_in(asked=("name",))
    ada, bob = inbox.come(invitation, "Ada L\u00f6w"), inbox.come(invitation, "../b/")

    inbox.send(ada, "paper.txt", b"ada's")
    inbox.send(ada, "anc/data.csv", b"1,2")
    sent = inbox.send(bob, "paper.txt", b"bob's")

    assert inbox.world.files(common(invitation)) == {
        "1 Ada L\u00f6w/paper.txt": b"ada's",
        "anc/1 Ada L\u00f6w/data.csv": b"1,2",
        "2 _b_/paper.txt": b"bob's",
    }
    assert inbox.paths(ada) == ["paper.txt", "anc/data.csv"]
    assert inbox.paths(bob) == ["paper.txt"]
    assert sent.result == {"sent": "paper.txt", "path": "paper.txt", "files": 1}


def test_without_a_workspace_each_guest_gets_one_of_the_inviters(inbox: Inbox) -> None:
    invitation = inbox.invite(asked=("name",))
    ada, bob = inbox.come(invitation, "Ada"), inbox.come(invitation, "Bob")
    assert inbox.now(ada).guest.workspace_id is None

    inbox.send(ada, "paper.txt", b"ada's")
    inbox.send(ada, "more.txt", b"more")
    inbox.send(bob, "paper.txt", b"bob's")

    of_ada, of_bob = (inbox.now(one).guest.workspace_id for one in (ada, bob))
    assert of_ada is not None
    assert of_bob is not None
    workspace = inbox.workspaces.get(of_ada)
    assert (workspace.owner, workspace.profile) == (INVITER.owner, "generic")
    assert workspace.name == "Papers 1 Ada"
    assert inbox.world.files(of_ada) == {"paper.txt": b"ada's", "more.txt": b"more"}
    assert inbox.world.files(of_bob) == {"paper.txt": b"bob's"}


def test_members_of_an_archive_are_handed_in_by_it(inbox: Inbox) -> None:
    seat = inbox.come(inbox.invite_in())

    upload = inbox.send(seat, "all.zip", a_zip({"a.txt": b"a", "d/b.txt": b"b"}))

    assert inbox.paths(seat) == ["a.txt", "d/b.txt"]
    assert {one.sent.path for one in inbox.show(seat).files} == {"all.zip"}
    assert upload.result == {"sent": "all.zip", "path": None, "files": 2}


def test_checks_see_the_folder_of_a_guest_as_the_whole_tree(inbox: Inbox) -> None:
    """A directory at its top is lifted, whatever others have beside it."""
    workspace_id = inbox.workspaces.create(INVITER, Wishes(profile="arxiv")).id
    invitation = inbox.invite(workspace_id=workspace_id)
    ada, bob = inbox.come(invitation), inbox.come(invitation)
    tex = b"\\documentclass{article}\\begin{document}x\\end{document}\n"
    inbox.send(bob, "main.tex", tex)

    inbox.send(ada, "paper.zip", a_zip({"top/main.tex": tex, "top/b.tex": b"x\n"}))
    inbox.send(ada, "c.tex", b"y\n")

    assert inbox.paths(ada) == ["b.tex", "c.tex", "main.tex"]
    assert inbox.paths(bob) == ["main.tex"]
    assert sorted(inbox.world.files(workspace_id)) == [
        "1 guest/b.tex", "1 guest/c.tex", "1 guest/main.tex", "2 guest/main.tex",
    ]  # fmt: skip


@pytest.mark.parametrize("is_common", [True, False], ids=["in one workspace", "in his own"])
def test_a_hostile_archive_gives_its_finding_to_the_guest_alone(
    inbox: Inbox, *, is_common: bool
) -> None:
    invitation = inbox.invite_in() if is_common else inbox.invite()
    ada, eve = inbox.come(invitation), inbox.come(invitation)

    inbox.send(eve, "evil.tar.gz", a_hostile_tarball())
    inbox.send(ada, "good.txt", b"good")

    assert "members_left_out" in {code for _, code in inbox.said(eve)}
    assert inbox.paths(eve) == ["paper/main.txt"]
    assert inbox.said(ada) == []


def test_files_of_a_batch_come_in_one_revision(inbox: Inbox) -> None:
    invitation = inbox.invite_in()
    seat = inbox.come(invitation)
    uploads = [inbox.begin(seat, f"{number}.txt", 4, batch="all") for number in range(3)]
    for upload in uploads:
        inbox.append(seat, upload, b"text")

    inbox.receive(seat, uploads[0])

    assert inbox.paths(seat) == ["0.txt", "1.txt", "2.txt"]
    assert inbox.workspaces.get(common(invitation)).revision == 1


def test_an_upload_of_a_guest_is_received_once(inbox: Inbox) -> None:
    seat = inbox.come(inbox.invite_in())
    upload = inbox.send(seat, "a.txt", b"text")

    again = inbox.receive(seat, upload)

    assert again.state is UploadState.RECEIVED
    assert inbox.paths(seat) == ["a.txt"]


def test_a_replaced_file_is_what_came_last(inbox: Inbox) -> None:
    seat = inbox.come(inbox.invite_in())
    inbox.send(seat, "a.txt", b"first")

    inbox.send(seat, "a.txt", b"second")

    (file,) = inbox.show(seat).files
    download = inbox.own.file(inbox.now(seat), "a.txt")
    assert file.size_bytes == 6
    assert b"".join(download.stream(0, 6)) == b"second"


@pytest.mark.parametrize("is_common", [True, False], ids=["in one workspace", "in his own"])
def test_a_withdrawn_file_is_among_the_removed_ones(inbox: Inbox, *, is_common: bool) -> None:
    seat = inbox.come(inbox.invite_in() if is_common else inbox.invite())
    inbox.send(seat, "a.txt", b"a")
    inbox.send(seat, "b.txt", b"b")

    inbox.withdraw(seat, "a.txt")

    workspace_id = inbox.now(seat).guest.workspace_id
    assert workspace_id is not None
    assert inbox.paths(seat) == ["b.txt"]
    assert len(inbox.world.files(workspace_id)) == 1
    with pytest.raises(NotHandedIn):
        inbox.withdraw(seat, "a.txt")


def test_a_guest_has_nothing_of_what_others_have(inbox: Inbox) -> None:
    invitation = inbox.invite_in(asked=("name",))
    ada, bob = inbox.come(invitation, "Ada"), inbox.come(invitation, "Bob")
    inbox.send(ada, "secret.txt", b"secret")
    inbox.world.upload(common(invitation), {"own.txt": b"the inviter's"})

    for path in ("secret.txt", "1 Ada/secret.txt", "../1 Ada/secret.txt", "own.txt", "/x", ""):
        with pytest.raises(NotHandedIn):
            inbox.own.file(inbox.now(bob), path)
        with pytest.raises((NotHandedIn, InviterMayNoMore)):
            inbox.withdraw(bob, path)
    assert inbox.paths(ada) == ["secret.txt"]


def test_what_the_inviter_changed_is_his_own(inbox: Inbox) -> None:
    invitation = inbox.invite_in()
    seat = inbox.come(invitation)
    inbox.send(seat, "a.txt", b"mine")
    inbox.world.upload(common(invitation), {"1 guest/a.txt": b"the inviter's"})

    with pytest.raises(NotHandedIn):
        inbox.own.file(inbox.now(seat), "a.txt")
    inbox.withdraw(seat, "a.txt")

    assert inbox.paths(seat) == []
    assert inbox.world.files(common(invitation)) == {"1 guest/a.txt": b"the inviter's"}


def test_what_the_inviter_adds_to_a_folder_moves_nothing_of_its_guest(inbox: Inbox) -> None:
    """The profile dissolves a directory that holds everything."""
    paper = inbox.workspaces.create(INVITER, Wishes(profile="arxiv")).id
    seat = inbox.come(inbox.invite(workspace_id=paper, asked=("name",)), "Ada")
    inbox.send(seat, "paper.txt", b"ada's")

    inbox.world.upload(paper, {"1 Ada/note.txt": b"well done"})

    assert inbox.world.files(paper) == {
        "1 Ada/paper.txt": b"ada's",
        "1 Ada/note.txt": b"well done",
    }
    inbox.withdraw(seat, "paper.txt")
    assert inbox.world.files(paper) == {"1 Ada/note.txt": b"well done"}


@pytest.mark.parametrize("path", ["", "../a.txt", "/a.txt", "a//b", "anc", "a\0b", "x" * 700])
def test_a_path_that_is_none_is_refused_at_once(inbox: Inbox, path: str) -> None:
    seat = inbox.come(inbox.invite_in())

    with pytest.raises(PathRefused):
        inbox.begin(seat, path, 4)


def test_closing_in_the_middle_ends_an_upload(inbox: Inbox) -> None:
    invitation = inbox.invite_in()
    seat = inbox.come(invitation)
    upload = inbox.append(seat, inbox.begin(seat, "a.txt", 8), b"half")
    whole = inbox.append(seat, inbox.begin(seat, "b.txt", 4, batch="b"), b"text")

    inbox.close(invitation)

    with pytest.raises(InvitationClosed):
        inbox.receive(seat, whole)
    inbox.world.clock.turn(timedelta(seconds=1))
    assert inbox.uploads.sweep() == 2
    assert inbox.world.files(common(invitation)) == {}
    assert inbox.used_of(seat) == [0, 0, 0, 0]
    assert upload.state is UploadState.OPEN


def test_what_is_on_its_way_ends_when_it_closes_by_itself(inbox: Inbox) -> None:
    """What is reserved for it would be held for days."""
    closes_at = inbox.world.clock() + timedelta(hours=2)
    invitation = inbox.invite_in(closes_at=closes_at)
    seat, later = inbox.come(invitation), inbox.come(inbox.invite_in())
    upload = inbox.begin(seat, "a.txt", 1000)
    going_on = inbox.begin(later, "a.txt", 1000)
    assert inbox.inviting.end_closed() == 0
    inbox.world.clock.turn(timedelta(hours=3))

    ended = [inbox.inviting.end_closed() for _ in range(2)]
    inbox.world.clock.turn(timedelta(seconds=1))
    inbox.uploads.sweep()

    assert ended == [1, 0]
    with pytest.raises(UploadNotFound):
        inbox.uploads.get(guest_caller(seat.guest), upload.id)
    assert inbox.uploads.get(guest_caller(later.guest), going_on.id).state is UploadState.OPEN
    assert inbox.used_of(seat) == [0, 0, 0, 0]


def test_an_upload_that_was_whole_when_it_closed_is_refused_and_lets_go(inbox: Inbox) -> None:
    invitation = inbox.invite_in()
    seat = inbox.come(invitation)
    whole = inbox.append(seat, inbox.begin(seat, "b.txt", 4), b"text")
    inbox.world.clock.turn(timedelta(days=31))
    closes_at = inbox.world.clock()
    assert invitation.closes_at < closes_at

    with pytest.raises(InvitationClosed):
        inbox.receive(seat, whole)

    assert inbox.used_of(seat) == [0, 0, 0, 0]
    with pytest.raises(InvitationClosed):
        inbox.begin(seat, "c.txt", 4)


def test_nothing_comes_before_it_opens(inbox: Inbox) -> None:
    opens_at = inbox.world.clock() + timedelta(hours=1)
    invitation = inbox.invite(opens_at=opens_at)

    with pytest.raises(InvitationNotOpen):
        inbox.come(invitation)
    inbox.world.clock.turn(timedelta(hours=1))
    inbox.come(invitation)


def test_a_revoked_invitation_is_over_for_its_guests_too(inbox: Inbox) -> None:
    invitation = inbox.invite_in()
    seat = inbox.come(invitation)
    whole = inbox.append(seat, inbox.begin(seat, "b.txt", 4), b"text")

    inbox.inviting.revoke(INVITER, invitation.id)

    with pytest.raises(InvitationRevoked):
        inbox.receive(seat, whole)
    with pytest.raises(InvitationRevoked):
        inbox.come(invitation)


def test_files_come_by_the_right_that_the_inviter_has_then(inbox: Inbox) -> None:
    invitation = inbox.invite_in()
    seat = inbox.come(invitation)
    whole = inbox.append(seat, inbox.begin(seat, "b.txt", 4), b"text")

    inbox.world.delete(common(invitation))

    with pytest.raises(InviterMayNoMore):
        inbox.receive(seat, whole)
    with pytest.raises(InviterMayNoMore):
        inbox.begin(seat, "c.txt", 4)


def test_an_inviter_who_makes_no_workspaces_any_more_receives_nothing(inbox: Inbox) -> None:
    invitation = inbox.invite()
    seat = inbox.come(invitation)
    whole = inbox.append(seat, inbox.begin(seat, "b.txt", 4), b"text")
    weaker = replace(INVITER, granted=frozenset({GrantedScope(Scope.READ)}))

    inbox.inviting.edit(weaker, invitation.id, lambda one: replace(one, title="still"))

    with pytest.raises(InviterMayNoMore):
        inbox.receive(seat, whole)


def test_what_is_locked_waits(inbox: Inbox) -> None:
    invitation = inbox.invite_in()
    seat = inbox.come(invitation)
    whole = inbox.append(seat, inbox.begin(seat, "b.txt", 4), b"text")
    inbox.workspaces.lock(INVITER, common(invitation))
    with pytest.raises(WorkspaceLocked):
        inbox.receive(seat, whole)

    inbox.workspaces.unlock(INVITER, common(invitation))

    assert inbox.receive(seat, whole).state is UploadState.RECEIVED


def test_one_guest_hands_in_for_no_other(inbox: Inbox) -> None:
    invitation = inbox.invite_in()
    ada, bob = inbox.come(invitation), inbox.come(invitation)
    target = InvitationTarget(guest_id=bob.guest.id, path="a.txt")
    wish = UploadWish(way=Way.TUS, target=target, size_bytes=4)

    with pytest.raises(InvitationUnknown):
        inbox.uploads.begin(guest_caller(ada.guest), [wish])


def test_a_guest_knows_no_upload_of_another(inbox: Inbox) -> None:
    invitation = inbox.invite_in()
    ada, bob = inbox.come(invitation), inbox.come(invitation)
    upload = inbox.begin(ada, "a.txt", 4)
    with pytest.raises(UploadNotFound):
        inbox.uploads.get(guest_caller(bob.guest), upload.id)
    with pytest.raises(UploadNotFound):
        inbox.receiving.receive(guest_caller(bob.guest), upload.batch)


def test_the_counts_are_what_the_rows_say(inbox: Inbox) -> None:
    seat = inbox.come(inbox.invite_in())
    other = inbox.come(inbox.invite())
    inbox.send(seat, "a.txt", b"a")
    inbox.send(seat, "all.zip", a_zip({"a.txt": b"new a", "b.txt": b"b" * 5000}))
    inbox.send(other, "c.txt", b"c")
    inbox.send(other, "d.txt", b"d")
    inbox.withdraw(seat, "b.txt")
    inbox.withdraw(other, "c.txt")

    assert inbox.used_of(seat) == [4096, 4096, 1, 1]
    assert inbox.world.problems() == []


def _kill() -> None:
    raise _Killed


class _Killed(BaseException):
    """The process ends here."""


def test_a_receive_that_is_killed_anywhere_is_done_once_by_the_next(
    worlds: Iterator[World],
) -> None:
    for at in count(1):
        inbox = Inbox(next(worlds))
        seat = inbox.come(inbox.invite_in())
        whole = inbox.append(seat, inbox.begin(seat, "a.txt", 4), b"text")
        killed = Interruption(at, _kill)
        with suppress(_Killed):
            replace(inbox, world=interrupted(inbox.world, killed)).receive(seat, whole)

        inbox.receive(seat, whole)

        assert inbox.paths(seat) == ["a.txt"]
        assert inbox.used_of(seat) == [4096, 4096, 1, 1]
        assert inbox.world.problems() == []
        if killed.calls < at:
            break
