"""A study with one source, whose curator reads it."""

import pytest

from worlds.packages import Study
from worlds.stored import World


@pytest.fixture
def study(world: World) -> Study:
    made = Study(world)
    made.connect()
    return made
