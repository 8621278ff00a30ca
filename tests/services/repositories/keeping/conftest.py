"""A depot and somebody who looks after it."""

import pytest

from worlds.keeping import Keeper
from worlds.repositories import Depot
from worlds.stored import World


@pytest.fixture
def depot(world: World) -> Depot:
    return Depot(world)


@pytest.fixture
def keeper(depot: Depot) -> Keeper:
    return Keeper(depot)
