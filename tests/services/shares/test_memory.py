"""What is found out once for all who ask."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event, Semaphore

import pytest

from filemanager.domain.shares.errors import ShareBusy
from filemanager.services.shares.memory import Measurements, Memory

Either = type[Memory[int]] | type[Measurements[int]]

BOTH = pytest.mark.parametrize("kind", [Memory[int], Measurements[int]])


@BOTH
def test_what_is_found_is_kept_and_nothing_is_kept_that_may_change(kind: Either) -> None:
    memory = kind(10)
    numbers = iter(range(10))

    named = [memory.get("a", lambda: next(numbers)) for _ in range(3)]
    nameless = [memory.get(None, lambda: next(numbers)) for _ in range(2)]

    assert (named, nameless) == ([0, 0, 0], [1, 2])


@BOTH
def test_it_holds_no_more_than_it_may(kind: Either) -> None:
    memory = kind(2)
    numbers = iter(range(10))

    found = [memory.get(name, lambda: next(numbers)) for name in "abcac"]

    assert found == [0, 1, 2, 3, 2]


def test_who_asks_meanwhile_waits_for_what_is_being_found() -> None:
    memory, asked, come, go = Measurements[int](10), list[int](), Event(), Event()

    def find() -> int:
        asked.append(len(asked))
        come.set()
        go.wait()
        return asked[-1]

    with ThreadPoolExecutor(3) as guests:
        first = guests.submit(memory.get, "a", find)
        come.wait()
        others = [guests.submit(memory.get, "a", find) for _ in range(2)]
        elsewhere = memory.get("b", lambda: 7)
        go.set()
        found = [one.result() for one in (first, *others)]

    assert (found, elsewhere, asked) == ([0, 0, 0], 7, [0])


@BOTH
def test_what_was_not_found_is_looked_for_again(kind: Either) -> None:
    memory = kind(10)

    with pytest.raises(ZeroDivisionError):
        memory.get("a", lambda: 1 // 0)

    assert memory.get("a", lambda: 1) == 1


def test_nobody_waits_for_what_takes_a_moment() -> None:
    """All are in the middle of finding at the same time, what may change among it."""
    memory, together = Memory[int](100), Barrier(20)

    with ThreadPoolExecutor(20) as guests:
        names = [*range(10), *[None] * 10]
        found = list(guests.map(lambda name: memory.get(name, together.wait), names, timeout=60))

    assert sorted(found) == list(range(20))


def test_two_things_are_measured_at_a_time_and_few_wait_for_their_turn() -> None:
    memory, come, go = Measurements[int](10, patience_seconds=0.01), Semaphore(0), Event()

    def find() -> int:
        come.release()
        go.wait()
        return 1

    with ThreadPoolExecutor(2) as guests:
        busy = [guests.submit(memory.get, name, find) for name in "ab"]
        for _ in busy:
            come.acquire()
        for name in ("a", "c", None):
            with pytest.raises(ShareBusy):
                memory.get(name, find)
        go.set()
        assert [one.result() for one in busy] == [1, 1]

    assert memory.get("c", lambda: 3) == 3
