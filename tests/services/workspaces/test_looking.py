"""What a page reads of files that nobody has looked at yet, and who reads the rest."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from builders.papers import a_tarball
from filemanager.domain.ids import WorkspaceId
from filemanager.domain.jobs.job import Lane
from filemanager.jobs.worker import Habits, Worker
from filemanager.services.workspaces.checking.looking import LOOK_THROUGH, PageAdvice
from filemanager.services.workspaces.life import Wishes, WorkspaceService
from worlds.questions import commits, questions
from worlds.stored import ALICE, ROOM, World

FILES = {
    "main.tex": b"\\documentclass{article}\n\\begin{document}\n\\input{missing}\n\\end{document}\n",
    **{f"s/{number:03}.tex": b"%d \\input{x}\n" % number for number in range(400)},
}


def a_workspace(world: World, files: Mapping[str, bytes]) -> WorkspaceId:
    service = WorkspaceService(world.database, ROOM, world.clock)
    workspace_id = service.create(ALICE, Wishes(profile="arxiv")).id
    world.send(workspace_id, "all.tar", a_tarball(files, "w"), unpack=True)
    return workspace_id


@pytest.fixture
def advice(world: World) -> PageAdvice:
    return PageAdvice(world.database, world.blobs, world.clock)


@pytest.fixture
def workspace_id(world: World) -> WorkspaceId:
    return a_workspace(world, FILES)


def told(world: World, advice: PageAdvice, workspace_id: WorkspaceId) -> list[str]:
    """The messages of what cannot be said yet."""
    with world.database.read() as tx:
        revision = tx.workspaces.get(workspace_id).revision
    found = advice.of(workspace_id, revision)
    return [one.message for one in found if one.code == "advice_incomplete"]


def a_worker(world: World, advice: PageAdvice) -> Worker:
    habits = Habits(lease=timedelta(minutes=1), clock=world.clock, jitter=lambda: 0.0)
    return Worker(world.database, {LOOK_THROUGH: advice.look_through}, Lane.LONG, habits)


def test_a_page_looks_at_some_files_and_a_worker_at_the_rest(
    world: World, advice: PageAdvice, workspace_id: WorkspaceId
) -> None:
    first = told(world, advice, workspace_id)

    done = [a_worker(world, advice).run_next() for _ in range(2)]

    assert first == ["Not looked at yet: 201 of 401 files. Ask again."]
    assert done == [True, False]
    with commits() as made:
        assert told(world, advice, workspace_id) == []
    assert made == []


def test_pages_that_are_seen_meanwhile_promise_it_once(
    world: World, advice: PageAdvice, workspace_id: WorkspaceId
) -> None:
    hasty = PageAdvice(world.database, world.blobs, world.clock, max_new_files=1)
    for _ in range(2):
        told(world, hasty, workspace_id)

    done = [a_worker(world, advice).run_next() for _ in range(2)]

    assert done == [True, False]


def test_what_is_read_for_a_page_does_not_grow_with_its_files(
    world: World, advice: PageAdvice
) -> None:
    asked = []
    for count in (300, 900):
        files = {f"{count}/{n:04}.tex": b"%d %d \\input{x}\n" % (n, count) for n in range(count)}
        workspace_id = a_workspace(world, files)
        with questions() as statements:
            told(world, advice, workspace_id)
        asked.append([one for one in statements if "facts" in one and "INSERT" in one])

    assert len(asked[0]) == len(asked[1])


def test_a_small_workspace_promises_nothing(world: World, advice: PageAdvice) -> None:
    workspace_id = a_workspace(world, {"main.tex": FILES["main.tex"]})

    assert told(world, advice, workspace_id) == []
    assert not a_worker(world, advice).run_next()


def test_what_cannot_be_read_is_not_promised_again_and_again(
    world: World, advice: PageAdvice
) -> None:
    workspace_id = a_workspace(world, {"a.tex": b"a", "b.tex": b"b"})
    world.damage(world.place_of(b"b"))

    assert told(world, advice, workspace_id) == ["Not looked at yet: 1 of 2 files. Ask again."]
    assert not a_worker(world, advice).run_next()


def test_what_was_deleted_meanwhile_is_let_be(
    world: World, advice: PageAdvice, workspace_id: WorkspaceId
) -> None:
    told(world, advice, workspace_id)
    world.delete(workspace_id)

    assert [a_worker(world, advice).run_next() for _ in range(2)] == [True, False]


def test_one_that_was_killed_in_the_middle_is_done_again(
    world: World, advice: PageAdvice, workspace_id: WorkspaceId
) -> None:
    told(world, advice, workspace_id)
    # What a batch found was kept, and the task was not settled.
    told(world, PageAdvice(world.database, world.blobs, world.clock), workspace_id)

    assert a_worker(world, advice).run_next()
    assert told(world, advice, workspace_id) == []
