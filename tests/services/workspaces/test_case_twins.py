"""Many names at once into a tree that is not empty: as many questions as for a few."""

import pytest

from builders.papers import a_tarball
from filemanager.archives.unpacker import ArchiveUnpacker
from filemanager.domain.errors import OverBudget
from filemanager.domain.intake.budget import Budget, Limits
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.tree import TreePath
from filemanager.sanitize.inspection import EMPTY_TREE, Inspection, Sent, Tools
from filemanager.sanitize.registry import profile_named
from filemanager.services.workspaces.life import Wishes, WorkspaceService
from filemanager.storage.scratch.space import DiskScratchSpace
from worlds.questions import questions
from worlds.stored import ALICE, ROOM, World

LETTERS = "abcdefghijklmnop"


def spelled(number: int) -> str:
    """The same name each time, in another case."""
    letters = (c.upper() if number >> at & 1 else c for at, c in enumerate(LETTERS))
    return f"{''.join(letters)}.txt"


def asked_for(world: World, profile: str, count: int) -> int:
    service = WorkspaceService(world.database, ROOM, world.clock)
    workspace = service.create(ALICE, Wishes(profile=profile)).id
    world.upload(workspace, {"one.txt": b"1"})
    archive = a_tarball({spelled(number): b"1" for number in range(count)})
    with questions() as asked:
        world.send(workspace, "all.tar", archive, unpack=True)
    assert len(world.files(workspace)) == count + 1
    return len(asked)


@pytest.mark.parametrize("profile", ["generic", "arxiv"])
def test_names_that_differ_by_case_cost_no_question_each(world: World, profile: str) -> None:
    few, more, many = (asked_for(world, profile, count) for count in (100, 200, 400))

    assert few == more == many


def test_the_budget_of_time_covers_the_checks_under_the_lock_too(world: World) -> None:
    seconds = [0.0]
    with DiskScratchSpace(world.directory, 1 << 30).open() as scratch:
        sent = Sent(Area.SOURCE, TreePath("a.txt"), scratch.write(b"1"))
    tools = Tools(
        unpacker=ArchiveUnpacker(),
        scratch=scratch,
        budget=Budget(Limits(seconds=10), 1, lambda: seconds[0]),
        at=world.clock(),
    )
    inspection = Inspection([sent], profile_named("generic"), tools)
    inspection.against(EMPTY_TREE)
    seconds[0] = 10.1

    with pytest.raises(OverBudget, match="10 seconds"):
        inspection.against(EMPTY_TREE)
