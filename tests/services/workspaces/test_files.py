"""Uploads into a workspace: what is decided again under its lock, and its limit of files."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from filemanager.domain.caller import Caller
from filemanager.domain.ids import WorkspaceId
from filemanager.domain.workspaces.errors import (
    WorkspaceFull,
    WorkspaceLocked,
    WorkspaceNotActive,
)
from filemanager.domain.workspaces.workspace import Workspace
from filemanager.services.workspaces.life import WorkspaceService
from filemanager.services.workspaces.room import Room
from filemanager.services.workspaces.upload import Conditions
from worlds.stored import ALICE, ROOM, Interruption, World, interrupted
from worlds.upload_desk import WRITER, Desk

Close = Callable[[WorkspaceService, Caller, WorkspaceId], Workspace]


@pytest.mark.parametrize(
    ("close", "refusal"),
    [
        (WorkspaceService.lock, WorkspaceLocked),
        (WorkspaceService.release, WorkspaceNotActive),
    ],
)
def test_a_workspace_that_is_closed_while_an_upload_runs_takes_nothing(
    worlds: Iterator[World], close: Close, refusal: type[Exception]
) -> None:
    for at in range(1, _calls_of_an_upload(next(worlds)) + 1):
        world = next(worlds)
        workspace_id = world.create()
        closing = Interruption(at, _closing(world, workspace_id, close))

        with pytest.raises(refusal):
            interrupted(world, closing).send(workspace_id, "a.txt", b"a", unpack=False)

        assert world.files(workspace_id) == {}


def _closing(world: World, workspace_id: WorkspaceId, close: Close) -> Callable[[], None]:
    def work() -> None:
        close(WorkspaceService(world.database, ROOM, world.clock), ALICE, workspace_id)

    return work


def _calls_of_an_upload(world: World) -> int:
    """The last of them is the transaction that locks the workspace."""
    counted = Interruption(0, lambda: None)
    interrupted(world, counted).send(world.create(), "a.txt", b"a", unpack=False)
    return counted.calls


def test_a_workspace_holds_as_many_files_as_its_limit_and_no_more(world: World) -> None:
    desk = Desk(world, room=Room(max_bytes=100_000, max_files=2, max_checkpoints=1))
    for path in ("a.txt", "anc/b.txt"):
        desk.receiving.receive(WRITER, desk.send(b"hello", path=path).batch)

    with pytest.raises(WorkspaceFull, match="the limit of 2 files"):
        desk.receiving.receive(WRITER, desk.send(b"hello", path="c.txt").batch)

    assert set(desk.files) == {"a.txt", "anc/b.txt"}


def test_a_profile_given_while_the_bytes_come_is_what_they_are_checked_by(world: World) -> None:
    workspace_id = world.create()
    with world.database.read() as tx:
        now = tx.workspaces.get(workspace_id)

    with world.sending(".hidden.txt", b"kept", unpack=None) as (files, sent, spool):
        as_read_before = replace(now, profile="arxiv")
        files.add(ALICE, as_read_before, [sent], spool, conditions=Conditions())

    assert world.files(workspace_id) == {".hidden.txt": b"kept"}
