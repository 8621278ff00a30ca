"""Waiting until a push is published, for those who ask for that."""

import threading
from collections.abc import Callable, Sequence

from filemanager.services.repositories.pushing import Pushed

_FIRST_PAUSE_SECONDS = 0.01
_LONGEST_PAUSE_SECONDS = 0.2
_MOST_SECONDS = 20.0


class PublicationWait:
    """Twenty seconds at most, and *at_once* requests at a time: each holds a thread."""

    def __init__(
        self,
        is_published: Callable[[Sequence[Pushed]], bool],
        pause: Callable[[float], None],
        at_once: int,
    ) -> None:
        self._is_published = is_published
        self._pause = pause
        self._places = threading.BoundedSemaphore(at_once)

    def is_over(self, pushed: Sequence[Pushed]) -> bool:
        """Whether clients see it before the time is up; who finds no place does not wait."""
        if not self._places.acquire(blocking=False):
            return self._is_published(pushed)
        try:
            return self._comes(pushed)
        finally:
            self._places.release()

    def _comes(self, pushed: Sequence[Pushed]) -> bool:
        """Most publications take some hundredths of a second, so it looks often at first."""
        pause, waited = _FIRST_PAUSE_SECONDS, 0.0
        while not self._is_published(pushed):
            if waited >= _MOST_SECONDS:
                return False
            self._pause(pause)
            waited += pause
            pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
        return True
