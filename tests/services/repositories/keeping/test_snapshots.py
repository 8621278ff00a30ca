"""Names for publications, which keep what they held."""

import pytest

from builders.debian import a_deb
from filemanager.domain.caller import Caller, Scope
from filemanager.domain.errors import InsufficientScope, ResourceChanged
from filemanager.domain.repositories.errors import (
    RepositoryUnknown,
    SnapshotExists,
    SnapshotUnknown,
)
from filemanager.domain.repositories.snapshots import SnapshotNameRefused
from filemanager.domain.requests.preconditions import Preconditions
from filemanager.domain.trees.errors import RevisionPruned
from worlds.keeping import READER, STRANGER, Keeper, bound_to
from worlds.repositories import ADMIN, FOCAL, PUBLISHER, Depot
from worlds.stored import LONG

TINY = "tiny_1.0-1_amd64.deb"
ROOT = "live/2.8/ubuntu"
INDEX = f"{ROOT}/dists/focal/main/binary-amd64/Packages"
POOL = f"{ROOT}/pool/focal/main/t/tiny"


def a_named(name: str) -> dict[str, bytes]:
    return {f"{name}_1.0-1_amd64.deb": a_deb({"Package": name})}


def test_a_snapshot_is_read_in_place_of_a_publication(keeper: Keeper, depot: Depot) -> None:
    keeper.publish({TINY: a_deb()})
    then = depot.read(INDEX)

    made = keeper.snapshots.create(PUBLISHER, FOCAL, "stable")
    keeper.publish(a_named("new"))

    assert (made.name, made.revision, made.created_by) == ("stable", 1, "rws:ann")
    assert depot.read(f"@stable/{INDEX}") == depot.read(f"@1/{INDEX}") == then
    assert depot.read(f"@stable/{POOL}/{TINY}") == a_deb()
    assert depot.names(f"@stable/{ROOT}/pool/focal/main/t/tiny") == [TINY]
    assert f"Made the snapshot 'stable' of '{FOCAL}' at 1 [ann]." in keeper.log()


def test_an_earlier_publication_gets_a_name(keeper: Keeper) -> None:
    for name in ("a1", "b1", "c1"):
        keeper.publish(a_named(name))

    keeper.snapshots.create(PUBLISHER, FOCAL, "second", "2")
    keeper.snapshots.create(PUBLISHER, FOCAL, "again", "second")

    found = keeper.snapshots.of(None, FOCAL)
    assert [(one.name, one.revision) for one in found] == [("second", 2), ("again", 2)]


def test_what_a_snapshot_held_outlives_the_history(keeper: Keeper, depot: Depot) -> None:
    keeper.publish({TINY: a_deb()})
    then = depot.read(INDEX)
    keeper.snapshots.create(PUBLISHER, FOCAL, "stable")
    keeper.removal.remove(ADMIN, FOCAL, keeper.package("tiny").id)
    keeper.publish(a_named("new"))
    keeper.publish(a_named("newer"))

    for _ in range(2):
        depot.world.clock.turn(LONG)
        depot.world.sweeper.sweep()

    assert depot.read(f"@stable/{INDEX}") == then
    assert depot.read(f"@stable/{POOL}/{TINY}") == a_deb()
    with pytest.raises(RevisionPruned):
        depot.read(f"@2/{INDEX}")
    keeper.restoring.restore(ADMIN, FOCAL, "stable")
    depot.publish()
    assert depot.read(INDEX) == then


def test_without_its_name_what_it_held_goes(keeper: Keeper, depot: Depot) -> None:
    keeper.publish({TINY: a_deb()})
    keeper.snapshots.create(PUBLISHER, FOCAL, "stable")
    keeper.removal.remove(ADMIN, FOCAL, keeper.package("tiny").id)
    keeper.publish(a_named("new"))

    keeper.snapshots.delete(ADMIN, FOCAL, "stable")
    depot.world.sweep_twice()

    with pytest.raises(SnapshotUnknown):
        depot.read(f"@stable/{INDEX}")
    with pytest.raises(RevisionPruned):
        keeper.snapshots.create(PUBLISHER, FOCAL, "late", "1")
    assert len(depot.world.digests()) == 4
    assert f"Deleted the snapshot 'stable' of '{FOCAL}' [root]." in keeper.log()


