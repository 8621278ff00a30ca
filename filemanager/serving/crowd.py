"""Those that are slow, counted: there is room for many, and none for ever more of them."""

import threading
from collections.abc import Callable
from typing import Protocol

from filemanager.serving.patience import SLOW_OF_ONE


class Slow(Protocol):
    """A body or an answer whose thread has waited."""

    @property
    def asker(self) -> str:
        """The owner who asks, or an address."""

    @property
    def rate(self) -> float:
        """Bytes a second, while it was waited for."""

    is_unwanted: bool
    """Set to end it."""


class Crowd:
    """The slow ones of a process. Where one is too many, the slowest is told to go."""

    def __init__(self, limit: int, limit_of_one: int = SLOW_OF_ONE) -> None:
        self._limit = limit
        self._limit_of_one = limit_of_one
        self._lock = threading.Lock()
        self._members: set[Slow] = set()

    def join(self, one: Slow) -> None:
        with self._lock:
            self._members.add(one)
            self._keep(self._limit_of_one, lambda other: other.asker == one.asker)
            self._keep(self._limit, lambda _: True)

    def leave(self, one: Slow) -> None:
        with self._lock:
            self._members.discard(one)

    def _keep(self, limit: int, counts: Callable[[Slow], bool]) -> None:
        counted = [member for member in self._members if counts(member)]
        if len(counted) > limit:
            slowest = min(counted, key=lambda member: member.rate)
            slowest.is_unwanted = True
            self._members.discard(slowest)
