"""A task while a worker holds it: the lease is made longer, let go of, or found lost."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from filemanager.domain.errors import StoreUnavailable
from filemanager.domain.ids import WorkspaceId
from filemanager.domain.jobs.job import Claimed, Job, JobState, Lane, LeaseLost, Task
from filemanager.domain.ports import Transaction
from filemanager.domain.workspaces.workspace import rights_in
from filemanager.jobs.running import RunningTask, renewed
from filemanager.services.jobs import JobService
from worlds.stored import ALICE, World, new_world

LEASE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
PATIENCE_SECONDS = 30.0
WORK = Task(kind="work")


@pytest.fixture
def world(tmp_path: Path, migrated_file: Path) -> Iterator[World]:
    with new_world(tmp_path / "world", migrated_file) as made:
        yield made


@pytest.fixture
def jobs(world: World) -> JobService:
    return JobService(world.database, world.clock)


def claim(world: World, word: str = "mine") -> Claimed | None:
    """The task that is due now, with its job begun, as a worker does."""

    def work(tx: Transaction) -> Claimed | None:
        at = world.clock()
        claimed = tx.outbox.claim(Lane.SHORT, word, at, at + LEASE)
        if claimed is not None and claimed.job_id is not None:
            tx.jobs.begin(claimed.job_id, at)
        return claimed

    return world.database.write(work)


@pytest.fixture
def job(world: World, jobs: JobService) -> Job:
    rights = rights_in(WorkspaceId(1))
    return world.database.write(lambda tx: jobs.promise(tx, ALICE, WORK, rights))


@pytest.fixture
def running(world: World, job: Job) -> RunningTask:
    claimed = claim(world)
    assert claimed is not None
    assert claimed.job_id == job.id
    return RunningTask(world.database, world.clock, claimed, LEASE)


def lose(world: World) -> None:
    """Let the lease end, and another worker claim the task."""
    world.clock.turn(LEASE)
    assert claim(world, "another's")


@pytest.mark.parametrize("how", ["renew", "report"])
def test_a_lease_lasts_anew_from_its_renewal(world: World, running: RunningTask, how: str) -> None:
    world.clock.turn(LEASE - timedelta(seconds=1))
    if how == "renew":
        assert running.renew()
    else:
        running.report(50, "hashing")

    world.clock.turn(LEASE - timedelta(seconds=1))
    before = claim(world, "another's")
    world.clock.turn(timedelta(seconds=1))

    assert before is None
    assert claim(world, "another's")


def test_a_lost_lease_is_not_renewed(world: World, running: RunningTask) -> None:
    lose(world)

    assert not running.renew()


def test_what_is_postponed_waits_until_then(
    world: World, jobs: JobService, job: Job, running: RunningTask
) -> None:
    running.postpone(world.clock() + HOUR)

    assert running.is_postponed
    assert jobs.get(ALICE, job.id).state is JobState.WAITING
    world.clock.turn(HOUR - timedelta(seconds=1))
    assert claim(world) is None
    world.clock.turn(timedelta(seconds=1))
    assert claim(world)


def test_what_nobody_watches_is_postponed_as_well(world: World) -> None:
    world.database.write(lambda tx: tx.outbox.add(WORK, world.clock()))
    claimed = claim(world)
    assert claimed is not None

    RunningTask(world.database, world.clock, claimed, LEASE).postpone(world.clock() + HOUR)

    assert claim(world) is None
    world.clock.turn(HOUR)
    assert claim(world)


def test_who_lost_the_lease_postpones_nothing(
    world: World, jobs: JobService, job: Job, running: RunningTask
) -> None:
    lose(world)

    with pytest.raises(LeaseLost):
        running.postpone(world.clock() + HOUR)

    assert not running.is_postponed
    assert jobs.get(ALICE, job.id).state is JobState.RUNNING


def test_a_renewal_that_fails_is_told_and_tried_again_and_ends_with_the_work() -> None:
    tried = threading.Semaphore(0)

    def renew() -> bool:
        tried.release()
        raise StoreUnavailable

    with capture_logs() as told, renewed(renew, timedelta(milliseconds=1)):
        for _ in range(2):
            assert tried.acquire(timeout=PATIENCE_SECONDS)

    assert told[0] == {
        "event": "lease_not_renewed",
        "code": StoreUnavailable.code,
        "log_level": "warning",
    }
    assert "lease" not in {thread.name for thread in threading.enumerate()}
