"""What was found out and cannot change, kept for the next request."""

import threading
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Found = TypeVar("Found")


class Memory(Generic[Found]):
    """Of *most* things at a time; beyond that it begins anew. All threads may share it."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._found: dict[Hashable, tuple[Found]] = {}
        self._turns: dict[Hashable, threading.Lock] = {}

    def get(self, name: Hashable | None, find: Callable[[], Found]) -> Found:
        """What is kept under *name*, or else what is found now; None: it may change.

        Who asks while it is being found waits for that: to measure a large package takes long, and
        those who were just given a link come together.
        """
        if name is None:
            return find()
        if (kept := self._found.get(name)) is not None:
            return kept[0]
        with self._turns.setdefault(name, threading.Lock()):
            try:
                return self._kept(name, find)
            finally:
                self._turns.pop(name, None)

    def _kept(self, name: Hashable, find: Callable[[], Found]) -> Found:
        if (kept := self._found.get(name)) is not None:
            return kept[0]
        found = find()
        if len(self._found) >= self._most:
            self._found.clear()
        self._found[name] = (found,)
        return found
