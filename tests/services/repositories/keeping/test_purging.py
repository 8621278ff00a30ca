"""Purging packages: gone at once, from everywhere, for good."""

import pytest

from builders.debian import FILES, a_deb, a_dsc
from builders.rpms import an_rpm, tags_of
from filemanager.domain.caller import Caller
from filemanager.domain.errors import InsufficientScope, ResourceChanged
from filemanager.domain.ids import digest_of
from filemanager.domain.repositories.errors import (
    PackagePart,
    PackagePurged,
    PackageUnknown,
    RepositoryUnknown,
)
from filemanager.domain.repositories.repository import PackageId
from filemanager.domain.requests.preconditions import Preconditions
from filemanager.domain.trees.errors import FileNotFound
from filemanager.services.repositories.keeping.promoting import Promotion
from worlds.keeping import READER, STRANGER, Keeper
from worlds.repositories import ADMIN, EL7, FOCAL, PUBLISHER, Depot
from worlds.stored import GRACE

TINY = "tiny_1.0-1_amd64.deb"
ROOT = "live/2.8/ubuntu"
POOL = f"{ROOT}/pool/focal/main/t/tiny"
INDEX = f"{ROOT}/dists/focal/main/binary-amd64/Packages"
JAMMY = "release/2.8/ubuntu/jammy"
BYTES = a_deb()


def a_named(name: str) -> dict[str, bytes]:
    return {f"{name}_1.0-1_amd64.deb": a_deb({"Package": name})}


def is_stored(depot: Depot, data: bytes) -> bool:
    return digest_of(data) in depot.world.digests()


def sweep(depot: Depot) -> None:
    """As soon as a sweep may drop what nobody needs."""
    for _ in range(2):
        depot.world.clock.turn(GRACE)
        depot.world.sweeper.sweep()


@pytest.fixture
def purged(keeper: Keeper) -> Keeper:
    """A package that two publications and a snapshot held, and whose purge is not published."""
    keeper.publish({TINY: BYTES})
    keeper.snapshots.create(PUBLISHER, FOCAL, "stable")
    keeper.publish(a_named("other"))
    keeper.purging.purge(ADMIN, FOCAL, keeper.package("tiny").id)
    return keeper


@pytest.mark.usefixtures("purged")
@pytest.mark.parametrize("edition", ["", "@1/", "@2/", "@stable/"])
def test_its_bytes_are_given_out_no_more_at_any_address(depot: Depot, edition: str) -> None:
    path = f"{edition}{POOL}/{TINY}"

    with pytest.raises(PackagePurged):
        depot.read(path)
    depot.publish()
    with pytest.raises(PackagePurged):
        depot.read(path)
    sweep(depot)
    with pytest.raises(PackagePurged):
        depot.read(path)


def test_the_next_publication_is_without_it(purged: Keeper, depot: Depot) -> None:
    depot.publish()

    assert purged.living() == ["other 1.0-1 amd64"]
    assert b"Package: tiny" not in depot.read(INDEX)
    assert b"Package: tiny" in depot.read(f"@stable/{INDEX}")
    assert f"Purged tiny 1.0-1 (amd64) from '{FOCAL}' [root]." in purged.log()


def test_its_bytes_go_though_a_snapshot_held_them(purged: Keeper, depot: Depot) -> None:
    depot.publish()
    assert is_stored(depot, BYTES)

    sweep(depot)

    assert not is_stored(depot, BYTES)
    assert depot.world.problems() == []
    assert depot.read(f"@stable/{ROOT}/dists/focal/Release")
    assert [one.publication.revision for one in purged.history.publications(None, FOCAL, None, 9)]


def test_its_bytes_stay_where_another_repository_has_them(keeper: Keeper, depot: Depot) -> None:
    keeper.publish({TINY: BYTES})
    keeper.promotion.promote(PUBLISHER, Promotion(source=FOCAL, target=JAMMY, edition="1"))
    depot.publish()

    keeper.purging.purge(ADMIN, FOCAL, keeper.package("tiny").id)
    depot.publish()
    sweep(depot)

    assert depot.read(f"release/2.8/ubuntu/pool/jammy/main/t/tiny/{TINY}") == BYTES


def test_a_file_that_another_package_needed_stays(keeper: Keeper, depot: Depot) -> None:
    second = {
        "tiny_1.0.orig.tar.xz": FILES["tiny_1.0.orig.tar.xz"],
        "tiny_1.0-2.debian.tar.xz": b"newer",
    }
    keeper.publish({"tiny_1.0-1.dsc": a_dsc(), **FILES})
    keeper.publish({"tiny_1.0-2.dsc": a_dsc({"Version": "1.0-2"}, second), **second})

    keeper.purging.purge_file(ADMIN, f"{POOL}/tiny_1.0-1.dsc")
    depot.publish()
    sweep(depot)

    assert depot.read(f"{POOL}/tiny_1.0.orig.tar.xz") == FILES["tiny_1.0.orig.tar.xz"]
    for edition in ("", "@1/"):
        for name in ("tiny_1.0-1.dsc", "tiny_1.0-1.debian.tar.xz"):
            with pytest.raises(PackagePurged):
                depot.read(f"{edition}{POOL}/{name}")


