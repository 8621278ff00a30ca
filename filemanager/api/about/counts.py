"""Counts that processes share: each writes a page of its own, and reads the pages of all."""

import json
import mmap
import struct
import threading
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

PAGE_BYTES = 4 << 20
"""Room for every route with every status; memory that is not written takes none."""

BUCKETS = (0.005, 0.02, 0.1, 0.5, 2, 10, 60)
"""Seconds; one bucket more has what took longer."""

_NUMBERS = struct.Struct(f"={len(BUCKETS) + 2}d")
_LENGTH = struct.Struct("=Q")
FIGURES = slice(_LENGTH.size, _LENGTH.size + 32 * 8)
"""A place of 32 numbers at the head of each page."""
_FIRST = FIGURES.stop

Numbers = tuple[float, ...]
"""Seconds in all, then the requests in each bucket, not summed up."""

Key = tuple[str, str, int]
"""Method, route and status."""


@dataclass(frozen=True, slots=True)
class Pages:
    """Memory of zeros at first; ``own`` is one of ``every``."""

    own: memoryview
    every: Sequence[memoryview]

    @classmethod
    def alone(cls) -> "Pages":
        """For a process that shares nothing."""
        page = memoryview(mmap.mmap(-1, PAGE_BYTES))
        return cls(page, [page])


class Counts:
    """What a page has no room for is not counted: that much a client must not bring about."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._lock = threading.Lock()
        # A process before this one may have used the page.
        self._places = {key: place for key, place, _ in _records(pages.own)}

    def add(self, key: Key, seconds: float) -> None:
        page = self._pages.own
        with self._lock:
            place = self._places.get(key) or self._new(key)
            if place is None:
                return
            numbers = list(_NUMBERS.unpack_from(page, place))
            numbers[0] += seconds
            numbers[1 + bisect_left(BUCKETS, seconds)] += 1
            page[place : place + _NUMBERS.size] = _NUMBERS.pack(*numbers)

    def summed(self) -> Mapping[Key, Numbers]:
        """Over all pages."""
        found: dict[Key, Numbers] = defaultdict(lambda: (0.0,) * (len(BUCKETS) + 2))
        for page in self._pages.every:
            for key, _, numbers in _records(page):
                found[key] = added(found[key], numbers)
        return found

    def _new(self, key: Key) -> int | None:
        """Write a record of zeros; readers see it only when it is whole."""
        page = self._pages.own
        name = json.dumps(key).encode()
        name += b" " * (-len(name) % 8)
        used = _used(page)
        place = used + _LENGTH.size + len(name)
        end = place + _NUMBERS.size
        if end > len(page):
            return None
        page[used:place] = _LENGTH.pack(len(name)) + name
        page[: _LENGTH.size] = _LENGTH.pack(end)
        self._places[key] = place
        return place


def added(one: Numbers, other: Numbers) -> Numbers:
    return tuple(a + b for a, b in zip(one, other, strict=True))


def _used(page: memoryview) -> int:
    (used,) = _LENGTH.unpack_from(page)
    return int(used) or _FIRST


def _records(page: memoryview) -> Iterator[tuple[Key, int, Numbers]]:
    place, used = _FIRST, _used(page)
    while place < used:
        (length,) = _LENGTH.unpack_from(page, place)
        numbers = place + _LENGTH.size + length
        method, route, status = json.loads(bytes(page[numbers - length : numbers]))
        yield (method, route, status), numbers, _NUMBERS.unpack_from(page, numbers)
        place = numbers + _NUMBERS.size
