"""Numbers of each process, looked at now and then, at fixed places of the pages that all read."""

import struct
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from filemanager.api.about.counts import FIGURES, Pages

_FRESH_SECONDS = 15.0
"""Older ones are of a process that has ended."""

_LOOK_SECONDS = 1.0
_NUMBER = struct.Struct("=d")
_TIME = 0
"""The place that says when the process looked last."""


def _nothing() -> float:
    """For a total that is added to as things happen."""
    return 0.0


@dataclass(frozen=True, slots=True)
class Figure:
    """What ``read`` gives is added up over all processes. A total only grows, and what ended ones
    had of it stays; anything else counts while its process lives.
    """

    name: str
    meaning: str
    read: Callable[[], float] = _nothing
    is_total: bool = False
    label: tuple[str, str] | None = None


class Figures:
    """At most as many as a page has places for, the same in all processes."""

    def __init__(
        self,
        pages: Pages,
        kinds: Sequence[Figure],
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._pages = pages
        self._seconds = seconds
        self._lock = threading.Lock()
        self._seen = dict.fromkeys(kinds, 0.0)
        self._looked_at = -_LOOK_SECONDS
        self._places = {kind: _TIME + 1 + number for number, kind in enumerate(kinds)}

    def add(self, kind: Figure, amount: float) -> None:
        """To a total."""
        page, offset = self._pages.own, FIGURES.start + self._places[kind] * _NUMBER.size
        # Written out, since each request does it.
        with self._lock:
            (value,) = _NUMBER.unpack_from(page, offset)
            _NUMBER.pack_into(page, offset, value + amount)

    def look(self) -> None:
        """Note how it is in this process. To be called often: it is done once a second."""
        now = self._seconds()
        if now - self._looked_at < _LOOK_SECONDS:
            return
        self._looked_at = now
        for kind, place in self._places.items():
            value = kind.read()
            if kind.is_total:
                self.add(kind, value - self._seen[kind])
                self._seen[kind] = value
            else:
                _put(self._pages.own, place, value)
        _put(self._pages.own, _TIME, now)

    def summed(self) -> Mapping[Figure, float]:
        """Over all processes."""
        self.look()
        every = self._pages.every
        oldest = self._seconds() - _FRESH_SECONDS
        living = [page for page in every if _number(page, _TIME) >= oldest]
        return {
            kind: sum(_number(page, place) for page in (every if kind.is_total else living))
            for kind, place in self._places.items()
        }


def _number(page: memoryview, place: int) -> float:
    (value,) = _NUMBER.unpack_from(page, FIGURES.start + place * _NUMBER.size)
    return float(value)


def _put(page: memoryview, place: int, value: float) -> None:
    _NUMBER.pack_into(page, FIGURES.start + place * _NUMBER.size, value)
