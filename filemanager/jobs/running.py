"""A task while a worker holds it."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta

import structlog

from filemanager.domain.errors import FilemanagerError
from filemanager.domain.jobs.job import Claimed, LeaseLost
from filemanager.domain.ports import Clock, Database, Transaction

_BETWEEN_REPORTS = timedelta(seconds=1)


class RunningTask:
    """``is_settled`` tells that the handler settled it, if its transaction was committed;
    ``is_postponed`` that it let go of it.
    """

    def __init__(
        self, database: Database, clock: Clock, claimed: Claimed, lease: timedelta
    ) -> None:
        self.claimed = claimed
        self.is_settled = False
        self.is_postponed = False
        self._database = database
        self._clock = clock
        self._lease = lease
        self._reported_at: datetime | None = None

    def report(self, progress: int, doing: str) -> None:
        at = self._clock()
        if self._reported_at is not None and at - self._reported_at < _BETWEEN_REPORTS:
            return
        self._reported_at = at

        def work(tx: Transaction) -> None:
            if not tx.outbox.renew(self.claimed, at + self._lease):
                raise LeaseLost
            if self.claimed.job_id is not None:
                tx.jobs.report(self.claimed.job_id, progress, doing, at)

        self._database.write(work)

    def postpone(self, until: datetime) -> None:
        def work(tx: Transaction) -> None:
            if not tx.outbox.postpone(self.claimed, until):
                raise LeaseLost
            if self.claimed.job_id is not None:
                tx.jobs.wait(self.claimed.job_id, self._clock())

        self._database.write(work)
        self.is_postponed = True

    def settle(self, tx: Transaction, result: Mapping[str, object] | None = None) -> None:
        at = self._clock()
        if not tx.outbox.acknowledge(self.claimed, at):
            raise LeaseLost
        if self.claimed.job_id is not None:
            tx.jobs.finish(self.claimed.job_id, result or {}, at)
        self.is_settled = True

    def renew(self) -> bool:
        """False: another worker holds the task, or it is settled."""
        until = self._clock() + self._lease
        return self._database.write(lambda tx: tx.outbox.renew(self.claimed, until))


@contextmanager
def renewed(renew: Callable[[], bool], every: timedelta) -> Iterator[None]:
    """Call *renew* again and again meanwhile, in a thread, until it says no."""
    done = threading.Event()
    thread = threading.Thread(target=_renew, args=(renew, every, done), name="lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _renew(renew: Callable[[], bool], every: timedelta, done: threading.Event) -> None:
    while not done.wait(every.total_seconds()):
        try:
            if not renew():
                return
        except FilemanagerError as error:
            # Two more turns are left before the lease ends.
            structlog.get_logger().warning("lease_not_renewed", code=error.code)
