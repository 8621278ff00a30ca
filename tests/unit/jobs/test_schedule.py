"""Periodic work: once in each slot, and no fault of it ends the schedule."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from filemanager.domain.errors import StoreUnavailable
from filemanager.jobs.schedule import Periodic, Scheduler
from worlds.stored import World, new_world

HOUR = timedelta(hours=1)
PATIENCE = timedelta(seconds=30)


@pytest.fixture
def world(tmp_path: Path, migrated_file: Path) -> Iterator[World]:
    with new_world(tmp_path / "world", migrated_file) as made:
        yield made


def test_each_slot_is_done_once(world: World) -> None:
    done: list[str] = []
    work = [Periodic("sweep", HOUR, lambda: done.append("sweep"))]
    nodes = [Scheduler(world.database, work, world.clock) for _ in range(2)]

    names = [node.run_due() for node in (*nodes, *nodes)]
    world.clock.turn(HOUR)
    names += [node.run_due() for node in nodes]

    assert names == [["sweep"], [], [], [], ["sweep"], []]
    assert done == ["sweep"] * 2


@pytest.mark.parametrize(
    ("error", "event"),
    [(StoreUnavailable(), "schedule_failed"), (ZeroDivisionError(), "unexpected")],
)
def test_a_fault_is_told_and_the_schedule_goes_on(
    world: World, error: Exception, event: str
) -> None:
    begun = threading.Event()

    def fail() -> None:
        begun.set()
        raise error

    scheduler = Scheduler(world.database, [Periodic("sweep", HOUR, fail)], world.clock)
    with capture_logs() as told:
        scheduler.start()
        assert begun.wait(PATIENCE.total_seconds())
        assert scheduler.stop(PATIENCE)

    assert [one["event"] for one in told] == [event]


def test_what_is_to_be_done_at_the_start_is_tried_until_it_succeeds(world: World) -> None:
    tried: list[str] = []

    def begin() -> None:
        tried.append("begin")
        if len(tried) == 1:
            raise StoreUnavailable

    scheduler = Scheduler(world.database, [], world.clock, [begin])
    with pytest.raises(StoreUnavailable):
        scheduler.run_due()
    scheduler.run_due()
    scheduler.run_due()

    assert tried == ["begin"] * 2
