"""Moving repositories to another database and store."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from builders.debian import FILES, a_deb, a_dsc
from builders.rpms import an_rpm
from filemanager.domain.repositories.errors import PackagePurged
from worlds.keeping import Keeper
from worlds.repositories import ADMIN, EL7, FOCAL, PUBLISHER, Depot
from worlds.stored import World
from worlds.transfers import bring, export

TINY = "tiny_1.0-1_amd64.deb"
SUITE = "live/2.8/ubuntu/dists/focal"
POOL = "live/2.8/ubuntu/pool/focal/main/t/tiny"
READ = [
    f"{SUITE}/InRelease", f"{SUITE}/main/binary-amd64/Packages.gz", f"{POOL}/{TINY}",
    f"@1/{SUITE}/Release", f"@stable/{SUITE}/main/source/Sources", f"@stable/{POOL}/tiny_1.0-1.dsc",
    f"{EL7}/x86_64/repodata/repomd.xml", f"{EL7}/x86_64/Packages/tiny-1.0-1.x86_64.rpm",
]  # fmt: skip


def a_named(name: str) -> dict[str, bytes]:
    return {f"{name}_1.0-1_amd64.deb": a_deb({"Package": name})}


@pytest.fixture
def filled(world: World) -> Keeper:
    """Publications, a snapshot, a package that was purged, and one that nobody has seen yet."""
    keeper = Keeper(Depot(world))
    keeper.publish({TINY: a_deb(), "tiny_1.0-1.dsc": a_dsc(), **FILES, **a_named("secret")})
    keeper.snapshots.create(PUBLISHER, FOCAL, "stable")
    keeper.purging.purge(ADMIN, FOCAL, keeper.package("secret").id)
    keeper.publish({"tiny-1.0-1.x86_64.rpm": an_rpm()}, EL7)
    keeper.depot.push(a_named("waiting"))
    return keeper


def test_everything_is_read_in_the_other_place_as_here(
    filled: Keeper, worlds: Iterator[World], tmp_path: Path
) -> None:
    here, there = filled.depot, Depot(next(worlds))

    export(here.world, tmp_path / "export")
    bring(tmp_path / "export", there.world)

    for path in READ:
        assert there.read(path) == here.read(path)
    with pytest.raises(PackagePurged):
        there.read("@stable/live/2.8/ubuntu/pool/focal/main/t/tiny/secret_1.0-1_amd64.deb")
    assert there.world.problems() == []


def test_work_goes_on_in_the_other_place(
    filled: Keeper, worlds: Iterator[World], tmp_path: Path
) -> None:
    there = Keeper(Depot(next(worlds)))
    export(filled.depot.world, tmp_path / "export")
    bring(tmp_path / "export", there.depot.world)

    there.publish(a_named("later"))

    assert there.living() == sorted([*filled.living(), "later 1.0-1 amd64"])
    index = there.depot.read(f"{SUITE}/main/binary-amd64/Packages")
    assert index.count(b"Package: ") == 3
    assert there.depot.world.problems() == []
