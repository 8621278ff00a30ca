"""Workers: each claims a task, runs its handler, and tells how it ended."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from filemanager.domain.errors import FilemanagerError, Unavailable
from filemanager.domain.ids import random_id
from filemanager.domain.jobs.job import MAX_ATTEMPTS, Claimed, Lane, LeaseLost, Trying
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.jobs.running import RunningTask, renewed
from filemanager.services.jobs import Handler

_BACK_OFF = 4
"""Seconds of the first pause, and the factor of each next: where tries are bounded, all end within
six minutes.
"""

_EXPECTED = frozenset({"task_done", "task_postponed"})

_LONGEST_PAUSE = timedelta(minutes=5)

_INTERNAL = "internal", "Something went wrong inside the service. It has been logged."
_GIVEN_UP = "worker_lost", "The work was given up: each of several workers ended in the middle."


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How workers go about it. *jitter* gives fractions of 1, which spread second tries."""

    lease: timedelta
    clock: Clock
    jitter: Callable[[], float]


class Worker:
    """Takes the tasks of one lane, one at a time."""

    def __init__(
        self, database: Database, handlers: Mapping[str, Handler], lane: Lane, habits: Habits
    ) -> None:
        self._database = database
        self._handlers = handlers
        self._lane = lane
        self._habits = habits

    def run_next(self) -> bool:
        """Do the task that is due longest, whatever comes of it; False: nothing is due.

        Raises ``DatabaseUnavailable``; a task that was claimed by then is due after its lease.
        """
        claimed = self._claim()
        if claimed is None:
            return False
        if claimed.attempts > MAX_ATTEMPTS and claimed.patience is Trying.BOUNDED:
            self._fail(claimed, *_GIVEN_UP)
        else:
            self._run(claimed)
        return True

    def _claim(self) -> Claimed | None:
        word = random_id()

        def work(tx: Transaction) -> Claimed | None:
            at = self._now()
            claimed = tx.outbox.claim(self._lane, word, at, at + self._habits.lease)
            if claimed is not None and claimed.job_id is not None:
                tx.jobs.begin(claimed.job_id, at)
            return claimed

        # A look costs no turn at writing, and most looks find nothing.
        with self._database.read() as tx:
            is_due = tx.outbox.has_due(self._lane, self._now())
        return self._database.write(work) if is_due else None

    def _run(self, claimed: Claimed) -> None:
        try:
            told = self._handle(claimed)
        except LeaseLost:
            _tell("task_lease_lost", claimed)
        except Unavailable as error:
            self._try_again(claimed, error.code, error.message)
        except FilemanagerError as error:
            self._refuse(claimed, error.code, error.message)
        except Exception as error:  # noqa: BLE001  # the edge: no task may end its worker
            structlog.get_logger().error("unexpected", exc_info=error)
            self._try_again(claimed, *_INTERNAL)
        else:
            _tell(told, claimed)

    def _handle(self, claimed: Claimed) -> str:
        """The event that tells of it."""
        running = RunningTask(self._database, self._habits.clock, claimed, self._habits.lease)
        with renewed(running.renew, self._habits.lease / 3):
            # A kind that is not known here may be known to a newer version on another node.
            self._handlers[claimed.kind](running)
            if running.is_postponed:
                return "task_postponed"
            if not running.is_settled:
                self._database.write(running.settle)
        return "task_done"

    def _try_again(self, claimed: Claimed, code: str, message: str) -> None:
        if claimed.attempts < MAX_ATTEMPTS:
            self._put_back(claimed, code, message)
        else:
            self._refuse(claimed, code, message)

    def _refuse(self, claimed: Claimed, code: str, message: str) -> None:
        if claimed.patience is Trying.UNTIL_DONE:
            self._put_back(claimed, code, message)
        else:
            self._fail(claimed, code, message)

    def _put_back(self, claimed: Claimed, code: str, message: str) -> None:
        pause = _pause_after(claimed.attempts)
        due_at = self._now() + pause * (0.5 + self._habits.jitter() / 2)

        def work(tx: Transaction) -> bool:
            is_held = tx.outbox.put_back(claimed, due_at, f"{code}: {message}")
            if is_held and claimed.job_id is not None:
                tx.jobs.wait(claimed.job_id, self._now())
            return is_held

        told = {"code": code, "error": message, "due_at": due_at.isoformat()}
        self._end(work, "task_put_back", claimed, **told)

    def _fail(self, claimed: Claimed, code: str, message: str) -> None:
        def work(tx: Transaction) -> bool:
            at = self._now()
            if claimed.job_id is None:
                return tx.outbox.give_up(claimed, f"{code}: {message}", at)
            is_held = tx.outbox.acknowledge(claimed, at)
            if is_held:
                tx.jobs.fail(claimed.job_id, code, message, at)
            return is_held

        self._end(work, "task_failed", claimed, code=code, error=message)

    def _end(
        self, work: Callable[[Transaction], bool], event: str, claimed: Claimed, **fields: str
    ) -> None:
        if self._database.write(work):
            _tell(event, claimed, **fields)
        else:
            _tell("task_lease_lost", claimed)

    def _now(self) -> datetime:
        return self._habits.clock()


def _pause_after(attempts: int) -> timedelta:
    if attempts >= MAX_ATTEMPTS:
        return _LONGEST_PAUSE
    return timedelta(seconds=_BACK_OFF**attempts)


def _tell(event: str, claimed: Claimed, **fields: str) -> None:
    tell = structlog.get_logger().info if event in _EXPECTED else structlog.get_logger().warning
    told = {"kind": claimed.kind, "task_id": claimed.id, "attempts": claimed.attempts}
    tell(event, **told, job_id=claimed.job_id, **fields)
