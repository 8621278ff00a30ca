"""Invitations and workspaces as values: when they take files."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from builders.rows import a_workspace
from filemanager.domain.ids import GuestId, WorkspaceId
from filemanager.domain.workspaces.errors import WorkspaceLocked, WorkspaceNotActive
from filemanager.domain.workspaces.invitations.errors import (
    InvitationClosed,
    InvitationNotOpen,
    InvitationRevoked,
)
from filemanager.domain.workspaces.invitations.guest import (
    InvitedGuest,
    folder_name,
    guest_caller,
    guest_rights,
)
from filemanager.domain.workspaces.invitations.invitation import (
    HandInLimits,
    Invitation,
    InvitationId,
)
from filemanager.domain.workspaces.workspace import Lock, Status
from worlds.stored import ALICE

AT = datetime(2026, 11, 28, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)
DAY = timedelta(days=1)
INVITATION = Invitation(
    id=InvitationId(1),
    slug="papers",
    inviter=ALICE,
    workspace_id=WorkspaceId(1),
    profile=None,
    title="",
    message="",
    limits=HandInLimits(files=1, bytes=1, file_bytes=1),
    closes_at=AT + DAY,
    created_at=AT,
)


def test_an_invitation_is_open_from_its_first_moment_to_its_last() -> None:
    invitation = replace(INVITATION, opens_at=AT)

    invitation.ensure_open(AT)
    invitation.ensure_open(AT + DAY - MOMENT)
    with pytest.raises(InvitationNotOpen):
        invitation.ensure_open(AT - MOMENT)
    with pytest.raises(InvitationClosed):
        invitation.ensure_open(AT + DAY)


def test_without_a_first_moment_it_is_open_at_once() -> None:
    INVITATION.ensure_open(AT - DAY)


@pytest.mark.parametrize("at", [AT - DAY, AT, AT + DAY])
def test_a_revoked_one_is_never_open(at: datetime) -> None:
    revoked = replace(INVITATION, opens_at=AT, revoked_at=AT)

    with pytest.raises(InvitationRevoked):
        revoked.ensure_open(at)


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("Zoë B.", "3 Zoë B"),
        ("../etc", "3 _etc"),
        ("a/b\\c", "3 a_b_c"),
        (" . ", "3 guest"),
        ("", "3 guest"),
        ("n" * 61, "3 " + "n" * 60),
        ("e\u0301", "3 \u00e9"),
    ],
)
def test_a_folder_is_called_by_what_every_file_system_takes(name: str, folder: str) -> None:
    assert folder_name(3, {"name": name}) == folder
    assert folder_name(3, {}) == "3 guest"


def test_a_guest_opens_his_own_uploads_and_no_others() -> None:
    guest = InvitedGuest(
        id=GuestId(7),
        invitation_id=InvitationId(1),
        number=2,
        folder="2 guest",
        workspace_id=None,
        created_at=AT,
    )
    caller = guest_caller(guest)

    assert caller.name == "guest 2"
    assert guest_rights(GuestId(7)).may_change(caller)
    assert not guest_rights(GuestId(8)).may_look(caller)
    assert not caller.granted & ALICE.granted


def test_a_workspace_takes_files_while_it_is_active_and_not_locked() -> None:
    workspace = a_workspace()
    locked = replace(workspace, lock=Lock(by="alice", expires_at=AT))

    workspace.ensure_writable(AT)
    locked.ensure_writable(AT)
    for refusal, other in (
        (WorkspaceLocked, replace(locked, lock=Lock(by="alice", expires_at=AT + MOMENT))),
        (WorkspaceLocked, replace(locked, lock=Lock(by="alice"))),
        (WorkspaceNotActive, replace(locked, status=Status.RELEASED)),
        (WorkspaceNotActive, replace(locked, status=Status.DELETED, lock=Lock(by="alice"))),
    ):
        with pytest.raises(refusal):
            other.ensure_writable(AT)
