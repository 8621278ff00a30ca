"""What is remembered of passwords, and for how long."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from filemanager.api.repositories.passwords import Account, PasswordVerifier
from filemanager.domain.caller import Caller
from filemanager.domain.requests.passwords import TooManyWrongPasswords, WrongPassword
from filemanager.services.passwords import WrongPasswords
from people.pushers import HASH, basic
from worlds.stored import World, new_world

RWS = Caller(issuer="rws", subject="rws", name="rws")
ADDRESS = "192.0.2.1"


@pytest.fixture
def world(tmp_path: Path, migrated_file: Path) -> Iterator[World]:
    with new_world(tmp_path / "world", migrated_file) as made:
        yield made


@pytest.fixture
def verifier(world: World) -> PasswordVerifier:
    wrong = WrongPasswords(world.database, world.clock, limit=1)
    return PasswordVerifier({"rws": Account(RWS, HASH)}, wrong, world.clock)


def test_one_that_was_right_is_remembered_for_five_minutes(
    world: World, verifier: PasswordVerifier
) -> None:
    """Shown by an address from which no more passwords are looked at."""
    world.clock.turn(timedelta(seconds=30))
    verifier.caller(basic(), ADDRESS)
    world.clock.turn(timedelta(minutes=4, seconds=59))
    with pytest.raises(WrongPassword):
        verifier.caller(basic(password="wrong"), ADDRESS)

    remembered = verifier.caller(basic(), ADDRESS)
    world.clock.turn(timedelta(milliseconds=999))
    still = verifier.caller(basic(), ADDRESS)
    world.clock.turn(timedelta(milliseconds=1))

    assert remembered == still == RWS
    with pytest.raises(TooManyWrongPasswords):
        verifier.caller(basic(), ADDRESS)


def test_one_that_was_wrong_is_not(verifier: PasswordVerifier) -> None:
    with pytest.raises(WrongPassword):
        verifier.caller(basic(password="wrong"), ADDRESS)

    with pytest.raises(TooManyWrongPasswords):
        verifier.caller(basic(password="wrong"), ADDRESS)


def test_many_at_once_are_wrong_as_often_as_they_may_be(verifier: PasswordVerifier) -> None:
    def refused(_: int) -> type[Exception]:
        with pytest.raises((WrongPassword, TooManyWrongPasswords)) as told:
            verifier.caller(basic(password="wrong"), ADDRESS)
        return told.type

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(refused, range(8)))

    assert sorted(found, key=str) == [TooManyWrongPasswords] * 7 + [WrongPassword]
