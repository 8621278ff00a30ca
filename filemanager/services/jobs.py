"""Work that is done later: promised in a transaction, watched by its owner, run by a handler."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain
from typing import Protocol

from filemanager.domain.caller import Caller, GrantedScope, Rights, Scope
from filemanager.domain.ids import random_id
from filemanager.domain.jobs.job import (
    Claimed,
    Job,
    JobId,
    JobNotFound,
    Task,
    TooManyJobs,
    TroubledTask,
)
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.services.paging import pages, until_nothing

KEEP = timedelta(days=7)
"""How long jobs that are over, and tasks that failed, are kept to be looked at."""

MAX_OPEN = 100
"""Jobs of one owner that are not over. Two that are promised at once may both be the last."""

_CHUNK = 1000
_CALLER = "caller"


class Running(Protocol):
    """A task that is being run, as its handler sees it."""

    @property
    def claimed(self) -> Claimed: ...
    @property
    def is_settled(self) -> bool:
        """Whether ``settle`` was called and its transaction, if it has ended, was committed."""

    def report(self, progress: int, doing: str) -> None:
        """Show how far it is, 0 to 100. Cheap to call often: a report a second is written.

        Raises ``LeaseLost``; not to be called within a transaction.
        """

    def postpone(self, until: datetime) -> None:
        """Let go of the task until then: what it waits for has not come, and this was no attempt.

        The handler returns after it. Raises ``LeaseLost``; not to be called within a transaction.
        """

    def settle(self, tx: Transaction, result: Mapping[str, object] | None = None) -> None:
        """End the task, and the job that shows it, in the transaction of the effect.

        *result* is what the job's owner sees. Raises ``LeaseLost``, so that the effect is rolled
        back where another worker holds the task by now.
        """


Handler = Callable[[Running], None]
"""Does a task of one kind, and settles it in the transaction of its effect.

An effect outside the database must be one that can be done twice, since a worker may be killed
before it settles; a handler that only has such effects may return without settling. ``Unavailable``
and unexpected errors are tried again later, every other ``FilemanagerError`` ends the task as
failed, unless it is tried until it is done.
"""


class JobService:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def get(self, caller: Caller, job_id: JobId) -> Job:
        """Raises ``JobNotFound``, also for a stranger's job, and where the token may not see what
        the job works on.
        """
        with self._database.read() as tx:
            job = tx.jobs.get(job_id)
        is_ones_own = job.owner == caller.owner or caller.holds_globally(Scope.ADMIN)
        if not is_ones_own or not job.rights.may_look(caller):
            raise JobNotFound
        return job

    def promise(self, tx: Transaction, caller: Caller, task: Task, rights: Rights) -> Job:
        """Add *task*, which has no key, with a job that *caller* can watch, by *rights*.

        Its handler finds the caller by ``caller_of``, to look at the rights again. Raises
        ``TooManyJobs`` where as many of the caller's wait already as anybody may have.
        """
        if tx.jobs.count_open(caller.owner) >= MAX_OPEN:
            raise TooManyJobs(MAX_OPEN)
        at = self._clock()
        job_id = JobId(random_id())
        job = Job(
            id=job_id,
            owner=caller.owner,
            kind=task.kind,
            rights=rights,
            created_at=at,
            changed_at=at,
        )
        tx.jobs.add(job)
        payload = {**task.payload, _CALLER: _written(caller)}
        tx.outbox.add(replace(task, job_id=job_id, payload=payload), at)
        return job

    def troubled(self) -> Iterator[TroubledTask]:
        """Every task that was given up and that nobody watches, or that is stuck, by id."""
        yield from chain.from_iterable(pages(self._database, _troubled))

    def revive(self, task_id: int) -> bool:
        """Make it due again; False where another did that, a worker has it, or it is gone."""
        at = self._clock()
        return self._database.write(lambda tx: tx.outbox.revive(task_id, at))

    def revive_all(self) -> int:
        """Make due again whatever is in trouble; returns how many tasks."""
        return sum(self.revive(one.id) for one in self.troubled())

    def begin_now(self, name: str, every: timedelta) -> None:
        """Let periodic work be done once more in its present slot, by whoever looks next."""
        slot = slot_of(self._clock(), every)
        self._database.write(lambda tx: tx.release_slot(name, slot))

    def prune(self) -> int:
        """Delete what ended a while ago; returns how many jobs and tasks."""
        before = self._clock() - KEEP
        jobs = until_nothing(self._database, lambda tx: tx.jobs.prune(before, _CHUNK))
        tasks = until_nothing(self._database, lambda tx: tx.outbox.prune(before, _CHUNK))
        return jobs + tasks


def _troubled(tx: Transaction, last: TroubledTask | None) -> Sequence[TroubledTask]:
    return tx.outbox.troubled(last.id if last else 0, _CHUNK)


def slot_of(at: datetime, every: timedelta) -> int:
    """The number of the slot of periodic work that *at* lies in, counted from 1970."""
    return int(at.timestamp() // every.total_seconds())


def caller_of(claimed: Claimed) -> Caller:
    """Who the task was promised to, with the scopes that the token had then."""
    told = json.loads(str(claimed.payload[_CALLER]))
    granted = frozenset(GrantedScope(scope, resource) for scope, resource in told.pop("granted"))
    return Caller(**told, granted=granted)


def _written(caller: Caller) -> str:
    granted = [(one.scope, one.resource) for one in caller.granted]
    return json.dumps(
        {
            "issuer": caller.issuer,
            "subject": caller.subject,
            "name": caller.name,
            "is_client": caller.is_client,
            "granted": granted,
        }
    )