@pytest.mark.parametrize("name", ["", "7", "1234", "-x", ".x", "a/b", "a b", "é", "a" * 65, "a\n"])
def test_a_name_that_an_address_could_not_tell_is_refused(keeper: Keeper, name: str) -> None:
    keeper.publish({TINY: a_deb()})

    with pytest.raises(SnapshotNameRefused):
        keeper.snapshots.create(PUBLISHER, FOCAL, name)


@pytest.mark.parametrize("name", ["2026-11-27", "v1.0", "1.0", "a" * 64, "x_y+z~1"])
def test_other_names_are_taken(keeper: Keeper, depot: Depot, name: str) -> None:
    keeper.publish({TINY: a_deb()})

    keeper.snapshots.create(PUBLISHER, FOCAL, name)

    assert depot.read(f"@{name}/{INDEX}") == depot.read(INDEX)


def test_a_name_is_given_once(keeper: Keeper) -> None:
    keeper.publish({TINY: a_deb()})
    first = keeper.snapshots.create(PUBLISHER, FOCAL, "stable")
    keeper.publish(a_named("new"))

    with pytest.raises(SnapshotExists):
        keeper.snapshots.create(PUBLISHER, FOCAL, "stable")

    assert keeper.snapshots.get(None, FOCAL, "stable") == first


def test_what_was_never_published_gets_no_name(keeper: Keeper, depot: Depot) -> None:
    with pytest.raises(RepositoryUnknown):
        keeper.snapshots.create(PUBLISHER, FOCAL, "stable")
    depot.push({TINY: a_deb()})
    for edition in (None, "1", "other"):
        with pytest.raises(SnapshotUnknown):
            keeper.snapshots.create(PUBLISHER, FOCAL, "stable", edition)


def test_a_snapshot_is_one_repositorys(keeper: Keeper, depot: Depot) -> None:
    keeper.publish({TINY: a_deb()})
    keeper.snapshots.create(PUBLISHER, FOCAL, "stable")
    keeper.publish(a_named("new"), "live/2.8/ubuntu/jammy")

    with pytest.raises(SnapshotUnknown):
        depot.read(f"@stable/{ROOT}/dists/jammy/Release")
    assert keeper.snapshots.of(None, "live/2.8/ubuntu/jammy") == []


@pytest.mark.parametrize("caller", [STRANGER, READER, bound_to("release", Scope.REPOSITORY_ADMIN)])
def test_only_publishers_make_snapshots(keeper: Keeper, caller: Caller) -> None:
    keeper.publish({TINY: a_deb()})

    with pytest.raises(InsufficientScope):
        keeper.snapshots.create(caller, FOCAL, "stable")

    assert keeper.snapshots.of(None, FOCAL) == []


def test_only_admins_delete_snapshots(keeper: Keeper) -> None:
    keeper.publish({TINY: a_deb()})
    made = keeper.snapshots.create(PUBLISHER, FOCAL, "stable")

    with pytest.raises(InsufficientScope):
        keeper.snapshots.delete(PUBLISHER, FOCAL, "stable")
    with pytest.raises(SnapshotUnknown):
        keeper.snapshots.delete(ADMIN, FOCAL, "other")

    assert keeper.snapshots.of(None, FOCAL) == [made]


def test_a_snapshot_that_was_made_anew_is_not_deleted(keeper: Keeper) -> None:
    keeper.publish({TINY: a_deb()})
    keeper.snapshots.create(PUBLISHER, FOCAL, "stable")
    other = Preconditions(if_match=frozenset({"0-0"}))

    with pytest.raises(ResourceChanged):
        keeper.snapshots.delete(ADMIN, FOCAL, "stable", other)


def test_the_snapshots_of_a_private_repository_are_its_readers(keeper: Keeper) -> None:
    keeper.publish({TINY: a_deb()})
    made = keeper.snapshots.create(PUBLISHER, FOCAL, "stable")
    keeper.hide()

    for caller in (None, STRANGER):
        with pytest.raises(RepositoryUnknown):
            keeper.snapshots.of(caller, FOCAL)
        with pytest.raises(RepositoryUnknown):
            keeper.snapshots.get(caller, FOCAL, "stable")
    with pytest.raises(RepositoryUnknown):
        keeper.snapshots.create(STRANGER, FOCAL, "other")
    assert keeper.snapshots.of(READER, FOCAL) == [made]
