"""The bell: who waits for it sleeps until it rings, and misses no ring."""

import threading
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from filemanager.domain.errors import StoreUnavailable
from filemanager.jobs.bell import Bell
from filemanager.jobs.crew import Crew
from filemanager.jobs.worker import Worker

DAY = timedelta(days=1)
PATIENCE_SECONDS = 30.0


class Sleeping(threading.Condition):
    """Tells that somebody sleeps: who would wake him waits for the lock until he does."""

    def __init__(self) -> None:
        super().__init__()
        self.asleep = threading.Event()

    def wait(self, timeout: float | None = None) -> bool:
        self.asleep.set()
        return super().wait(timeout)


@pytest.fixture
def sleeping() -> Sleeping:
    return Sleeping()


@pytest.fixture
def bell(sleeping: Sleeping) -> Bell:
    bell = Bell()
    bell._changed = sleeping
    return bell


def listener(bell: Bell) -> threading.Thread:
    """A day of waiting for what has not rung by now."""
    return threading.Thread(target=bell.wait, args=(bell.heard(), DAY), daemon=True)


def test_all_who_listen_sleep_until_it_rings(bell: Bell, sleeping: Sleeping) -> None:
    listeners = [listener(bell), listener(bell)]
    for one in listeners:
        sleeping.asleep.clear()
        one.start()
        assert sleeping.asleep.wait(PATIENCE_SECONDS)

    bell.ring()

    for one in listeners:
        one.join(PATIENCE_SECONDS)
    assert [one.is_alive() for one in listeners] == [False, False]


def test_a_ring_before_the_sleep_is_heard(bell: Bell, sleeping: Sleeping) -> None:
    late = listener(bell)
    bell.ring()

    late.start()
    late.join(PATIENCE_SECONDS)

    assert not late.is_alive()
    assert not sleeping.asleep.is_set()


def test_a_crew_that_stops_rings_for_its_idle_workers(bell: Bell) -> None:
    assert Crew([], bell).stop(timedelta())

    assert bell.heard() == 1


def test_a_worker_sleeps_once_there_is_no_more_work(bell: Bell, sleeping: Sleeping) -> None:
    has_slept: list[bool] = []

    class Working(Worker):
        def __init__(self) -> None: ...

        def run_next(self) -> bool:
            has_slept.append(sleeping.asleep.is_set())
            return len(has_slept) < 3

    crew = Crew([Working()], bell)
    crew.start()

    assert sleeping.asleep.wait(PATIENCE_SECONDS)
    assert crew.stop(timedelta(seconds=PATIENCE_SECONDS))
    assert has_slept[:3] == [False, False, False]


@pytest.mark.parametrize(
    ("error", "event"),
    [(StoreUnavailable(), "worker_failed"), (ZeroDivisionError(), "unexpected")],
)
def test_a_worker_in_trouble_tells_it_and_sleeps_before_it_tries_again(
    bell: Bell, sleeping: Sleeping, error: Exception, event: str
) -> None:
    class Troubled(Worker):
        def __init__(self) -> None: ...

        def run_next(self) -> bool:
            raise error

    crew = Crew([Troubled()], bell)
    with capture_logs() as told:
        crew.start()
        assert sleeping.asleep.wait(PATIENCE_SECONDS)
        assert crew.stop(timedelta(seconds=PATIENCE_SECONDS))

    assert told[0]["event"] == event
