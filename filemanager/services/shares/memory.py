"""What was found out and cannot change, kept for the next request."""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Found = TypeVar("Found")


class Memory(Generic[Found]):
    """Of *most* things at a time; beyond that it begins anew. All threads may share it."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._found: dict[Hashable, Found] = {}

    def get(self, name: Hashable | None, find: Callable[[], Found]) -> Found:
        """What is kept under *name*, or else what is found now; None: it may change."""
        if name is None:
            return find()
        if name in self._found:
            return self._found[name]
        found = find()
        if len(self._found) >= self._most:
            self._found.clear()
        self._found[name] = found
        return found
