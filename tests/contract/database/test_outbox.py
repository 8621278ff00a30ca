"""The outbox: one winner for each task, nothing lost, nothing done by who lost its lease."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from builders.rows import LATER, NOW, a_workspace
from filemanager.db.database import Listeners, SqlDatabase
from filemanager.domain.caller import Owner
from filemanager.domain.ids import WorkspaceId
from filemanager.domain.jobs.job import (
    MAX_ATTEMPTS,
    Backlog,
    Claimed,
    Job,
    JobId,
    JobNotFound,
    JobState,
    Lane,
    Task,
    Trying,
)
from filemanager.domain.ports import Transaction
from filemanager.domain.trees.checksums import Buckets
from filemanager.domain.trees.findings import Finding, Severity
from filemanager.domain.trees.history import Purpose
from filemanager.domain.trees.tree import TreeChange
from filemanager.domain.workspaces.workspace import rights_in

RIGHTS = rights_in(WorkspaceId(7))

LEASE = timedelta(minutes=1)
PUBLISH = Task(kind="publish", key="main", patience=Trying.UNTIL_DONE)
JOB = JobId("1" * 32)


class Queue:
    """The outbox of a database, each step a transaction."""

    def __init__(self, database: SqlDatabase) -> None:
        self.database = database

    def add(self, task: Task, *, at: datetime = NOW) -> None:
        self.database.write(lambda tx: tx.outbox.add(task, at))

    def claim(
        self, word: str = "a", *, at: datetime = NOW, lane: Lane = Lane.SHORT
    ) -> Claimed | None:
        return self.database.write(lambda tx: tx.outbox.claim(lane, word, at, at + LEASE))

    def held(self, word: str = "a", *, at: datetime = NOW) -> Claimed:
        found = self.claim(word, at=at)
        assert found is not None
        return found

    def acknowledge(self, claimed: Claimed, *, at: datetime = NOW) -> bool:
        return self.database.write(lambda tx: tx.outbox.acknowledge(claimed, at))

    def renew(self, claimed: Claimed, *, at: datetime = NOW) -> bool:
        return self.database.write(lambda tx: tx.outbox.renew(claimed, at + LEASE))

    def put_back(self, claimed: Claimed, due_at: datetime) -> bool:
        return self.database.write(lambda tx: tx.outbox.put_back(claimed, due_at, "why"))

    def fail(self, times: int) -> None:
        """Let the task that is due run into trouble, so often; it is due again then."""
        for _ in range(times):
            self.put_back(self.held(), NOW)

    def revive(self, task_id: int) -> bool:
        return self.database.write(lambda tx: tx.outbox.revive(task_id, NOW))

    def give_up(self, claimed: Claimed, *, at: datetime = NOW) -> bool:
        return self.database.write(lambda tx: tx.outbox.give_up(claimed, "why", at))

    def has_due(self, *, at: datetime = NOW, lane: Lane = Lane.SHORT) -> bool:
        with self.database.read() as tx:
            return tx.outbox.has_due(lane, at)

    def rows(self) -> Sequence[Any]:
        with self.database.read() as tx:
            return list(tx.rows.of("outbox"))


@pytest.fixture
def queue(database: SqlDatabase) -> Queue:
    return Queue(database)


def kinds(queue: Queue, *, at: datetime = LATER, lane: Lane = Lane.SHORT) -> list[str]:
    """What is due, in the order in which it is claimed."""
    found: list[str] = []
    while claimed := queue.claim(f"w{len(found)}", at=at, lane=lane):
        found.append(claimed.kind)
    return found


def test_a_task_is_claimed_as_it_was_added(queue: Queue) -> None:
    queue.add(Task(kind="greet", payload={"name": "Zoë", "count": 3, "loud": True, "to": None}))

    claimed = queue.held("mine")

    assert claimed == Claimed(
        id=claimed.id,
        kind="greet",
        payload={"name": "Zoë", "count": 3, "loud": True, "to": None},
        claim="mine",
        generation=1,
        attempts=1,
    )
    assert queue.claim("other") is None


def test_what_is_due_longest_comes_first(queue: Queue) -> None:
    for kind, minutes in (("third", 3), ("first", 1), ("second", 2)):
        queue.add(Task(kind=kind, due_at=NOW + timedelta(minutes=minutes)))
    queue.add(Task(kind="also third", due_at=NOW + timedelta(minutes=3)))

    assert kinds(queue) == ["first", "second", "third", "also third"]


def test_nothing_is_claimed_before_it_is_due(queue: Queue) -> None:
    queue.add(Task(kind="later", due_at=LATER))

    assert not queue.has_due()
    assert queue.claim() is None
    assert queue.has_due(at=LATER)
    assert queue.claim(at=LATER) is not None


def test_lanes_do_not_mix(queue: Queue) -> None:
    queue.add(Task(kind="short"))
    queue.add(Task(kind="long", lane=Lane.LONG))

    assert kinds(queue, lane=Lane.LONG) == ["long"]
    assert not queue.has_due(lane=Lane.LONG)
    assert kinds(queue) == ["short"]


def test_among_threads_each_task_has_one_winner(queue: Queue) -> None:
    for number in range(20):
        queue.add(Task(kind="count", payload={"number": number}))
    start = threading.Barrier(4)

    def work(word: int) -> list[object]:
        start.wait()
        won: list[object] = []
        while queue.has_due():
            if claimed := queue.claim(f"{word}-{len(won)}"):
                won.append(claimed.payload["number"])
        return won

    with ThreadPoolExecutor(4) as threads:
        won = [number for numbers in threads.map(work, range(4)) for number in numbers]

    assert sorted(map(str, won)) == sorted(map(str, range(20)))


def test_an_expired_lease_is_due_again(queue: Queue) -> None:
    queue.add(Task(kind="work"))
    first = queue.held("first")

    second = queue.held("second", at=NOW + LEASE)

    assert (second.id, second.attempts) == (first.id, 2)
    assert not queue.renew(first)
    assert not queue.put_back(first, NOW)
    assert not queue.give_up(first)


def test_a_renewed_lease_is_not_due(queue: Queue) -> None:
    queue.add(Task(kind="work"))
    claimed = queue.held()

    assert queue.renew(claimed, at=NOW + LEASE / 3)

    assert queue.claim("other", at=NOW + LEASE) is None
    assert queue.claim("other", at=NOW + LEASE / 3 + LEASE) is not None


def test_who_lost_the_lease_acknowledges_nothing(queue: Queue) -> None:
    queue.add(Task(kind="work"))
    first = queue.held("first")
    second = queue.held("second", at=NOW + LEASE)

    assert not queue.acknowledge(first)

    assert len(queue.rows()) == 1
    assert queue.acknowledge(second)
    assert queue.rows() == []


def test_an_acknowledgement_that_is_rolled_back_leaves_the_task(queue: Queue) -> None:
    queue.add(Task(kind="work"))
    claimed = queue.held()

    def work(tx: Transaction) -> None:
        assert tx.outbox.acknowledge(claimed, NOW)
        raise ValueError

    with pytest.raises(ValueError, match=r"^$"):
        queue.database.write(work)

    assert queue.claim("other", at=NOW + LEASE) is not None


def test_a_keyed_task_that_waits_is_there_once(queue: Queue) -> None:
    for count in range(3):
        queue.add(Task(kind="publish", key="main", payload={"count": count}, due_at=LATER))
    queue.add(Task(kind="publish", key="other", due_at=LATER))

    found = queue.rows()

    assert [(row["key"], row["payload"]) for row in found] == [
        ("main", '{"count": 0}'),
        ("other", "{}"),
    ]
    assert queue.acknowledge(queue.held(at=LATER))
    assert len(queue.rows()) == 1


def test_a_keyed_task_asked_for_while_it_runs_runs_again(queue: Queue) -> None:
    queue.add(Task(kind="publish", key="main"))
    first = queue.held("first")

    queue.add(Task(kind="publish", key="main"))

    assert queue.claim("other") is None
    assert queue.acknowledge(first)
    second = queue.held("second")
    assert (second.generation, second.attempts) == (2, 1)
    assert queue.acknowledge(second)
    assert queue.rows() == []


def test_a_keyed_task_asked_for_by_many_at_once_is_there_once(queue: Queue) -> None:
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(queue.add, [Task(kind="publish", key="main")] * 12))

    (row,) = queue.rows()
    assert row["generation"] == 12


def test_what_was_put_back_is_due_later(queue: Queue) -> None:
    queue.add(Task(kind="work"))

    assert queue.put_back(queue.held(), NOW + LEASE)

    assert queue.claim() is None
    again = queue.held("b", at=NOW + LEASE)
    assert again.attempts == 2
    assert queue.rows()[0]["error"] == "why"


def test_what_was_given_up_is_kept_and_never_due(queue: Queue) -> None:
    queue.add(Task(kind="work"))

    assert queue.give_up(queue.held())

    assert not queue.has_due(at=LATER)
    assert queue.claim(at=LATER) is None
    assert [row["error"] for row in queue.rows()] == ["why"]


def test_what_failed_is_due_again_when_its_key_is_asked_for(queue: Queue) -> None:
    queue.add(Task(kind="publish", key="main"))
    queue.give_up(queue.held())

    queue.add(Task(kind="publish", key="main", due_at=LATER))

    assert queue.claim() is None
    assert queue.held(at=LATER).attempts == 1


def test_what_was_asked_for_again_meanwhile_does_not_fail(queue: Queue) -> None:
    queue.add(Task(kind="publish", key="main"))
    claimed = queue.held()
    queue.add(Task(kind="publish", key="main"))

    assert queue.give_up(claimed)

    assert queue.held("b").attempts == 1


def test_patience_is_kept(queue: Queue) -> None:
    queue.add(PUBLISH)

    assert queue.held().patience is Trying.UNTIL_DONE


def test_asking_again_ends_the_pause_of_what_is_tried_until_done(queue: Queue) -> None:
    queue.add(PUBLISH)
    queue.put_back(queue.held(), LATER)

    queue.add(PUBLISH)

    claimed = queue.held()
    assert (claimed.attempts, claimed.generation) == (2, 2)


def test_asking_again_for_later_makes_no_pause_longer(queue: Queue) -> None:
    queue.add(PUBLISH)

    queue.add(replace(PUBLISH, due_at=LATER))

    assert queue.held().generation == 2


def test_asking_again_ends_no_lease(queue: Queue) -> None:
    queue.add(PUBLISH)
    first = queue.held("first")

    queue.add(PUBLISH)

    assert queue.claim("other") is None
    assert queue.renew(first)


def test_asking_again_ends_no_pause_where_tries_are_bounded(queue: Queue) -> None:
    queue.add(Task(kind="publish", key="main"))
    queue.put_back(queue.held(), LATER)

    queue.add(PUBLISH)

    assert queue.claim() is None


def stuck(queue: Queue) -> list[int]:
    with queue.database.read() as tx:
        assert tx.outbox.backlog(NOW).stuck == len(tx.outbox.troubled(0, 9))
        return [task.attempts for task in tx.outbox.troubled(0, 9)]


def test_where_tries_are_bounded_nothing_is_stuck(queue: Queue) -> None:
    queue.add(Task(kind="work"))

    queue.fail(MAX_ATTEMPTS)

    assert stuck(queue) == []


def test_what_is_tried_until_done_is_listed_from_the_fifth_attempt_on(queue: Queue) -> None:
    queue.add(PUBLISH)
    queue.fail(MAX_ATTEMPTS - 1)
    before = stuck(queue)

    queue.fail(1)

    assert (before, stuck(queue)) == ([], [MAX_ATTEMPTS])
    with queue.database.read() as tx:
        (task,) = tx.outbox.troubled(0, 9)
    assert (task.kind, task.error, task.failed_at) == ("publish", "why", None)


def test_what_is_stuck_is_made_due_again_unless_it_runs(queue: Queue) -> None:
    queue.add(PUBLISH)
    queue.fail(MAX_ATTEMPTS)
    running = queue.held()

    while_it_runs = queue.revive(running.id)
    queue.put_back(running, LATER)

    assert (while_it_runs, queue.revive(running.id)) == (False, True)
    assert queue.held().attempts == 1
    assert (stuck(queue), queue.revive(running.id)) == ([], False)


def test_failed_tasks_are_listed_and_made_due_again(queue: Queue) -> None:
    for kind in ("first", "second"):
        queue.add(Task(kind=kind, key=f"key of {kind}"))
        queue.give_up(queue.held(kind), at=LATER)
    queue.add(Task(kind="waiting"))

    with queue.database.read() as tx:
        found = tx.outbox.troubled(0, 9)
        behind, few = tx.outbox.troubled(found[0].id, 9), tx.outbox.troubled(0, 1)
    first = (found[0].kind, found[0].key, found[0].attempts, found[0].error, found[0].failed_at)
    assert first == ("first", "key of first", 1, "why", LATER)
    assert ([one.kind for one in behind], list(few)) == (["second"], [found[0]])

    assert (queue.revive(found[1].id), queue.revive(found[1].id)) == (True, False)
    assert kinds(queue, at=NOW) == ["second", "waiting"]


def test_failed_tasks_are_pruned_when_they_are_old(queue: Queue) -> None:
    for word in ("a", "b", "c"):
        queue.add(Task(kind=word))
        queue.give_up(queue.held(word), at=LATER if word == "c" else NOW)
    queue.add(Task(kind="waiting"))

    def prune(limit: int) -> int:
        return queue.database.write(lambda tx: tx.outbox.prune(LATER, limit))

    assert [prune(1), prune(9), prune(9)] == [1, 1, 0]
    assert [row["kind"] for row in queue.rows()] == ["c", "waiting"]


def test_a_commit_that_promised_something_is_told(migrated_url: str, queue: Queue) -> None:
    told: list[str] = []
    database = SqlDatabase(migrated_url, listeners=Listeners(promised=lambda: told.append("told")))

    def refuse(tx: Transaction) -> None:
        tx.outbox.add(Task(kind="never"), NOW)
        raise ValueError

    with pytest.raises(ValueError, match=r"^$"):
        database.write(refuse)
    database.write(lambda tx: tx.outbox.has_due(Lane.SHORT, NOW))
    assert (told, queue.rows()) == ([], [])
    database.write(lambda tx: tx.outbox.add(Task(kind="work"), NOW))
    assert told == ["told"]
    database.close()


def test_nobody_is_woken_for_what_is_not_due(migrated_url: str, queue: Queue) -> None:
    told: list[str] = []
    database = SqlDatabase(migrated_url, listeners=Listeners(promised=lambda: told.append("told")))
    later = [Task(kind="work", key=key, due_at=LATER) for key in ("one", "other")]

    database.write(lambda tx: tx.outbox.add(later[0], NOW))
    database.write(lambda tx: tx.outbox.add_all(later, NOW))

    assert (len(queue.rows()), told) == (2, [])
    database.write(lambda tx: tx.outbox.add_all([*later, Task(kind="work", key="now")], NOW))
    assert told == ["told"]
    database.close()


def test_jobs_that_are_not_done_are_counted_by_their_states(database: SqlDatabase) -> None:
    states = [JobState.WAITING, JobState.WAITING, JobState.FAILED, JobState.DONE]

    def add(tx: Transaction) -> None:
        for number, state in enumerate(states):
            tx.jobs.add(a_job(id=JobId(f"{number:032x}"), state=state))

    database.write(add)

    with database.read() as tx:
        assert tx.jobs.count_states() == {JobState.WAITING: 2, JobState.FAILED: 1}


def test_findings_that_begin_are_told_of_once_they_are_there(
    migrated_url: str,
) -> None:
    told: list[dict[Severity, int]] = []
    finding = Finding(code="c", severity=Severity.WARN, message="m")

    def work(is_failing: bool, tx: Transaction) -> None:
        tree = tx.trees.add(Purpose("test"))
        tx.trees.apply(tree, TreeChange(findings=(finding, finding)), NOW)
        tx.workspaces.begin(a_workspace(), TreeChange(findings=(finding,)), NOW, Buckets.of(()))
        if is_failing:
            raise KeyError

    listeners = Listeners(said=lambda said: told.append(dict(said)))
    with closing(SqlDatabase(migrated_url, listeners=listeners)) as database:
        with pytest.raises(KeyError):
            database.write(partial(work, True))
        database.write(partial(work, False))

    assert told == [{Severity.WARN: 3}]


def a_job(**values: Any) -> Job:
    shown = {"id": JOB, "owner": Owner("issuer:zoë"), "kind": "work", "rights": RIGHTS}
    return Job(**{**shown, "created_at": NOW, "changed_at": NOW, **values})


def get(database: SqlDatabase, job_id: JobId = JOB) -> Job:
    with database.read() as tx:
        return tx.jobs.get(job_id)


def test_a_job_is_shown_as_it_was_added(database: SqlDatabase) -> None:
    job = a_job(result={"paths": ["a", {"b": 1.5}]}, code="code", message="Why.", doing="hashing")

    database.write(lambda tx: tx.jobs.add(job))

    assert get(database) == job
    with pytest.raises(JobNotFound):
        get(database, JobId("2" * 32))


def test_each_change_of_a_job_is_a_new_version(database: SqlDatabase) -> None:
    database.write(lambda tx: tx.jobs.add(a_job()))

    seen = []
    changes: list[Callable[[Transaction], None]] = [
        lambda tx: tx.jobs.begin(JOB, LATER),
        lambda tx: tx.jobs.report(JOB, 40, "hashing", LATER),
        lambda tx: tx.jobs.wait(JOB, LATER),
        lambda tx: tx.jobs.finish(JOB, {"files": 3}, LATER),
    ]
    for change in changes:
        database.write(change)
        found = get(database)
        seen.append((found.version, found.state, found.progress, found.doing))

    assert seen == [
        (1, JobState.RUNNING, 0, ""),
        (2, JobState.RUNNING, 40, "hashing"),
        (3, JobState.WAITING, 0, ""),
        (4, JobState.DONE, 100, ""),
    ]
    assert (found.result, found.changed_at, found.is_over) == ({"files": 3}, LATER, True)


def test_a_failed_job_says_why(database: SqlDatabase) -> None:
    database.write(lambda tx: tx.jobs.add(a_job(progress=40)))

    database.write(lambda tx: tx.jobs.fail(JOB, "workspace_locked", "It is locked.", LATER))

    found = get(database)
    assert (found.state, found.code, found.message) == (
        JobState.FAILED, "workspace_locked", "It is locked.",
    )  # fmt: skip
    assert (found.progress, found.result, found.is_over) == (40, None, True)


def test_an_empty_outbox_has_no_backlog(queue: Queue) -> None:
    with queue.database.read() as tx:
        assert tx.outbox.backlog(NOW) == Backlog(due=0, oldest_due_at=None, failed=0, stuck=0)


def test_the_backlog_counts_what_is_due_on_both_lanes_and_what_failed(queue: Queue) -> None:
    second = timedelta(seconds=1)
    queue.add(Task(kind="failing"), at=NOW - 9 * second)
    queue.give_up(queue.held())
    queue.add(Task(kind="held"), at=NOW - 8 * second)
    queue.held()
    queue.add(Task(kind="first"), at=NOW - 7 * second)
    queue.add(Task(kind="second", lane=Lane.LONG))
    queue.add(Task(kind="later"), at=NOW + LEASE)

    with queue.database.read() as tx:
        now, later = tx.outbox.backlog(NOW), tx.outbox.backlog(LATER)

    assert now == Backlog(due=2, oldest_due_at=NOW - 7 * second, failed=1, stuck=0)
    assert later == Backlog(due=4, oldest_due_at=NOW - 7 * second, failed=1, stuck=0)


def test_jobs_that_are_not_over_are_counted_by_owner(database: SqlDatabase) -> None:
    def add(tx: Transaction) -> None:
        for number, state in enumerate(JobState):
            tx.jobs.add(a_job(id=JobId(str(number) * 32), state=state))

    database.write(add)

    with database.read() as tx:
        assert tx.jobs.count_open(Owner("issuer:zoë")) == 2
        assert tx.jobs.count_open(Owner("issuer:zoe")) == 0


def test_only_jobs_that_are_over_are_pruned(database: SqlDatabase) -> None:
    def add(**values: Any) -> None:
        database.write(lambda tx: tx.jobs.add(a_job(**values)))

    for number, state in enumerate((JobState.DONE, JobState.FAILED, JobState.RUNNING)):
        add(id=JobId(str(number) * 32), state=state)
    add(id=JobId("9" * 32), state=JobState.DONE, changed_at=LATER)

    def prune(limit: int) -> int:
        return database.write(lambda tx: tx.jobs.prune(LATER, limit))

    assert [prune(1), prune(9), prune(9)] == [1, 1, 0]
    with database.read() as tx:
        left = [row["id"] for row in tx.rows.of("jobs")]
    assert left == ["2" * 32, "9" * 32]
