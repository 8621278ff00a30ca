"""What is kept of publications: for a while, and for as long as a pin says."""

from datetime import timedelta

import pytest

from builders.debian import a_deb
from builders.rpms import an_rpm, tags_of
from filemanager.domain.ids import Revision
from filemanager.domain.ports import Transaction
from filemanager.domain.repositories.errors import SnapshotUnknown
from filemanager.domain.repositories.repository import PURPOSE
from filemanager.domain.trees.errors import FileNotFound, RevisionPruned
from filemanager.domain.trees.history import Pin
from filemanager.services.upkeep.sweep import Keeping, Sweeper
from worlds.repositories import ADMIN, EL7, FOCAL, Depot
from worlds.stored import World

ROOT = "live/2.8/ubuntu"
SUITE = f"{ROOT}/dists/focal"
PACKAGES = f"{SUITE}/main/binary-amd64/Packages"
POOL = f"{ROOT}/pool/focal/main/t/tiny"
OLD, NEW = "tiny_1.0-1_amd64.deb", "tiny_2.0-1_amd64.deb"
HISTORY = timedelta(days=3)


@pytest.fixture
def depot(world: World) -> Depot:
    return Depot(world)


def remove(depot: Depot, version: str, path: str = FOCAL) -> None:
    def work(tx: Transaction) -> None:
        tree = tx.repositories.lock(path).tree.id
        found = tx.repositories.packages.living(tree, ["tiny"])
        ids = [one.id for one in found if one.version == version]
        tx.repositories.packages.remove(tree, ids, depot.world.clock())

    depot.world.database.write(work)


def exchange(depot: Depot) -> None:
    """Publish one version, then another in its place: publications 1 and 2."""
    depot.push({OLD: a_deb()})
    depot.publish()
    remove(depot, "1.0-1")
    depot.push({NEW: a_deb({"Version": "2.0-1"})})
    depot.publish()


def sweep(depot: Depot, *, later: timedelta) -> None:
    world = depot.world
    world.clock.turn(later)
    keeping = Keeping(
        grace=timedelta(hours=24),
        history=timedelta(days=1000),
        history_by_purpose={PURPOSE: HISTORY},
    )
    Sweeper(world.database, world.blobs, keeping, world.clock).sweep()


def pin(depot: Depot, revision: int, name: str) -> None:
    def work(tx: Transaction) -> None:
        tree = tx.repositories.lock(FOCAL).tree.id
        at = depot.world.clock()
        made = Pin(
            tree_id=tree, revision=Revision(revision), name=name, created_by="ann", created_at=at
        )
        tx.pins.add(made)

    depot.world.database.write(work)


def ensure_balanced(depot: Depot) -> None:
    with depot.world.database.read() as tx:
        assert tx.upkeep.unbalanced() == []


def test_what_has_gone_can_be_read_for_a_day_at_its_address(depot: Depot) -> None:
    exchange(depot)

    assert depot.read(f"{POOL}/{OLD}") == a_deb()
    assert depot.names(POOL) == [NEW]
    depot.world.clock.turn(timedelta(hours=24))

    with pytest.raises(FileNotFound):
        depot.read(f"{POOL}/{OLD}")
    assert depot.read(f"@1/{POOL}/{OLD}") == a_deb()


def test_an_old_publication_is_pruned_and_given_back(depot: Depot) -> None:
    exchange(depot)
    ensure_balanced(depot)
    newest = depot.read(f"{SUITE}/InRelease")

    sweep(depot, later=HISTORY - timedelta(hours=1))
    assert depot.read(f"@1/{POOL}/{OLD}") == a_deb()
    sweep(depot, later=timedelta(hours=2))

    with pytest.raises(RevisionPruned):
        depot.read(f"@1/{SUITE}/InRelease")
    assert depot.read(f"{SUITE}/InRelease") == depot.read(f"@2/{SUITE}/InRelease") == newest
    assert depot.read(f"{POOL}/{NEW}") == a_deb({"Version": "2.0-1"})
    ensure_balanced(depot)
    with depot.world.database.read() as tx:
        assert tx.rows.count("repository_packages") == tx.rows.count("repository_files") == 1


def test_a_snapshot_is_kept_whole(depot: Depot) -> None:
    exchange(depot)
    before = depot.read(f"@1/{SUITE}/InRelease"), depot.read(f"@1/{PACKAGES}.gz")
    pin(depot, 1, "first")

    for _ in range(2):
        sweep(depot, later=timedelta(days=100))

    assert depot.read(f"@first/{SUITE}/InRelease") == before[0]
    assert depot.read(f"@first/{PACKAGES}.gz") == before[1]
    assert depot.read(f"@1/{POOL}/{OLD}") == a_deb()
    ensure_balanced(depot)


@pytest.mark.parametrize("edition", ["3", "0", "9" * 200, "0" * 18 + "12", "none", "²"])
def test_a_publication_that_never_was_is_not_found(depot: Depot, edition: str) -> None:
    exchange(depot)

    with pytest.raises(SnapshotUnknown):
        depot.read(f"@{edition}/{SUITE}/InRelease")


def test_metadata_of_yum_is_kept_for_who_read_the_list_before(depot: Depot) -> None:
    depot.push({"tiny-1.0-1.x86_64.rpm": an_rpm()}, EL7, product=None)
    depot.publish()
    repodata = f"{EL7}/x86_64/repodata"
    first = [name for name in depot.names(repodata) if name.endswith("-primary.xml.gz")]
    depot.push({"other-1.0-1.x86_64.rpm": an_rpm(tags_of("other"))}, EL7, product=None)
    depot.publish()

    assert depot.read(f"{repodata}/{first[0]}")
    depot.world.clock.turn(timedelta(hours=24))
    with pytest.raises(FileNotFound):
        depot.read(f"{repodata}/{first[0]}")


def test_a_package_replaced_is_charged_until_it_is_pruned(depot: Depot) -> None:
    depot.push({OLD: a_deb()})
    depot.publish()
    depot.push({OLD: a_deb({"Description": "other"})}, caller=ADMIN, replaces=True)
    ensure_balanced(depot)
    depot.publish()
    ensure_balanced(depot)

    sweep(depot, later=HISTORY + timedelta(hours=1))

    ensure_balanced(depot)
