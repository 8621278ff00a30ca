"""What was found out and cannot change, kept for the next request."""

import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

from filemanager.domain.shares.errors import ShareBusy

Found = TypeVar("Found")

_MEASURERS = 2
"""To measure a large package takes the processor for seconds."""

_WAITING = 8
"""Each holds a thread, which others want."""

_PATIENCE_SECONDS = 5.0


class Memory(Generic[Found]):
    """Of *most* things at a time; beyond that it begins anew. All threads may share it."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._found: dict[Hashable, tuple[Found]] = {}

    def kept(self, name: Hashable) -> tuple[Found] | None:
        """What is kept under *name*, alone in a tuple."""
        return self._found.get(name)

    def get(self, name: Hashable | None, find: Callable[[], Found]) -> Found:
        """What is kept under *name*, or else what is found now; None: it may change.

        Several who ask at once may each find it: for what takes a moment alone.
        """
        if name is None:
            return find()
        if (kept := self._found.get(name)) is not None:
            return kept[0]
        found = find()
        if len(self._found) >= self._most:
            self._found.clear()
        self._found[name] = (found,)
        return found


class Measurements(Generic[Found]):
    """A memory of what takes long to find out: it is found once, and two things at a time."""

    def __init__(self, most: int, patience_seconds: float = _PATIENCE_SECONDS) -> None:
        self._memory = Memory[Found](most)
        self._patience_seconds = patience_seconds
        self._turns: dict[Hashable, threading.Lock] = {}
        self._measurers = threading.Semaphore(_MEASURERS)
        self._places = threading.Semaphore(_WAITING)

    def get(self, name: Hashable | None, measure: Callable[[], Found]) -> Found:
        """As ``Memory.get``, but who asks while it is being found waits for that: those who were
        just given a link come together. Raises ``ShareBusy`` for whom there is no turn in time, or
        no place to wait.
        """
        if name is None:
            return self._measured(measure)
        if (kept := self._memory.kept(name)) is not None:
            return kept[0]
        with self._turn_at(self._turns.setdefault(name, threading.Lock())):
            try:
                return self._memory.get(name, lambda: self._measured(measure))
            finally:
                self._turns.pop(name, None)

    def _measured(self, measure: Callable[[], Found]) -> Found:
        with self._turn_at(self._measurers):
            return measure()

    @contextmanager
    def _turn_at(self, gate: "threading.Lock | threading.Semaphore") -> Iterator[None]:
        if not gate.acquire(blocking=False) and not self._is_let_in(gate):
            raise ShareBusy
        try:
            yield
        finally:
            gate.release()

    def _is_let_in(self, gate: "threading.Lock | threading.Semaphore") -> bool:
        if not self._places.acquire(blocking=False):
            return False
        try:
            return gate.acquire(timeout=self._patience_seconds)
        finally:
            self._places.release()
