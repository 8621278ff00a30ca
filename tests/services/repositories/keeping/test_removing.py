"""Removing packages: by their number, and by the path of their file."""

import pytest

from builders.debian import FILES, a_deb, a_dsc
from builders.rpms import an_rpm, tags_of
from filemanager.domain.caller import Caller, Scope
from filemanager.domain.errors import InsufficientScope, ResourceChanged
from filemanager.domain.repositories.errors import PackagePart, PackageUnknown, RepositoryUnknown
from filemanager.domain.repositories.repository import PackageId
from filemanager.domain.requests.preconditions import Preconditions
from filemanager.domain.trees.errors import FileNotFound
from worlds.keeping import READER, STRANGER, Keeper, bound_to
from worlds.repositories import ADMIN, EL7, FOCAL, PUBLISHER, Depot

TINY = "tiny_1.0-1_amd64.deb"
ARM = "tiny_1.0-1_arm64.deb"
POOL = "live/2.8/ubuntu/pool/focal/main/t/tiny"
INDEX = "live/2.8/ubuntu/dists/focal/main/binary-{}/Packages"
BOTH = {TINY: a_deb(), ARM: a_deb({"Architecture": "arm64"})}


def test_a_removed_package_is_in_no_index_any_more(keeper: Keeper, depot: Depot) -> None:
    keeper.publish({TINY: a_deb(), "other_1.0-1_amd64.deb": a_deb({"Package": "other"})})

    pushed = keeper.removal.remove(ADMIN, FOCAL, keeper.package("tiny").id)
    depot.publish()

    assert depot.pushing.is_published([pushed])
    assert b"Package: tiny" not in depot.read(INDEX.format("amd64"))
    assert depot.read(f"@1/{POOL}/{TINY}") == a_deb()
    assert keeper.living() == ["other 1.0-1 amd64"]
    assert f"Removed tiny 1.0-1 (amd64) from '{FOCAL}' [root]." in keeper.log()


def test_a_file_that_another_package_needs_stays(keeper: Keeper, depot: Depot) -> None:
    second = {
        "tiny_1.0.orig.tar.xz": FILES["tiny_1.0.orig.tar.xz"],
        "tiny_1.0-2.debian.tar.xz": b"newer",
    }
    keeper.publish({"tiny_1.0-1.dsc": a_dsc(), **FILES})
    keeper.publish({"tiny_1.0-2.dsc": a_dsc({"Version": "1.0-2"}, second), **second})

    keeper.removal.remove_file(ADMIN, f"{POOL}/tiny_1.0-1.dsc")
    depot.publish()

    assert keeper.living() == ["tiny 1.0-2 source"]
    assert depot.names(POOL) == [
        "tiny_1.0-2.debian.tar.xz",
        "tiny_1.0-2.dsc",
        "tiny_1.0.orig.tar.xz",
    ]


def test_a_file_that_only_belongs_to_a_package_is_not_removed(keeper: Keeper) -> None:
    keeper.publish({"tiny_1.0-1.dsc": a_dsc(), **FILES})

    with pytest.raises(PackagePart, match=r"tiny_1\.0\.orig\.tar\.xz"):
        keeper.removal.remove_file(ADMIN, f"{POOL}/tiny_1.0.orig.tar.xz")

    assert keeper.living() == ["tiny 1.0-1 source"]


@pytest.mark.parametrize("directory", ["x86_64", "aarch64"])
def test_a_package_is_removed_by_any_path_of_its_file(keeper: Keeper, directory: str) -> None:
    name = "tiny-1.0-1.noarch.rpm"
    keeper.publish({name: an_rpm(tags_of(arch="noarch"))}, EL7)

    keeper.removal.remove_file(ADMIN, f"{EL7}/{directory}/Packages/{name}")

    assert keeper.living(EL7) == []


@pytest.mark.parametrize(
    "asked",
    [
        f"{POOL}/other.deb",
        POOL,
        f"@1/{POOL}/{TINY}",
        "live/2.8",
        FOCAL,
        "live/2.8/ubuntu/dists/focal/Release",
    ],
)
def test_where_no_package_is_nothing_is_removed(keeper: Keeper, asked: str) -> None:
    keeper.publish({TINY: a_deb()})

    with pytest.raises((FileNotFound, RepositoryUnknown)):
        keeper.removal.remove_file(ADMIN, asked)

    assert keeper.living() == ["tiny 1.0-1 amd64"]


def test_to_remove_once_more_changes_nothing(keeper: Keeper) -> None:
    keeper.publish({TINY: a_deb()})
    package = keeper.package("tiny")
    first = keeper.removal.remove(ADMIN, FOCAL, package.id)

    assert keeper.removal.remove(ADMIN, FOCAL, package.id) == first


def test_an_unknown_package_is_told(keeper: Keeper) -> None:
    keeper.publish({TINY: a_deb()})

    with pytest.raises(PackageUnknown):
        keeper.removal.remove(ADMIN, FOCAL, PackageId(99))
    with pytest.raises(RepositoryUnknown):
        keeper.removal.remove(ADMIN, "live/2.8/ubuntu/jammy", PackageId(1))


def test_a_package_in_another_state_is_not_removed(keeper: Keeper, depot: Depot) -> None:
    depot.push({TINY: a_deb()})
    seen = keeper.package("tiny").state
    depot.publish()
    (tag,) = seen.tags

    with pytest.raises(ResourceChanged):
        keeper.removal.remove(
            ADMIN, FOCAL, keeper.package("tiny").id, Preconditions(if_match=frozenset({tag}))
        )

    assert keeper.living() == ["tiny 1.0-1 amd64"]


@pytest.mark.parametrize(
    "caller", [STRANGER, READER, PUBLISHER, bound_to("release", Scope.REPOSITORY_ADMIN)]
)
def test_only_admins_remove(keeper: Keeper, caller: Caller) -> None:
    keeper.publish({TINY: a_deb()})
    package = keeper.package("tiny")

    with pytest.raises(InsufficientScope):
        keeper.removal.remove(caller, FOCAL, package.id)
    with pytest.raises(InsufficientScope):
        keeper.removal.remove_file(caller, f"{POOL}/{TINY}")

    assert keeper.package("tiny") == package


def test_who_may_not_read_a_private_repository_is_not_told_of_it(keeper: Keeper) -> None:
    keeper.publish({TINY: a_deb()})
    package = keeper.package("tiny")
    keeper.hide()

    with pytest.raises(RepositoryUnknown):
        keeper.removal.remove(STRANGER, FOCAL, package.id)
    with pytest.raises(InsufficientScope):
        keeper.removal.remove(READER, FOCAL, package.id)
    keeper.removal.remove(bound_to("live", Scope.REPOSITORY_ADMIN), FOCAL, package.id)


def test_a_removed_version_may_come_again(keeper: Keeper, depot: Depot) -> None:
    keeper.publish(BOTH)
    keeper.removal.remove_file(ADMIN, f"{POOL}/{TINY}")
    depot.publish()

    again = a_deb({"Description": "other"})
    keeper.publish({TINY: again})

    assert depot.read(f"{POOL}/{TINY}") == again
    assert depot.read(f"@1/{POOL}/{TINY}") == BOTH[TINY]
    assert keeper.living() == ["tiny 1.0-1 amd64", "tiny 1.0-1 arm64"]
