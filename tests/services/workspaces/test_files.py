"""Uploads into a workspace: what is decided again under its lock, and its limit of files."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from filemanager.domain.blobs.blob import LARGE_BLOB_BYTES
from filemanager.domain.caller import Caller
from filemanager.domain.ids import WorkspaceId
from filemanager.domain.quotas import open_workspaces_subject, workspace_subject
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

LARGE = bytes(LARGE_BLOB_BYTES)
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


@pytest.mark.parametrize(
    ("close", "refusal"),
    [
        (WorkspaceService.lock, WorkspaceLocked),
        (WorkspaceService.release, WorkspaceNotActive),
    ],
)
def test_a_closed_workspace_refuses_before_any_byte_is_stored(
    world: World, close: Close, refusal: type[Exception]
) -> None:
    workspace_id = world.create()
    _closing(world, workspace_id, close)()

    with pytest.raises(refusal):
        world.send(workspace_id, "a.txt", LARGE, unpack=False)

    assert world.keys() == []
    world.send(world.create(), "a.txt", LARGE, unpack=False)
    assert len(world.keys()) == 1


def test_a_checkpoint_may_be_made_in_the_transaction_of_an_upload(world: World) -> None:
    workspace_id = world.create()
    world.upload(workspace_id, {"a.txt": b"before"})

    with world.sending("a.txt", b"after", unpack=False) as (files, sent, spool):
        conditions = Conditions(checkpoint_first=True)
        files.receive(ALICE, workspace_id, [sent], spool, conditions=conditions)

    (checkpoint,) = world.checkpoints.of(workspace_id)
    assert (checkpoint.revision, world.files(workspace_id)) == (1, {"a.txt": b"after"})


def test_a_workspace_that_is_begun_by_its_first_upload_is_counted_and_told(world: World) -> None:
    workspace_id = world.begin(
        "a.tex", b"\\documentclass{article}\\begin{document}x\\end{document}"
    )

    with world.database.read() as tx:
        opened = tx.quotas.usage(open_workspaces_subject(ALICE.owner))
        kept = tx.quotas.usage(workspace_subject(workspace_id))
    assert (opened.used_bytes, kept.used_bytes) == (1, 4096)
    assert set(world.files(workspace_id)) == {"a.tex"}
    assert world.problems() == []


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
