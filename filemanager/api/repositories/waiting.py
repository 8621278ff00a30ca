"""Waiting until a push is published, for those who ask for that."""

import threading
from collections.abc import Callable, Sequence

from filemanager.services.repositories.pushing import Pushed

_SHORT_PAUSE_SECONDS = 0.02
_LONG_PAUSE_SECONDS = 0.2
_SOON_SECONDS = 1.0
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
        """Most publications take less than a tenth of a second, so it looks often at first."""
        waited = 0.0
        while not self._is_published(pushed):
            if waited >= _MOST_SECONDS:
                return False
            pause = _SHORT_PAUSE_SECONDS if waited < _SOON_SECONDS else _LONG_PAUSE_SECONDS
            self._pause(pause)
            waited += pause
        return True
