"""The bucket that clients read follows what is published."""

import pytest

from builders.debian import a_deb
from worlds.mirrors import APT, Mirror, directory_bucket
from worlds.stored import World

TINY = "tiny_1.0-1_amd64.deb"
OTHER = "other_1.0-1_amd64.deb"


@pytest.fixture
def mirror(world: World) -> Mirror:
    return Mirror(world, directory_bucket(world))


def test_it_works(mirror: Mirror) -> None:
    deb = a_deb()
    mirror.depot.push({TINY: deb})

    mirror.depot.publish()

    assert mirror.names_of_apt() == ["tiny"]
    assert mirror.read(f"{APT}/pool/focal/main/t/tiny/{TINY}") == deb
