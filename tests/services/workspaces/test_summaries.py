"""A summary that was read once is shown again for as long as its workspace is the same."""

from filemanager.domain.ids import WorkspaceId
from filemanager.services.workspaces.life import Wishes, WorkspaceService
from filemanager.services.workspaces.summary import Summary
from worlds.questions import questions
from worlds.stored import ALICE, ROOM, World


class Two:
    """Two processes on one database; the second makes the changes."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.here = WorkspaceService(world.database, ROOM, world.clock)
        self.there = WorkspaceService(world.database, ROOM, world.clock)
        self.id: WorkspaceId = self.there.create(ALICE, Wishes(profile="generic")).id
        world.upload(self.id, {"a.txt": b"a"})

    def shown(self) -> Summary:
        return self.here.summary(self.id)


def test_a_summary_asked_again_is_one_question(world: World) -> None:
    two = Two(world)
    first = two.shown()

    with questions() as asked:
        again = two.shown()

    assert again is first
    assert len(asked) == 1


def test_a_file_that_came_in_elsewhere_is_shown(world: World) -> None:
    two = Two(world)
    two.shown()

    world.upload(two.id, {"b.txt": b"b"})

    assert [entry.path for entry in two.shown().entries] == ["a.txt", "b.txt"]


def test_a_lock_from_elsewhere_is_shown(world: World) -> None:
    two = Two(world)
    two.shown()

    two.there.lock(ALICE, two.id)

    assert two.here.is_locked(two.shown().workspace)


def test_a_large_summary_is_read_each_time(world: World) -> None:
    two = Two(world)
    world.upload(two.id, {f"{number}.txt": b"x" for number in range(100)})
    two.shown()

    with questions() as asked:
        two.shown()

    assert len(asked) == 3
