"""Waiting until a push is published, for those who ask for that."""

import threading
from collections.abc import Callable, Sequence

from filemanager.services.repositories.pushing import Pushed

_PAUSES_SECONDS = ((0.1, 0.004), (1.0, 0.02), (20.0, 0.2))
"""How long to pause until so much time was waited in all."""


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
        waited = 0.0
        for until, pause in _PAUSES_SECONDS:
            while waited < until:
                if self._is_published(pushed):
                    return True
                self._pause(pause)
                waited += pause
        return self._is_published(pushed)
