"""Sources in memory, and what looks after them."""

import pytest

from worlds.source_desk import SourceDesk
from worlds.stored import World


@pytest.fixture
def desk(world: World) -> SourceDesk:
    return SourceDesk(world)
