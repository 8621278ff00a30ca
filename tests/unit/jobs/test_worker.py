"""Workers: a task is done once, tried again where that may help, and never lost in silence."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from filemanager.db.database import Listeners, SqlDatabase
from filemanager.domain.errors import StoreUnavailable
from filemanager.domain.ids import WorkspaceId
from filemanager.domain.jobs.job import MAX_ATTEMPTS, Job, JobId, JobState, Lane, Task, Trying
from filemanager.domain.ports import Transaction
from filemanager.domain.workspaces.errors import WorkspaceLocked
from filemanager.domain.workspaces.workspace import rights_in
from filemanager.jobs.bell import Bell
from filemanager.jobs.crew import Crew
from filemanager.jobs.running import renewed
from filemanager.jobs.worker import Habits, Worker
from filemanager.services.jobs import Handler, JobService, Running
from worlds.stored import ALICE, TurnedClock, World, new_world

RIGHTS = rights_in(WorkspaceId(1))

LEASE = timedelta(minutes=1)
LONG_PAUSE = timedelta(hours=1)
PATIENCE_SECONDS = 30.0
WORK = Task(kind="work")
UNTIL_DONE = Task(kind="work", patience=Trying.UNTIL_DONE)


@dataclass(slots=True)
class Shop:
    """A database with its outbox, and workers that know what to do."""

    world: World
    handlers: dict[str, Handler] = field(default_factory=dict)

    def promise(self, task: Task = WORK) -> JobId:
        service = JobService(self.world.database, self.world.clock)
        return self.world.database.write(lambda tx: service.promise(tx, ALICE, task, RIGHTS)).id

    def add(self, task: Task = WORK) -> None:
        self.world.database.write(lambda tx: tx.outbox.add(task, self.world.clock()))

    def worker(self, lane: Lane = Lane.SHORT) -> Worker:
        habits = Habits(lease=LEASE, clock=self.world.clock, jitter=lambda: 1.0)
        return Worker(self.world.database, self.handlers, lane, habits)

    def run(self) -> list[Mapping[str, object]]:
        """Do all that is due, and return what was told of it."""
        with capture_logs() as told:
            while self.worker().run_next():
                pass
        return [dict(one) for one in told]

    def job(self, job_id: JobId) -> Job:
        return JobService(self.world.database, self.world.clock).get(ALICE, job_id)

    def rows(self) -> list[Mapping[str, object]]:
        with self.world.database.read() as tx:
            return list(tx.rows.of("outbox"))


@pytest.fixture
def shop(tmp_path: Path, migrated_file: Path) -> Iterator[Shop]:
    with new_world(tmp_path / "shop", migrated_file) as world:
        yield Shop(world)


def noting(shop: Shop) -> Handler:
    """A handler whose effect is in the database: it counts how often it took place."""

    def count(running: Running) -> None:
        def work(tx: Transaction) -> None:
            tx.save_progress("done", str(int(tx.progress("done") or 0) + 1))
            running.settle(tx, {"count": tx.progress("done")})

        shop.world.database.write(work)

    return count


def effects(shop: Shop) -> int:
    with shop.world.database.read() as tx:
        return int(tx.progress("done") or 0)


def raising(error: Exception) -> Handler:
    def refuse(_running: Running) -> None:
        raise error

    return refuse


def events(told: list[Mapping[str, object]]) -> list[object]:
    return [one["event"] for one in told]


def test_a_task_is_done_once_and_its_job_shows_the_result(shop: Shop) -> None:
    shop.handlers["work"] = noting(shop)
    job_id = shop.promise()

    told = shop.run()

    job = shop.job(job_id)
    assert (job.state, job.progress, job.result) == (JobState.DONE, 100, {"count": "1"})
    assert (effects(shop), shop.rows()) == (1, [])
    assert [(one["event"], one["job_id"], one["attempts"]) for one in told] == [
        ("task_done", job_id, 1)
    ]


def test_nothing_due_is_nothing_done(shop: Shop) -> None:
    shop.add(Task(kind="work", lane=Lane.LONG))

    assert not shop.worker().run_next()


def test_a_handler_that_settles_nothing_is_settled_for(shop: Shop) -> None:
    seen: list[object] = []
    shop.handlers["work"] = lambda running: seen.append(running.claimed.payload["name"])
    shop.add(Task(kind="work", payload={"name": "x"}))

    shop.run()

    assert (seen, shop.rows()) == (["x"], [])


def test_a_refusal_ends_the_job_as_failed(shop: Shop) -> None:
    shop.handlers["work"] = raising(WorkspaceLocked())
    job_id = shop.promise()

    told = shop.run()

    job = shop.job(job_id)
    assert (job.state, job.code, job.message) == (
        JobState.FAILED, "workspace_locked", "upload workspace is locked.",
    )  # fmt: skip
    assert (events(told), shop.rows()) == (["task_failed"], [])


def test_a_refused_task_that_nobody_watches_is_kept(shop: Shop) -> None:
    shop.handlers["work"] = raising(WorkspaceLocked())
    shop.add()

    shop.run()

    (row,) = shop.rows()
    assert row["error"] == "workspace_locked: upload workspace is locked."
    assert row["failed_at"] is not None


def pauses_in(shop: Shop, tries: int) -> list[int]:
    """Run the task so often; how many seconds it waits after each."""
    pauses = []
    for _ in range(tries):
        before = shop.world.clock()
        shop.run()
        (row,) = shop.rows()
        due_at = int(str(row["due_at"])) / 1000
        pauses.append(round(due_at - before.timestamp()))
        shop.world.clock.turn(timedelta(seconds=pauses[-1]))
    return pauses


@pytest.mark.parametrize("error", [StoreUnavailable(), ZeroDivisionError("secret")])
def test_trouble_is_put_back_and_tried_after_a_growing_pause(shop: Shop, error: Exception) -> None:
    shop.handlers["work"] = raising(error)
    job_id = shop.promise()

    assert pauses_in(shop, 3) == [4, 16, 64]
    assert shop.job(job_id).state is JobState.WAITING


@pytest.mark.parametrize(
    "error", [StoreUnavailable(), ZeroDivisionError("secret"), WorkspaceLocked()]
)
def test_what_is_tried_until_done_is_never_given_up(shop: Shop, error: Exception) -> None:
    shop.handlers["work"] = raising(error)
    job_id = shop.promise(UNTIL_DONE)

    assert pauses_in(shop, MAX_ATTEMPTS + 2) == [4, 16, 64, 256, 300, 300, 300]
    shop.handlers["work"] = noting(shop)
    shop.run()
    assert (effects(shop), shop.rows(), shop.job(job_id).state) == (1, [], JobState.DONE)


def test_trouble_that_stays_ends_the_job_as_failed(shop: Shop) -> None:
    shop.handlers["work"] = raising(StoreUnavailable())
    job_id = shop.promise()
    told = []

    for _ in range(MAX_ATTEMPTS + 1):
        told += shop.run()
        shop.world.clock.turn(LONG_PAUSE)

    assert events(told) == ["task_put_back"] * (MAX_ATTEMPTS - 1) + ["task_failed"]
    assert (shop.job(job_id).state, shop.job(job_id).code) == (JobState.FAILED, "store_unavailable")
    assert shop.rows() == []


def test_a_fault_of_ours_is_logged_and_not_told(shop: Shop) -> None:
    shop.handlers["work"] = raising(ZeroDivisionError("secret"))
    job_id = shop.promise()

    for _ in range(MAX_ATTEMPTS):
        told = shop.run()
        shop.world.clock.turn(LONG_PAUSE)

    job = shop.job(job_id)
    assert (job.code, "secret" in str(job.message)) == ("internal", False)
    assert events(told) == ["unexpected", "task_failed"]


def test_a_kind_that_is_unknown_waits_for_a_node_that_knows_it(shop: Shop) -> None:
    shop.add(Task(kind="newer"))
    shop.run()
    shop.handlers["newer"] = noting(shop)
    shop.world.clock.turn(LONG_PAUSE)

    shop.run()

    assert (effects(shop), shop.rows()) == (1, [])


def kill_workers(shop: Shop, count: int) -> None:
    """Let so many workers claim the task and end in the middle of it."""

    def claim(tx: Transaction) -> None:
        now = shop.world.clock()
        assert tx.outbox.claim(Lane.SHORT, "killed", now, now + LEASE)

    for _ in range(count):
        shop.world.database.write(claim)
        shop.world.clock.turn(LEASE)


def test_a_task_that_kills_its_workers_ends_as_failed(shop: Shop) -> None:
    job_id = shop.promise()

    kill_workers(shop, MAX_ATTEMPTS)

    told = shop.run()

    assert events(told) == ["task_failed"]
    assert (shop.job(job_id).state, shop.job(job_id).code) == (JobState.FAILED, "worker_lost")


def test_what_is_tried_until_done_outlives_any_number_of_workers(shop: Shop) -> None:
    shop.handlers["work"] = noting(shop)
    shop.add(UNTIL_DONE)

    kill_workers(shop, MAX_ATTEMPTS + 1)

    assert events(shop.run()) == ["task_done"]


def held_up(shop: Shop, meanwhile: Callable[[], object], then: Handler) -> Handler:
    """A handler whose lease is over before it comes to *then*."""

    def work(running: Running) -> None:
        shop.world.clock.turn(LEASE)
        meanwhile()
        then(running)

    return work


@pytest.mark.parametrize("error", [None, StoreUnavailable(), WorkspaceLocked()])
def test_who_lost_the_lease_has_no_effect(shop: Shop, error: Exception | None) -> None:
    other = Shop(shop.world, {"work": noting(shop)})
    then = raising(error) if error else noting(shop)
    shop.handlers["work"] = held_up(shop, other.run, then)
    job_id = shop.promise()

    told = shop.run()

    assert events(told) == ["task_lease_lost"]
    assert (effects(shop), shop.rows()) == (1, [])
    assert shop.job(job_id).result == {"count": "1"}


def test_a_report_is_shown_and_renews_the_lease(shop: Shop) -> None:
    job_id = shop.promise()
    seen: list[tuple[int, str, int]] = []

    def work(running: Running) -> None:
        for progress, doing in ((10, "reading"), (11, "not written"), (50, "hashing")):
            running.report(progress, doing)
            shop.world.clock.turn(timedelta(milliseconds=500))
            job = shop.job(job_id)
            seen.append((job.progress, job.doing, job.version))

    shop.handlers["work"] = work

    shop.run()

    assert seen == [(10, "reading", 2), (10, "reading", 2), (50, "hashing", 3)]


def test_a_report_after_a_lost_lease_stops_the_work(shop: Shop) -> None:
    other = Shop(shop.world, {"work": noting(shop)})
    went_on: list[bool] = []

    def report(running: Running) -> None:
        running.report(1, "too late")
        went_on.append(True)

    shop.handlers["work"] = held_up(shop, other.run, report)
    shop.add()

    assert events(shop.run()) == ["task_lease_lost"]
    assert went_on == []


def test_a_lease_is_renewed_until_it_is_lost() -> None:
    answers = [StoreUnavailable(), True, False]
    asked = threading.Semaphore(0)

    def renew() -> bool:
        answer = answers.pop(0)
        asked.release()
        if isinstance(answer, Exception):
            raise answer
        return bool(answer)

    with renewed(renew, timedelta(milliseconds=1)):
        for _ in range(3):
            assert asked.acquire(timeout=PATIENCE_SECONDS)

    assert answers == []


@pytest.fixture
def bell() -> Bell:
    return Bell()


def test_a_crew_wakes_for_a_promise_and_stops(shop: Shop, bell: Bell, tmp_path: Path) -> None:
    done = threading.Event()
    shop.handlers["work"] = lambda _running: done.set()
    crew = Crew([shop.worker(), shop.worker(Lane.LONG)], bell)
    crew.start()
    url = f"sqlite:///{tmp_path / 'shop' / 'filemanager.db'}"

    with closing(SqlDatabase(url, listeners=Listeners(promised=bell.ring))) as database:
        database.write(lambda tx: tx.outbox.add(WORK, shop.world.clock()))

    assert done.wait(PATIENCE_SECONDS)
    assert crew.stop(timedelta(seconds=PATIENCE_SECONDS))
    assert shop.rows() == []


def test_a_crew_does_not_wait_longer_than_it_was_told(shop: Shop, bell: Bell) -> None:
    begun, release = threading.Event(), threading.Event()

    def work(_running: Running) -> None:
        begun.set()
        release.wait(PATIENCE_SECONDS)

    shop.handlers["work"] = work
    shop.add()
    crew = Crew([shop.worker()], bell)
    crew.start()
    assert begun.wait(PATIENCE_SECONDS)

    assert not crew.stop(timedelta())

    release.set()
    assert crew.stop(timedelta(seconds=PATIENCE_SECONDS))
    assert shop.rows() == []


def test_a_crew_outlives_what_its_workers_meet(shop: Shop, bell: Bell) -> None:
    met = [StoreUnavailable(), ZeroDivisionError()]
    done = threading.Event()

    class Troubled(Worker):
        def run_next(self) -> bool:
            if met:
                bell.ring()
                raise met.pop()
            done.set()
            return False

    habits = Habits(lease=LEASE, clock=TurnedClock(), jitter=lambda: 1.0)
    crew = Crew([Troubled(shop.world.database, {}, Lane.SHORT, habits)], bell)
    crew.start()

    assert done.wait(PATIENCE_SECONDS)
    assert crew.stop(timedelta(seconds=PATIENCE_SECONDS))


def test_no_thread_holds_up_the_end_of_the_process(shop: Shop, bell: Bell) -> None:
    holds_up: dict[str, bool] = {}
    done = threading.Event()

    def work(_running: Running) -> None:
        holds_up.update({one.name: not one.daemon for one in threading.enumerate()})
        done.set()

    shop.handlers["work"] = work
    shop.add()
    crew = Crew([shop.worker()], bell)
    crew.start()

    assert done.wait(PATIENCE_SECONDS)
    assert crew.stop(timedelta(seconds=PATIENCE_SECONDS))
    assert (holds_up["worker"], holds_up["lease"]) == (False, False)


def test_a_worker_tells_whether_it_had_work(shop: Shop) -> None:
    shop.handlers["work"] = noting(shop)
    shop.add()

    assert [shop.worker().run_next() for _ in range(2)] == [True, False]


def test_what_one_worker_holds_is_not_due_for_another(shop: Shop) -> None:
    other = Shop(shop.world, {"work": noting(shop)})
    told_meanwhile: list[object] = []

    def work(running: Running) -> None:
        told_meanwhile.extend(events(other.run()))
        noting(shop)(running)

    shop.handlers["work"] = work
    shop.add()

    assert events(shop.run()) == ["task_done"]
    assert (told_meanwhile, effects(shop)) == ([], 1)


def test_a_handler_may_put_its_task_off(shop: Shop) -> None:
    until = shop.world.clock() + LONG_PAUSE
    shop.handlers["work"] = lambda running: running.postpone(until)
    job_id = shop.promise()

    assert events(shop.run()) == ["task_postponed"]
    assert shop.job(job_id).state is JobState.WAITING
    shop.handlers["work"] = noting(shop)
    shop.world.clock.turn(LONG_PAUSE)
    assert events(shop.run()) == ["task_done"]
