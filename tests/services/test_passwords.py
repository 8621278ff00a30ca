"""How often an address may be wrong."""

from datetime import timedelta

import pytest

from filemanager.domain.requests.passwords import TooManyWrongPasswords
from filemanager.services.passwords import WrongPasswords
from worlds.stored import World

HOME, ELSEWHERE = "192.0.2.1", "192.0.2.2"


def test_an_address_may_be_wrong_so_often_in_a_minute(world: World) -> None:
    wrong = WrongPasswords(world.database, world.clock, limit=2)
    wrong.count(HOME)
    wrong.ensure_few(HOME)
    world.clock.turn(timedelta(seconds=20))
    wrong.count(HOME)

    with pytest.raises(TooManyWrongPasswords) as refused:
        wrong.ensure_few(HOME)
    wrong.ensure_few(ELSEWHERE)
    world.clock.turn(timedelta(seconds=40))
    wrong.ensure_few(HOME)

    assert refused.value.retry_after_seconds == 40


def test_nodes_count_together(world: World) -> None:
    one, other = (WrongPasswords(world.database, world.clock, limit=2) for _ in range(2))
    one.count(HOME)
    other.count(HOME)

    with pytest.raises(TooManyWrongPasswords):
        one.ensure_few(HOME)
