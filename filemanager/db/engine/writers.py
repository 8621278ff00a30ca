"""The threads of a process that are writing, or wait until they may: bounded, and timed."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from filemanager.db.engine.bounds import Bounds
from filemanager.domain.errors import WritersWait

_TOLD_SECONDS = 30


class Writers:
    """Who is one too many is refused at once, so that threads are left for those who read."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._guard = threading.Lock()
        self._count = 0
        self._refused_at: float | None = None

    @contextmanager
    def one_more(self) -> Iterator[Callable[[], float]]:
        """Gives a function that tells how many seconds are left to wait in.

        Raises ``WritersWait``, and remembers it where the block does.
        """
        until = time.monotonic() + self._bounds.write_wait_seconds
        try:
            with self._counted():
                yield lambda: max(0.0, until - time.monotonic())
        except WritersWait:
            self._refused_at = time.monotonic()
            raise

    def check(self) -> None:
        """Raise ``WritersWait`` where somebody was refused lately."""
        at = self._refused_at
        if at is not None and time.monotonic() - at < _TOLD_SECONDS:
            raise WritersWait

    @contextmanager
    def _counted(self) -> Iterator[None]:
        with self._guard:
            if self._bounds.writers is not None and self._count >= self._bounds.writers:
                raise WritersWait
            self._count += 1
        try:
            yield
        finally:
            with self._guard:
                self._count -= 1
