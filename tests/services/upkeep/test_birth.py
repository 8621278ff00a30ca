"""Since when a store is this database's: nothing older is ever taken for what a crash left."""

from datetime import timedelta

from builders.debian import a_deb
from filemanager.services.upkeep.sweep import Swept
from filemanager.storage.scratch.file import MemoryContent
from worlds.repositories import Depot
from worlds.stored import GRACE, LONG, World

MINUTE = timedelta(minutes=1)
LEFT = MemoryContent.of(b"left by a crash")


def swept_after_a_crash(world: World) -> Swept:
    world.blobs.put([LEFT])
    world.clock.turn(GRACE + MINUTE)
    return world.sweeper.sweep()


def test_repositories_alone_tell_it(world: World) -> None:
    depot = Depot(world)
    depot.push({"tiny_1.0-1_amd64.deb": a_deb()})
    depot.publish()
    named = set(world.keys())

    assert swept_after_a_crash(world).unnamed_objects == 1
    assert set(world.keys()) == named


def test_it_is_known_when_what_told_it_has_gone(world: World) -> None:
    put = world.blobs.put([MemoryContent.of(b"needed for a moment")])
    world.database.write(lambda tx: tx.blobs.add(put, world.clock()))
    world.sweep_twice()
    assert world.keys() == []

    assert swept_after_a_crash(world).unnamed_objects == 1


def test_what_is_older_is_let_be(world: World) -> None:
    world.blobs.put([LEFT])
    keys = world.keys()
    world.clock.turn(LONG)
    Depot(world).push({"tiny_1.0-1_amd64.deb": a_deb()})
    world.sweep_twice()

    assert set(keys) < set(world.keys())
