"""Owners are blocked and let in again."""

import pytest

from filemanager.domain.errors import Malformed
from filemanager.services.sources.blocking import OwnerBlocking
from worlds.stored import World


def test_an_owner_is_blocked_until_let_in_again(world: World) -> None:
    blocking = OwnerBlocking(world.database, world.clock)

    blocking.block("issuer:alice")

    with world.database.read() as tx:
        assert tx.blocked_owners.holds("issuer:alice")
    assert blocking.unblock("issuer:alice")
    assert not blocking.unblock("issuer:alice")


@pytest.mark.parametrize("owner", ["alice", "", "*", ":alice", "issuer:"])
def test_what_names_no_owner_is_refused(world: World, owner: str) -> None:
    blocking = OwnerBlocking(world.database, world.clock)

    with pytest.raises(Malformed):
        blocking.block(owner)
    with pytest.raises(Malformed):
        blocking.unblock(owner)
