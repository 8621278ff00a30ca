"""What was found out and cannot change, kept for the next request."""

import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

from filemanager.domain.shares.errors import ShareBusy

Found = TypeVar("Found")

_FINDERS = 2
"""To measure a large package takes the processor for seconds."""

_WAITING = 8
"""Each holds a thread, which others want."""

_PATIENCE_SECONDS = 5.0


class Memory(Generic[Found]):
    """Of *most* things at a time; beyond that it begins anew. All threads may share it."""

    def __init__(self, most: int, patience_seconds: float = _PATIENCE_SECONDS) -> None:
        self._most = most
        self._patience_seconds = patience_seconds
        self._found: dict[Hashable, tuple[Found]] = {}
        self._turns: dict[Hashable, threading.Lock] = {}
        self._finders = threading.Semaphore(_FINDERS)
        self._places = threading.Semaphore(_WAITING)

    def get(self, name: Hashable | None, find: Callable[[], Found]) -> Found:
        """What is kept under *name*, or else what is found now; None: it may change.

        Who asks while it is being found waits for that: those who were just given a link come
        together. Two things are found at a time. Raises ``ShareBusy`` for whom there is no turn in
        time, or no place to wait.
        """
        if name is None:
            with self._turn_at(self._finders):
                return find()
        if (kept := self._found.get(name)) is not None:
            return kept[0]
        with self._turn_at(self._turns.setdefault(name, threading.Lock())):
            try:
                return self._kept(name, find)
            finally:
                self._turns.pop(name, None)

    def _kept(self, name: Hashable, find: Callable[[], Found]) -> Found:
        if (kept := self._found.get(name)) is not None:
            return kept[0]
        with self._turn_at(self._finders):
            found = find()
        if len(self._found) >= self._most:
            self._found.clear()
        self._found[name] = (found,)
        return found

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
