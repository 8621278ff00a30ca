"""Whose request is begun next, where more come at once than the interpreter can run."""

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable

from filemanager.serving.connection import Connection
from filemanager.serving.watch import Watch

AT_ONCE = 4
"""Threads that do not wait for clients fight for the interpreter, and the poller loses: with more
of them a burst keeps everybody else from being taken at all."""

HURRY_SECONDS = 0.01
"""They may wait for a disk or a database, so another begins after a while, whoever is there."""


class Askers:
    """Askers take turns, so that the burst of one does not keep the others waiting.

    While a thread has the watch it takes them one by one, and no other begins.
    """

    def __init__(self, begin: Callable[[Connection], object], watch: Watch) -> None:
        self._begin = begin
        self._watch = watch
        self._lock = threading.Lock()
        self._running = 0
        self._waiting: OrderedDict[object, deque[Connection]] = OrderedDict()
        self._begun_at = 0.0

    @property
    def is_anybody_waiting(self) -> bool:
        return bool(self._waiting)

    def ask(self, connection: Connection) -> None:
        with self._lock:
            self._waiting.setdefault(connection.asker, deque()).append(connection)
            self._begin_some()

    def take(self) -> Connection | None:
        """Whose turn it is, for a thread that has answered and goes on."""
        with self._lock:
            return self._next() if self._waiting else None

    def go_on(self) -> None:
        """Begin whom a thread has left waiting."""
        with self._lock:
            self._begin_some()

    def hurry(self) -> None:
        with self._lock:
            if self._waiting and time.monotonic() - self._begun_at >= HURRY_SECONDS:
                self._begin_next()

    def pause(self) -> None:
        """A thread waits for its client, or has ended."""
        self._watch.give_back()
        with self._lock:
            self._running -= 1
            self._begin_some()

    def resume(self) -> None:
        with self._lock:
            self._running += 1

    def _begin_some(self) -> None:
        while self._waiting and self._running < AT_ONCE and not self._watch.is_lent:
            self._begin_next()

    def _begin_next(self) -> None:
        self._running += 1
        self._begin(self._next())

    def _next(self) -> Connection:
        asker, connections = self._waiting.popitem(last=False)
        connection = connections.popleft()
        if connections:
            self._waiting[asker] = connections
        self._begun_at = time.monotonic()
        return connection
