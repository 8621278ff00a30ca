"""The same work on many things."""

import pytest

from filemanager.client.crowd import each


def test_every_item_is_worked_on() -> None:
    done: set[int] = set()

    each(done.add, range(50), threads=4)

    assert done == set(range(50))


def test_after_a_failure_nothing_begins_and_it_is_raised() -> None:
    begun: list[int] = []

    def work(item: int) -> None:
        begun.append(item)
        if item == 3:
            raise ValueError(item)

    with pytest.raises(ValueError, match="3"):
        each(work, range(1000), threads=1)

    assert begun == [0, 1, 2, 3]


def test_nothing_to_do_is_done() -> None:
    each(print, [], threads=2)
