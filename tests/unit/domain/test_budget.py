"""What an upload may unpack to."""

from collections.abc import Callable

import pytest

from filemanager.domain.errors import OverBudget
from filemanager.domain.intake.budget import Budget, Limits


def a_budget(clock: Callable[[], float] = lambda: 0.0, sent_bytes: int = 1 << 30) -> Budget:
    limits = Limits(unpacked_bytes=10 << 30, entries=2, ratio=50, depth=3, seconds=10)
    return Budget(limits, sent_bytes, clock)


def test_entries_are_counted() -> None:
    budget = a_budget()
    budget.take_entry()
    budget.take_entry()

    with pytest.raises(OverBudget, match="2 entries"):
        budget.take_entry()


def test_bytes_are_counted() -> None:
    budget = a_budget()
    budget.take_bytes(10 << 30)

    assert budget.bytes_left == 0
    with pytest.raises(OverBudget, match="unpacked bytes"):
        budget.take_bytes(1)


def test_little_may_come_of_very_little_but_not_much() -> None:
    budget = a_budget(sent_bytes=1000)
    budget.take_bytes(256 << 20)

    with pytest.raises(OverBudget, match="50 unpacked bytes for one sent"):
        budget.take_bytes(1)


def test_fewer_holes_may_come_of_very_little() -> None:
    budget = a_budget(sent_bytes=1000)
    budget.take_bytes(100 << 20)
    budget.take_hole(64 << 20)

    with pytest.raises(OverBudget, match="50 unpacked bytes for one sent"):
        budget.take_hole(1)


def test_holes_are_bytes() -> None:
    budget = a_budget()
    budget.take_hole(1 << 30)

    assert budget.bytes_left == 9 << 30


def test_time_runs_out() -> None:
    times = iter([0.0, 5.0, 10.1])
    budget = a_budget(lambda: next(times))
    budget.take_bytes(1)

    with pytest.raises(OverBudget, match="10 seconds"):
        budget.take_bytes(1)


def test_time_runs_from_the_beginning_to_the_last_moment() -> None:
    times = iter([1000.0, 1010.0, 1010.1])
    budget = a_budget(lambda: next(times))
    budget.take_time()

    with pytest.raises(OverBudget, match="10 seconds"):
        budget.take_time()


def test_archives_lie_in_one_another_only_so_deep() -> None:
    a_budget().take_depth(3)

    with pytest.raises(OverBudget, match="3 archives"):
        a_budget().take_depth(4)
