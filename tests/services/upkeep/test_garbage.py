"""Collecting garbage: everything that nobody needs in one go, and a count of it beforehand."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest

from filemanager.services.upkeep.garbage import Collected, GarbageCollector
from filemanager.services.uploads.stale_parts import DirectSweep
from filemanager.storage.direct.directory import OwnDirectStore
from worlds.stored import LONG, World
from worlds.transfers import rows
from worlds.upload_desk import LIFE, Desk

NOTHING = Collected(
    uploads=0,
    unfinished_objects=0,
    history_rows=0,
    blobs=0,
    packs_rewritten=0,
    objects=0,
    unnamed_objects=0,
)


class Unfinished(OwnDirectStore):
    """Two objects were begun in parts, long ago."""

    count = 2

    def count_stale(self, before: object) -> int:
        del before
        return self.count

    def forget_stale(self, before: object) -> int:
        counted, self.count = self.count_stale(before), 0
        return counted


def a_collector(desk: Desk) -> GarbageCollector:
    world = desk.world
    return GarbageCollector(
        database=world.database,
        uploads=desk.uploads,
        parts=DirectSweep(Unfinished(""), timedelta(days=8), world.clock),
        sweeper=world.sweeper,
        clock=world.clock,
    )


@pytest.fixture
def desk(world: World) -> Desk:
    """An upload half way, and a version of a file that another took the place of."""
    desk = Desk(world)
    (begun,) = desk.begin()
    desk.append(begun.id, 0, BytesIO(b"he"))
    world.upload(desk.workspace_id, {"a.txt": b"older"})
    world.upload(desk.workspace_id, {"a.txt": b"newer"})
    return desk


def test_a_dry_run_counts_what_collecting_does_and_changes_nothing(desk: Desk) -> None:
    desk.world.clock.turn(LONG + timedelta(days=1))
    collector = a_collector(desk)
    before = rows(desk.world), desk.world.keys()

    foreseen = collector.dry_run()
    after = rows(desk.world), desk.world.keys()
    done = collector.collect()

    assert after == before
    assert foreseen == done
    assert (done.uploads, done.unfinished_objects, done.history_rows) == (1, 2, 1)
    assert (desk.incoming, desk.reserved) == ([], [0, 0])
    assert desk.files == {"a.txt": b"newer"}


def test_what_is_still_on_its_way_is_left(desk: Desk) -> None:
    desk.world.clock.turn(LIFE)
    collector = a_collector(desk)

    foreseen, done = collector.dry_run(), collector.collect()

    assert foreseen == done == replace(NOTHING, unfinished_objects=2)
    assert desk.reserved == [4096, 4096]
    assert len(desk.incoming) == 1
