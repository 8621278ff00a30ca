"""What workspaces and their owners are charged, and where they end."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from filemanager.domain.ids import WorkspaceId
from filemanager.domain.quotas import open_workspaces_subject, owner_subject
from filemanager.domain.workspaces.errors import TooManyWorkspaces
from filemanager.services.workspaces.life import Wishes, WorkspaceService
from worlds.stored import ALICE, ROOM, World

BOB = replace(ALICE, subject="2")


@pytest.fixture
def service(world: World) -> WorkspaceService:
    """An owner may have three."""
    return WorkspaceService(world.database, replace(ROOM, max_workspaces=3), world.clock)


def test_an_owner_has_so_many_workspaces_and_no_more(
    world: World, service: WorkspaceService
) -> None:
    first, *_ = [service.create(ALICE, Wishes()) for _ in range(3)]

    with pytest.raises(TooManyWorkspaces, match="FILEMANAGER_MAX_OPEN_WORKSPACES"):
        service.create(ALICE, Wishes())
    service.create(BOB, Wishes())
    service.delete(ALICE, first.id)

    assert service.create(ALICE, Wishes())
    assert world.problems() == []


def test_workspaces_that_many_make_at_once_are_counted_exactly(
    world: World, service: WorkspaceService
) -> None:
    def create(_: int) -> bool:
        try:
            service.create(ALICE, Wishes())
        except TooManyWorkspaces:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(create, range(8))) == 3
    with world.database.read() as tx:
        assert tx.quotas.usage(open_workspaces_subject(ALICE.owner)).used_bytes == 3


def used_by_alice(world: World) -> int:
    with world.database.read() as tx:
        return tx.quotas.usage(owner_subject(ALICE.owner)).used_bytes


def test_a_file_is_charged_the_least_and_shown_as_it_is(world: World) -> None:
    workspace: WorkspaceId = world.create()

    world.upload(workspace, {"a": b"", "b": b"1", "c": bytes(4096), "d": bytes(4097)})

    assert used_by_alice(world) == 3 * 4096 + 4097
    with world.database.read() as tx:
        assert tx.workspaces.get(workspace).tree.source_bytes == 1 + 4096 + 4097
    assert world.problems() == []


def test_what_is_pruned_gives_back_what_it_was_charged(world: World) -> None:
    workspace = world.create()
    world.upload(workspace, {"a": b"1", "b": bytes(5000)})
    world.delete(workspace)

    world.sweep_twice()

    assert used_by_alice(world) == 0
    assert world.problems() == []
