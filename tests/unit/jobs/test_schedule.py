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


def test_its_thread_does_not_hold_up_the_end_of_the_process(world: World) -> None:
    threads: list[threading.Thread] = []
    done = threading.Event()

    def work() -> None:
        threads.append(threading.current_thread())
        done.set()

    scheduler = Scheduler(world.database, [Periodic("sweep", HOUR, work)], world.clock)
    scheduler.start()

    assert done.wait(PATIENCE.total_seconds())
    assert scheduler.stop(PATIENCE)
    assert [one.daemon for one in threads] == [True]


def test_it_tells_what_was_done_and_rests_before_it_looks_again(world: World) -> None:
    rests = threading.Event()

    class Resting(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            rests.set()
            return super().wait(timeout)

    scheduler = Scheduler(world.database, [Periodic("sweep", HOUR, lambda: 5)], world.clock)
    scheduler._stopping = Resting()
    with capture_logs() as told:
        scheduler.start()
        assert rests.wait(PATIENCE.total_seconds())
        assert scheduler.stop(PATIENCE)

    done = {"event": "periodic_done", "name": "sweep", "result": "5", "log_level": "info"}
    assert told == [done]
