"""The local user: how many passwords are looked at."""

from contextlib import suppress
from dataclasses import dataclass

import pytest

from filemanager.domain.requests.passwords import TooManyWrongPasswords
from filemanager.domain.sessions.errors import SignInRefused
from filemanager.services.sessions.local_user import LocalUser
from worlds.shares import PlainHashes
from worlds.stored import World

RIGHT = "open sesame"


@dataclass
class Crowded(PlainHashes):
    """While a password is looked at, the next one comes from the same address."""

    user: LocalUser | None = None

    def fits(self, known: str | None, password: str) -> bool:
        fits = super().fits(known, password)
        if self.user is not None and self.looks < 30:
            with suppress(SignInRefused, TooManyWrongPasswords):
                self.user.sign_in("wrong", "192.0.2.1")
        return fits


def test_of_many_passwords_at_once_ten_are_looked_at(world: World) -> None:
    hashes = Crowded()
    hashes.user = LocalUser(world.database, hashes, world.clock, RIGHT)

    with pytest.raises(SignInRefused):
        hashes.user.sign_in("wrong", "192.0.2.1")

    assert hashes.looks == 10


def test_the_addresses_of_one_computer_are_one(world: World) -> None:
    hashes = PlainHashes()
    user = LocalUser(world.database, hashes, world.clock, RIGHT)
    for number in range(20):
        with pytest.raises((SignInRefused, TooManyWrongPasswords)):
            user.sign_in("wrong", f"2001:db8::{number:x}")

    assert hashes.looks == 10


def test_right_passwords_count_for_nothing(world: World) -> None:
    user = LocalUser(world.database, PlainHashes(), world.clock, RIGHT)

    signed_in = [user.sign_in(RIGHT, "192.0.2.1").name for _ in range(20)]

    assert signed_in == ["admin"] * 20
