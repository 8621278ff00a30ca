"""Periodic work: each slot of time is done by one process of all nodes."""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog

from filemanager.domain.errors import FilemanagerError
from filemanager.domain.ports import Clock, Database
from filemanager.services.jobs import slot_of

_LOOK_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Periodic:
    """Work that is due once in each *every*; it may be stopped at any point and begun again."""

    name: str
    every: timedelta
    work: Callable[[], object]


class Scheduler:
    """A thread that looks for due slots until it is stopped; before the first, and until it
    succeeds, it does what is to be done *at_start*.
    """

    def __init__(
        self,
        database: Database,
        periodic: Sequence[Periodic],
        clock: Clock,
        at_start: Iterable[Callable[[], object]] = (),
    ) -> None:
        self._database = database
        self._periodic = periodic
        self._clock = clock
        self._at_start = deque(at_start)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="schedule", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout: timedelta) -> bool:
        """Begin nothing more, and wait for what runs; False where something still does."""
        self._stopping.set()
        self._thread.join(timeout.total_seconds())
        return not self._thread.is_alive()

    def run_due(self) -> list[str]:
        """Do what is due and not taken by another process; returns the names of what was done."""
        while self._at_start:
            self._at_start[0]()
            self._at_start.popleft()
        return [one.name for one in self._periodic if self._take(one) and self._done(one)]

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self.run_due()
            except FilemanagerError as error:
                structlog.get_logger().warning("schedule_failed", code=error.code)
            except Exception as error:  # noqa: BLE001  # the edge: the thread outlives what it meets
                structlog.get_logger().error("unexpected", exc_info=error)
            self._stopping.wait(_LOOK_SECONDS)

    def _take(self, one: Periodic) -> bool:
        slot = slot_of(self._clock(), one.every)
        return self._database.write(lambda tx: tx.take_slot(one.name, slot))

    def _done(self, one: Periodic) -> bool:
        result = one.work()
        structlog.get_logger().info("periodic_done", name=one.name, result=str(result))
        return True
