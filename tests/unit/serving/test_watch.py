"""Who watches the connections: one thread at a time, and never for longer than it looks at them."""

import threading
from collections.abc import Iterator

import pytest

from filemanager.serving.watch import Watch


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def borrowed(watch: Watch) -> Iterator[Watch]:
    """Taken by this thread."""
    watch.take(watch.lend())
    yield watch
    watch.give_back()


def elsewhere(asked: object) -> None:
    """In another thread, which is waited for."""
    thread = threading.Thread(target=asked)  # type: ignore[arg-type]  # called as it is
    thread.start()
    thread.join()


def test_it_is_lent_to_one_at_a_time(watch: Watch) -> None:
    assert watch.lend()

    assert not watch.lend()


def test_only_who_took_it_has_it(borrowed: Watch) -> None:
    found = []
    elsewhere(lambda: found.append(borrowed.is_mine))

    assert borrowed.is_mine
    assert found == [False]


def test_the_poller_waits_for_who_looks_at_connections(borrowed: Watch) -> None:
    for _ in range(3):
        borrowed.looked()
        assert not borrowed.is_back()

    assert borrowed.is_mine


def test_the_poller_takes_it_from_who_looks_at_none(borrowed: Watch) -> None:
    borrowed.is_back()

    assert borrowed.is_back()
    assert not borrowed.is_mine


def test_it_comes_back_at_once(watch: Watch) -> None:
    def have_it_for_a_while() -> None:
        watch.take(watch.lend())
        watch.looked()
        watch.give_back()

    elsewhere(have_it_for_a_while)

    assert watch.is_back()
    assert not watch.is_lent


def test_who_does_not_have_it_has_nothing_to_give(borrowed: Watch) -> None:
    elsewhere(borrowed.give_back)

    assert borrowed.is_mine


def test_a_lease_that_was_taken_away_is_worth_nothing(watch: Watch) -> None:
    late = watch.lend()
    while not watch.is_back():
        """Nobody takes it."""
    assert watch.lend()

    watch.take(late)

    assert not watch.is_mine


@pytest.mark.parametrize("rounds", [2])
def test_it_can_be_lent_again_however_it_came_back(watch: Watch, rounds: int) -> None:
    for _ in range(rounds):
        watch.take(watch.lend())
        watch.give_back()
        watch.take(watch.lend())
        while not watch.is_back():
            """It is not looked at."""
        watch.give_back()

    assert watch.lend()