def test_what_was_removed_before_is_purged_too(keeper: Keeper, depot: Depot) -> None:
    keeper.publish({TINY: BYTES})
    removed = keeper.package("tiny")
    keeper.removal.remove(ADMIN, FOCAL, removed.id)
    depot.publish()
    before = keeper.repository()

    keeper.purging.purge(ADMIN, FOCAL, removed.id)

    assert keeper.repository() == before
    with pytest.raises(PackagePurged):
        depot.read(f"@1/{POOL}/{TINY}")


def test_every_life_of_the_same_bytes_is_purged(keeper: Keeper, depot: Depot) -> None:
    keeper.publish({TINY: BYTES})
    keeper.removal.remove(ADMIN, FOCAL, keeper.package("tiny").id)
    depot.publish()
    keeper.publish({TINY: BYTES})

    keeper.purging.purge(ADMIN, FOCAL, keeper.package("tiny").id)
    depot.publish()
    sweep(depot)

    assert not is_stored(depot, BYTES)


def test_it_does_not_come_back(purged: Keeper, depot: Depot) -> None:
    depot.publish()

    with pytest.raises(PackagePurged):
        depot.push({TINY: BYTES})
    purged.restoring.restore(ADMIN, FOCAL, "stable")
    purged.promotion.promote(PUBLISHER, Promotion(source=FOCAL, target=JAMMY, edition="stable"))

    assert purged.living() == purged.living(JAMMY) == []


def test_other_bytes_may_come_in_its_place(purged: Keeper, depot: Depot) -> None:
    depot.publish()
    better = a_deb({"Description": "without the secret"})

    purged.publish({TINY: better})

    assert depot.read(f"{POOL}/{TINY}") == better
    with pytest.raises(PackagePurged):
        depot.read(f"@stable/{POOL}/{TINY}")


def test_what_nobody_has_seen_is_purged(keeper: Keeper, depot: Depot) -> None:
    depot.push({TINY: BYTES})
    used = keeper.usage()

    keeper.purging.purge(ADMIN, FOCAL, keeper.package("tiny").id)
    depot.publish()
    sweep(depot)

    assert not is_stored(depot, BYTES)
    assert keeper.usage().used_bytes < used.used_bytes + 4 * 4096
    with pytest.raises(PackagePurged):
        depot.read(f"{POOL}/{TINY}")


def test_an_rpm_of_two_directories_is_purged_from_both(keeper: Keeper, depot: Depot) -> None:
    name = "tiny-1.0-1.noarch.rpm"
    keeper.publish({name: an_rpm(tags_of(arch="noarch"))}, EL7)

    keeper.purging.purge_file(ADMIN, f"{EL7}/aarch64/Packages/{name}")

    for arch in ("x86_64", "aarch64"):
        with pytest.raises(PackagePurged):
            depot.read(f"{EL7}/{arch}/Packages/{name}")


def test_what_is_no_package_is_not_purged(keeper: Keeper) -> None:
    keeper.publish({"tiny_1.0-1.dsc": a_dsc(), **FILES})

    with pytest.raises(PackagePart):
        keeper.purging.purge_file(ADMIN, f"{POOL}/tiny_1.0.orig.tar.xz")
    for asked in (f"{POOL}/x.deb", POOL, f"@1/{POOL}/tiny_1.0-1.dsc"):
        with pytest.raises(FileNotFound):
            keeper.purging.purge_file(ADMIN, asked)
    with pytest.raises(PackageUnknown):
        keeper.purging.purge(ADMIN, FOCAL, PackageId(99))

    assert keeper.living() == ["tiny 1.0-1 source"]


def test_to_purge_again_tells_that_it_was(keeper: Keeper, depot: Depot) -> None:
    keeper.publish({TINY: BYTES})
    tiny = keeper.package("tiny")
    keeper.purging.purge(ADMIN, FOCAL, tiny.id)

    for _ in range(2):
        with pytest.raises(PackagePurged):
            keeper.purging.purge(ADMIN, FOCAL, tiny.id)
        with pytest.raises(PackagePurged):
            keeper.purging.purge_file(ADMIN, f"{POOL}/{TINY}")
        with pytest.raises(PackagePurged):
            keeper.browser.package(None, FOCAL, tiny.id)
        depot.publish()
        sweep(depot)


@pytest.mark.parametrize("caller", [STRANGER, READER, PUBLISHER])
def test_only_admins_purge(keeper: Keeper, caller: Caller) -> None:
    keeper.publish({TINY: BYTES})
    package = keeper.package("tiny")

    with pytest.raises(InsufficientScope):
        keeper.purging.purge(caller, FOCAL, package.id)
    with pytest.raises(InsufficientScope):
        keeper.purging.purge_file(caller, f"{POOL}/{TINY}")
    keeper.hide()
    with pytest.raises(RepositoryUnknown):
        keeper.purging.purge(STRANGER, FOCAL, package.id)

    assert keeper.package("tiny") == package


def test_a_package_in_another_state_is_not_purged(keeper: Keeper) -> None:
    keeper.publish({TINY: BYTES})
    stale = Preconditions(if_match=frozenset({"0"}))

    with pytest.raises(ResourceChanged):
        keeper.purging.purge(ADMIN, FOCAL, keeper.package("tiny").id, stale)

    assert keeper.living() == ["tiny 1.0-1 amd64"]
