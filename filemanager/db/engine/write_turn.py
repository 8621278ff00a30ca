"""Whose turn it is to write an SQLite database."""

import fcntl
import os
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filemanager.domain.errors import DatabaseUnavailable, WritersWait


class WriteTurns:
    """Hold off every other writer, thread or process, that takes turns at the same file.

    SQLite's own busy handler sleeps and tries again, so that some writers starve; ``flock`` queues.
    Threads of a process queue in memory, first come first served, and one of them waits for the
    file. One for a process: a forked child makes its own.
    """

    def __init__(self, lock_file: Path) -> None:
        self._queue = _Queue()
        self._file = _FileLock(lock_file)

    @contextmanager
    def turn(self, seconds: Callable[[], float]) -> Iterator[None]:
        """Raises ``WritersWait`` where the turn has not come in *seconds*, which are asked for."""
        if not self._queue.enter(seconds()):
            raise WritersWait
        try:
            with self._file.held(seconds()):
                yield
        finally:
            self._queue.leave()


class _Queue:
    """A lock that is given in the order in which it was asked for."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._is_taken = False

    def enter(self, seconds: float) -> bool:
        mine = threading.Event()
        with self._guard:
            if not self._is_taken:
                self._is_taken = True
                return True
            self._waiting.append(mine)
        if mine.wait(seconds):
            return True
        with self._guard:
            if mine not in self._waiting:
                return True  # it came just now
            self._waiting.remove(mine)
        return False

    def leave(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._is_taken = False


@dataclass(slots=True)
class _Wait:
    """A thread that waits for the file, as only a thread that may be left behind can."""

    descriptor: int
    is_held: threading.Event
    is_wanted: bool = True


class _FileLock:
    """Asked for by one thread at a time.

    The descriptor is new each time, and is unlocked before it is closed, since a child forked
    meanwhile holds a copy of it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._guard = threading.Lock()
        self._wait: _Wait | None = None

    @contextmanager
    def held(self, seconds: float) -> Iterator[None]:
        descriptor = self._take(seconds)
        try:
            yield
        finally:
            _let_go(descriptor)

    def _take(self, seconds: float) -> int:
        wait = self._resumed()
        if wait is None:
            descriptor = self._open()
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                wait = self._wait = _Wait(descriptor, threading.Event())
                threading.Thread(target=self._block, args=(wait,), daemon=True).start()
            else:
                return descriptor
        return self._await(wait, seconds)

    def _resumed(self) -> _Wait | None:
        """A wait that was in vain is taken over by the next who asks."""
        with self._guard:
            if self._wait is not None:
                self._wait.is_wanted = True
            return self._wait

    def _open(self) -> int:
        try:
            return os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise DatabaseUnavailable from error

    def _block(self, wait: _Wait) -> None:
        fcntl.flock(wait.descriptor, fcntl.LOCK_EX)
        with self._guard:
            if wait.is_wanted:
                wait.is_held.set()
                return
            self._wait = None
        _let_go(wait.descriptor)

    def _await(self, wait: _Wait, seconds: float) -> int:
        wait.is_held.wait(seconds)
        with self._guard:
            if not wait.is_held.is_set():
                wait.is_wanted = False
                raise WritersWait
            self._wait = None
        return wait.descriptor


def _let_go(descriptor: int) -> None:
    fcntl.flock(descriptor, fcntl.LOCK_UN)
    os.close(descriptor)
