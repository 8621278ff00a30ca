"""The ports of work that is done later: the outbox, and the jobs that people watch."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from filemanager.domain.caller import Owner
from filemanager.domain.jobs.job import (
    Backlog,
    Claimed,
    Job,
    JobId,
    JobState,
    Lane,
    Task,
    TroubledTask,
)


class Outbox(Protocol):
    """The queue: rows that live until the transaction of their effect deletes them."""

    def add(self, task: Task, at: datetime) -> None:
        """Idle workers of this process are woken once the transaction is committed."""

    def add_all(self, tasks: Sequence[Task], at: datetime) -> None:
        """``add`` for many tasks with keys, in one statement for a thousand."""

    def has_due(self, lane: Lane, at: datetime) -> bool:
        """Whether a claim is worth its write transaction."""

    def claim(self, lane: Lane, claim: str, at: datetime, until: datetime) -> Claimed | None:
        """Take the task that is due longest, until then; None: nothing is due, or another took it.

        A task whose lease has run out is due again. To be called in a write transaction.
        """

    def renew(self, claimed: Claimed, until: datetime) -> bool:
        """False: the lease went to another."""

    def acknowledge(self, claimed: Claimed, at: datetime) -> bool:
        """Delete the task, in the transaction of its effect. False: roll back, another holds it.

        A task whose key was asked for meanwhile stays, due at once, and True is returned.
        """

    def put_back(self, claimed: Claimed, due_at: datetime, error: str) -> bool:
        """Let go of the task until it is due again. False: another holds it."""

    def postpone(self, claimed: Claimed, due_at: datetime) -> bool:
        """``put_back`` for what was no attempt. False: another holds it."""

    def give_up(self, claimed: Claimed, error: str, at: datetime) -> bool:
        """Keep the task as failed, due only when its key is asked for again. False: another holds
        it.

        A task whose key was asked for meanwhile is due at once.
        """

    def backlog(self, at: datetime) -> Backlog:
        """Of all lanes, by one query. A task whose lease has run out is due again."""

    def troubled(self, after: int, limit: int) -> Sequence[TroubledTask]:
        """By id, those behind *after*."""

    def revive(self, task_id: int, at: datetime) -> bool:
        """Make a troubled task due with all its attempts; False: it is none any more, or runs."""

    def prune(self, failed_before: datetime, limit: int) -> int:
        """Delete tasks that failed before then; returns how many."""


class Jobs(Protocol):
    def add(self, job: Job) -> None: ...

    def get(self, job_id: JobId) -> Job:
        """Raises ``JobNotFound``."""

    def count_open(self, owner: Owner) -> int:
        """Jobs of *owner* that are not over."""

    def count_states(self) -> Mapping[JobState, int]:
        """Of everybody's jobs that are not done; states that none is in are left out."""

    def begin(self, job_id: JobId, at: datetime) -> None:
        """Note that a worker has taken it."""

    def wait(self, job_id: JobId, at: datetime) -> None:
        """Note that it will be tried again, from its start."""

    def report(self, job_id: JobId, progress: int, doing: str, at: datetime) -> None: ...

    def finish(self, job_id: JobId, result: Mapping[str, object], at: datetime) -> None: ...

    def fail(self, job_id: JobId, code: str, message: str, at: datetime) -> None: ...

    def prune(self, ended_before: datetime, limit: int) -> int:
        """Delete jobs that were over before then; returns how many."""
