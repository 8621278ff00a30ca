"""Whose request is begun next, where more come at once than the interpreter can run."""

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable

from filemanager.serving.connection import Connection

AT_ONCE = 4
"""Threads that do not wait for clients fight for the interpreter, and the poller loses: with more
of them a burst keeps everybody else from being taken at all."""

HURRY_SECONDS = 0.01
"""They may wait for a disk or a database, so another begins after a while, whoever is there."""


class Askers:
    """Askers take turns, so that the burst of one does not keep the others waiting."""

    def __init__(self, begin: Callable[[Connection], object]) -> None:
        self._begin = begin
        self._lock = threading.Lock()
        self._running = 0
        self._waiting: OrderedDict[object, deque[Connection]] = OrderedDict()
        self._begun_at = 0.0

    @property
    def is_anybody_waiting(self) -> bool:
        return bool(self._waiting)

    @property
    def is_idle(self) -> bool:
        """Whether nobody computes, and nobody waits for that."""
        return not self._running and not self._waiting

    def ask(self, connection: Connection) -> None:
        with self._lock:
            self._waiting.setdefault(connection.asker, deque()).append(connection)
            self._begin_some()

    def hurry(self) -> None:
        with self._lock:
            if self._waiting and time.monotonic() - self._begun_at >= HURRY_SECONDS:
                self._begin_next()

    def pause(self) -> None:
        """A thread waits for its client, or has ended."""
        with self._lock:
            self._running -= 1
            self._begin_some()

    def resume(self) -> None:
        with self._lock:
            self._running += 1

    def _begin_some(self) -> None:
        while self._waiting and self._running < AT_ONCE:
            self._begin_next()

    def _begin_next(self) -> None:
        asker, connections = self._waiting.popitem(last=False)
        connection = connections.popleft()
        if connections:
            self._waiting[asker] = connections
        self._running += 1
        self._begun_at = time.monotonic()
        self._begin(connection)
