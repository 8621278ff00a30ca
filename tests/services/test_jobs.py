"""Jobs: promised with what needs them, shown to their owner, forgotten after a week."""

from datetime import timedelta

import pytest

from filemanager.domain.caller import Caller, GrantedScope, Scope
from filemanager.domain.ids import WorkspaceId
from filemanager.domain.jobs.job import (
    JobId,
    JobNotFound,
    JobState,
    Lane,
    Task,
    TooManyJobs,
    job_id_from,
)
from filemanager.domain.ports import Transaction
from filemanager.domain.workspaces.workspace import rights_in
from filemanager.services.jobs import KEEP, MAX_OPEN, JobService, caller_of
from worlds.stored import ALICE, World

RIGHTS = rights_in(WorkspaceId(1))

LEASE = timedelta(minutes=1)
BOB = Caller(
    issuer="test",
    subject="2",
    name="Zoë",
    is_client=True,
    granted=frozenset({GrantedScope("upload:read"), GrantedScope("upload:update", "17")}),
)
ADMIN = Caller(issuer="test", subject="3", name="a", granted=frozenset({GrantedScope(Scope.ADMIN)}))


@pytest.fixture
def service(world: World) -> JobService:
    return JobService(world.database, world.clock)


def promise(world: World, service: JobService, caller: Caller = ALICE) -> JobId:
    task = Task(kind="work", payload={"name": "x"})
    return world.database.write(lambda tx: service.promise(tx, caller, task, RIGHTS)).id


def test_a_promise_is_a_job_and_a_task(world: World, service: JobService) -> None:
    job_id = promise(world, service, BOB)

    job = service.get(BOB, job_id)
    now = world.clock()
    claimed = world.database.write(lambda tx: tx.outbox.claim(Lane.SHORT, "a", now, now + LEASE))
    assert claimed is not None
    assert (job.state, job.owner, job.kind) == (JobState.WAITING, "test:2", "work")
    assert (claimed.job_id, claimed.payload["name"]) == (job_id, "x")
    assert caller_of(claimed) == BOB


def test_a_promise_that_is_rolled_back_is_none(world: World, service: JobService) -> None:
    def refuse(tx: Transaction) -> None:
        service.promise(tx, ALICE, Task(kind="work"), RIGHTS)
        raise JobNotFound

    with pytest.raises(JobNotFound):
        world.database.write(refuse)

    with world.database.read() as tx:
        assert [*tx.rows.of("jobs"), *tx.rows.of("outbox")] == []


def test_a_watched_task_has_no_key() -> None:
    with pytest.raises(ValueError, match="cannot be shared"):
        Task(kind="work", key="main", job_id=JobId("1" * 32))


def test_a_job_is_shown_to_its_owner_and_to_staff(world: World, service: JobService) -> None:
    job_id = promise(world, service)

    assert service.get(ALICE, job_id).id == service.get(ADMIN, job_id).id == job_id
    with pytest.raises(JobNotFound):
        service.get(BOB, job_id)


@pytest.mark.parametrize("text", ["", "1" * 31, "1" * 33, "G" * 32, "A" * 32, "1" * 32 + "\n"])
def test_what_is_no_id_is_no_job(text: str) -> None:
    with pytest.raises(JobNotFound):
        job_id_from(text)


def test_an_owner_has_so_many_open_jobs_and_no_more(world: World, service: JobService) -> None:
    for _ in range(MAX_OPEN):
        promise(world, service)

    with pytest.raises(TooManyJobs):
        promise(world, service)

    assert promise(world, service, BOB)


def test_what_failed_unseen_is_listed_and_revived(world: World, service: JobService) -> None:
    def fail(tx: Transaction) -> None:
        tx.outbox.add(Task(kind="publish", key="main"), world.clock())
        claimed = tx.outbox.claim(Lane.SHORT, "a", world.clock(), world.clock() + LEASE)
        assert claimed is not None
        tx.outbox.give_up(claimed, "store_full: No room.", world.clock())

    world.database.write(fail)

    (task,) = service.troubled()
    assert (task.kind, task.key, task.error) == ("publish", "main", "store_full: No room.")
    assert (service.revive(task.id), service.revive(task.id)) == (True, False)
    assert list(service.troubled()) == []


def test_what_ended_a_week_ago_is_forgotten(world: World, service: JobService) -> None:
    waiting, failed = promise(world, service), promise(world, service)
    now = world.clock()

    def end(tx: Transaction) -> None:
        tx.jobs.fail(failed, "code", "Why.", now)
        tx.outbox.add(Task(kind="alone", lane=Lane.LONG), now)
        claimed = tx.outbox.claim(Lane.LONG, "a", now, now + LEASE)
        assert claimed is not None
        assert tx.outbox.give_up(claimed, "why", now)

    world.database.write(end)
    world.clock.turn(KEEP)
    assert service.prune() == 0
    world.clock.turn(timedelta(milliseconds=1))

    assert service.prune() == 2
    assert service.get(ALICE, waiting).state is JobState.WAITING
    with pytest.raises(JobNotFound):
        service.get(ALICE, failed)
