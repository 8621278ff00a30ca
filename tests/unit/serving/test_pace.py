"""Slow bodies and answers: what ends them, and who goes where there are too many."""

from collections.abc import Sequence

import pytest
from werkzeug.exceptions import RequestTimeout

from filemanager.api.http.context import OWNER
from filemanager.domain.errors import TooSlow
from filemanager.serving.crowd import Crowd
from filemanager.serving.pace import Clients, Pace
from filemanager.serving.patience import SLOW_OF_ONE, Patience

PATIENCE = Patience(
    threads=8, header_seconds=10, stall_seconds=60, min_rate_bytes=1000, slow_bodies=100
)


class Unconcerned:
    def pause(self) -> None: ...
    def resume(self) -> None: ...


class Place:
    """Requests of one process, by owner or by address."""

    def __init__(self) -> None:
        self.clients = Clients(PATIENCE, Crowd(PATIENCE.slow_bodies), Unconcerned(), lambda: 0.0)

    def pace(self, owner: str | None = None, address: str = "192.0.2.1") -> Pace:
        made = Pace(self.clients)
        made.environ = {OWNER: owner, "REMOTE_ADDR": address}
        return made

    def slow(self, count: int, owner: str, rate: int = 5000) -> list[Pace]:
        made = [self.pace(owner) for _ in range(count)]
        for one in made:
            one.wait(1.0, rate)
        return made


@pytest.fixture
def place() -> Place:
    return Place()


def waited(pace: Pace, bytes_of_seconds: Sequence[int]) -> int:
    """How many seconds passed until it was ended; each moves so many bytes."""
    moved = 0
    for second, more in enumerate(bytes_of_seconds):
        moved += more
        try:
            pace.wait(1.0, moved)
        except RequestTimeout:
            return second + 1
    return len(bytes_of_seconds)


@pytest.mark.parametrize(
    ("bytes_of_seconds", "ends_after"),
    [
        ([0] * 100, 60),
        ([1] * 100, 60),
        ([999] * 100, 60),
        ([1000] * 1000, 1000),
        ([120_000, *[0] * 100], 61),
        ([60_000, *[0] * 58, 1] * 5, 300),
        ([100_000, *[10] * 200], 120),
    ],
)
def test_a_minute_must_move_its_bytes(
    place: Place, bytes_of_seconds: list[int], ends_after: int
) -> None:
    assert waited(place.pace(), bytes_of_seconds) == ends_after


def test_the_slowest_of_an_owner_goes(place: Place) -> None:
    slowest = place.slow(1, "alice", rate=10)[0]
    others = place.slow(SLOW_OF_ONE, "alice")

    assert slowest.is_unwanted
    assert not any(one.is_unwanted for one in others)
    with pytest.raises(TooSlow):
        slowest.wait(0.0, 10)


def test_the_newest_goes_where_it_is_the_slowest(place: Place) -> None:
    others = place.slow(SLOW_OF_ONE, "alice")

    with pytest.raises(TooSlow):
        place.slow(1, "alice", rate=10)

    assert not any(one.is_unwanted for one in others)


def test_owners_have_room_of_their_own_behind_one_address(place: Place) -> None:
    slow = [*place.slow(50, "alice"), *place.slow(50, "bob")]

    assert not any(one.is_unwanted for one in slow)


def test_an_address_counts_where_nobody_says_who_asks(place: Place) -> None:
    paces = [place.pace(address="192.0.2.7") for _ in range(SLOW_OF_ONE + 1)]
    for rate, one in enumerate(reversed(paces[1:])):
        one.wait(1.0, 1000 + rate)

    with pytest.raises(TooSlow):
        paces[0].wait(1.0, 1)


def test_the_slowest_of_all_goes_where_all_are_too_many(place: Place) -> None:
    slow = [*place.slow(1, "alice", rate=10), *place.slow(49, "alice"), *place.slow(51, "bob")]

    assert [one.is_unwanted for one in slow] == [True, *[False] * 100]


def test_who_has_ended_makes_room(place: Place) -> None:
    for one in place.slow(SLOW_OF_ONE, "alice"):
        one.end()

    assert not any(one.is_unwanted for one in place.slow(SLOW_OF_ONE, "alice"))


def test_who_never_waits_for_a_second_is_never_counted(place: Place) -> None:
    for _ in range(500):
        place.pace("alice").wait(0.9, 0)

    assert not place.slow(1, "alice")[0].is_unwanted
