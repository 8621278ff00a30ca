"""Invitations, in a world of their own."""

import pytest

from worlds.invited import Inbox
from worlds.stored import World


@pytest.fixture
def inbox(world: World) -> Inbox:
    return Inbox(world)
