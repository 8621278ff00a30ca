"""Passwords of shares: how often one may be wrong, and who is let in all the same."""

from datetime import datetime, timedelta

import pytest

from filemanager.domain.packages.data_package import DataPackageId
from filemanager.domain.shares.errors import (
    TooManyWrongSharePasswords,
    WrongSharePassword,
)
from filemanager.domain.shares.share import Share
from filemanager.services.shares.opening import Guest
from filemanager.services.shares.passwords import SharePasswords
from worlds.shares import ELSEWHERE, HOME, Fair


@pytest.fixture
def share(fair: Fair, package_id: DataPackageId) -> Share:
    return fair.share(package_id, password="right")


def _try(fair: Fair, share: Share | None, password: str, guest: Guest = HOME) -> None:
    fair.passwords.ensure_right(share, password, guest.address)


def _fail(fair: Fair, share: Share | None, times: int, guest: Guest = HOME) -> None:
    for number in range(times):
        with pytest.raises(WrongSharePassword):
            _try(fair, share, f"wrong {number}", guest)


def test_five_wrong_ones_a_minute_of_an_address(fair: Fair, share: Share) -> None:
    _fail(fair, share, 5)

    with pytest.raises(TooManyWrongSharePasswords) as refused:
        _try(fair, share, "right")
    _try(fair, share, "right", ELSEWHERE)
    fair.study.world.clock.turn(timedelta(minutes=1))
    _try(fair, share, "right")

    assert refused.value.retry_after_seconds == 60


def test_right_ones_count_for_nothing(fair: Fair, share: Share) -> None:
    for number in range(20):
        fair.study.world.clock.turn(timedelta(minutes=6))
        _try(fair, share, "right")
        assert fair.hashes.looks == number + 1


def test_a_right_one_is_remembered_for_a_while_where_it_came_from(fair: Fair, share: Share) -> None:
    for _ in range(3):
        _try(fair, share, "right")
    _try(fair, share, "right", ELSEWHERE)

    assert fair.hashes.looks == 2


def test_a_hundred_wrong_ones_an_hour_close_a_share_to_new_addresses_alone(
    fair: Fair, share: Share
) -> None:
    _try(fair, share, "right")
    for number in range(20):
        _fail(fair, share, 5, Guest(f"203.0.113.{number}", ""))
    fair.study.world.clock.turn(timedelta(minutes=10))

    with pytest.raises(TooManyWrongSharePasswords) as refused:
        _try(fair, share, "right", ELSEWHERE)
    _try(fair, share, "right")
    _fail(fair, share, 5)
    fair.study.world.clock.turn(timedelta(minutes=50))
    _try(fair, share, "right", ELSEWHERE)

    assert refused.value.retry_after_seconds == 50 * 60


def test_a_password_is_looked_at_while_time_passes(fair: Fair, share: Share) -> None:
    def ticking() -> datetime:
        fair.study.world.clock.turn(timedelta(milliseconds=1))
        return fair.study.world.clock()

    passwords = SharePasswords(fair.study.world.database, fair.hashes, ticking)

    with pytest.raises(WrongSharePassword):
        passwords.ensure_right(share, "wrong", HOME.address)


def test_an_address_is_known_for_thirty_days(fair: Fair, share: Share) -> None:
    _try(fair, share, "right")
    fair.study.world.clock.turn(timedelta(days=30, seconds=1))
    for number in range(20):
        _fail(fair, share, 5, Guest(f"203.0.113.{number}", ""))

    with pytest.raises(TooManyWrongSharePasswords):
        _try(fair, share, "right")


def test_for_a_share_that_is_not_there_as_much_is_done(fair: Fair) -> None:
    _fail(fair, None, 5)

    with pytest.raises(TooManyWrongSharePasswords):
        _try(fair, None, "wrong")
    assert fair.hashes.looks == 5


def test_a_huge_password_is_wrong_at_no_cost(fair: Fair, share: Share) -> None:
    with pytest.raises(WrongSharePassword):
        _try(fair, share, "\u00e4" * 129)
    with pytest.raises(WrongSharePassword):
        _try(fair, share, "x" * 10_000_000)
