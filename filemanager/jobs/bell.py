"""What wakes the idle workers of a process."""

import threading
from datetime import timedelta


class Bell:
    """Rung when a task was promised; whoever listens hears each ring once, and none is missed."""

    def __init__(self) -> None:
        self._rings = 0
        self._changed = threading.Condition()

    def ring(self) -> None:
        with self._changed:
            self._rings += 1
            self._changed.notify_all()

    def heard(self) -> int:
        """How often it rang by now. To be asked before looking for work."""
        with self._changed:
            return self._rings

    def wait(self, heard: int, longest: timedelta) -> None:
        """Return once it rang more often than *heard*, or after a while."""
        with self._changed:
            self._changed.wait_for(lambda: self._rings != heard, longest.total_seconds())
