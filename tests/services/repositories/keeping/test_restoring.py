"""Going back to an earlier publication."""

import pytest

from builders.debian import FILES, a_deb, a_dsc
from builders.rpms import an_rpm, tags_of
from filemanager.domain.caller import Caller
from filemanager.domain.errors import InsufficientScope, ResourceChanged
from filemanager.domain.quotas import QuotaExceeded
from filemanager.domain.repositories.errors import (
    PackageRefused,
    RepositoryUnknown,
    SnapshotUnknown,
)
from filemanager.domain.requests.preconditions import Preconditions
from filemanager.domain.trees.errors import RevisionPruned
from filemanager.services.repositories.keeping.rules import Rules
from worlds.keeping import READER, STRANGER, Keeper
from worlds.repositories import ADMIN, EL7, FOCAL, PUBLISHER, Depot
from worlds.stored import LONG

TINY = "tiny_1.0-1_amd64.deb"
POOL = "live/2.8/ubuntu/pool/focal/main/t/tiny"
INDEX = "live/2.8/ubuntu/dists/focal/main/binary-amd64/Packages"
SOURCES = "live/2.8/ubuntu/dists/focal/main/source/Sources"
OTHER_BYTES = a_deb({"Description": "other"})


def a_named(name: str) -> dict[str, bytes]:
    return {f"{name}_1.0-1_amd64.deb": a_deb({"Package": name})}


def test_the_packages_are_those_of_then(keeper: Keeper, depot: Depot) -> None:
    keeper.publish({**a_named("kept"), **a_named("old"), "tiny_1.0-1.dsc": a_dsc(), **FILES})
    then, sources = depot.read(INDEX), depot.read(SOURCES)
    for name in ("old", "tiny"):
        keeper.removal.remove(ADMIN, FOCAL, keeper.package(name).id)
    keeper.publish(a_named("new"))
    kept = keeper.package("kept")
    assert depot.read(INDEX) != then

    pushed = keeper.restoring.restore(ADMIN, FOCAL, "1")
    depot.publish()

    assert depot.pushing.is_published([pushed])
    assert (depot.read(INDEX), depot.read(SOURCES)) == (then, sources)
    assert keeper.package("kept") == kept
    for name, data in FILES.items():
        assert depot.read(f"{POOL}/{name}") == data
    assert f"Restored '{FOCAL}' to 1 [root]." in keeper.log()


def test_a_package_that_was_replaced_has_its_bytes_back(keeper: Keeper, depot: Depot) -> None:
    keeper.publish({TINY: a_deb()})
    depot.push({TINY: OTHER_BYTES}, caller=ADMIN, replaces=True)
    depot.publish()

    keeper.restoring.restore(ADMIN, FOCAL, "1")
    depot.publish()

    assert depot.read(f"{POOL}/{TINY}") == a_deb()
    assert depot.read(f"@2/{POOL}/{TINY}") == OTHER_BYTES


def test_what_came_again_with_the_same_bytes_stays(keeper: Keeper) -> None:
    keeper.publish({TINY: a_deb()})
    keeper.removal.remove(ADMIN, FOCAL, keeper.package("tiny").id)
    keeper.publish(a_named("other"))
    keeper.publish({TINY: a_deb()})
    again = keeper.package("tiny")

    keeper.restoring.restore(ADMIN, FOCAL, "1")

    assert keeper.package("tiny") == again
    assert keeper.living() == ["tiny 1.0-1 amd64"]


def test_what_nobody_has_seen_yet_goes_too(keeper: Keeper, depot: Depot) -> None:
    keeper.publish({TINY: a_deb()})
    used = keeper.usage()
    depot.push(a_named("new"))
    keeper.removal.remove(ADMIN, FOCAL, keeper.package("tiny").id)

    keeper.restoring.restore(ADMIN, FOCAL, "1")
    depot.publish()

    assert keeper.living() == ["tiny 1.0-1 amd64"]
    assert keeper.usage().used_bytes > used.used_bytes


def test_a_restoration_can_be_undone(keeper: Keeper, depot: Depot) -> None:
    keeper.publish({TINY: a_deb()})
    keeper.publish(a_named("new"))
    now = depot.read(INDEX)
    keeper.restoring.restore(ADMIN, FOCAL, "1")
    depot.publish()

    keeper.restoring.restore(ADMIN, FOCAL, "2")
    depot.publish()

    assert depot.read(INDEX) == now


def test_to_go_back_to_what_is_changes_nothing(keeper: Keeper) -> None:
    keeper.publish({TINY: a_deb()})
    before = keeper.repository()

    pushed = keeper.restoring.restore(ADMIN, FOCAL, "1")

    assert pushed.push == before.pushes
    assert keeper.repository() == before


@pytest.mark.parametrize("edition", ["0", "2", "stable"])
def test_what_was_never_published_is_not_restored(keeper: Keeper, edition: str) -> None:
    keeper.publish({TINY: a_deb()})

    with pytest.raises(SnapshotUnknown):
        keeper.restoring.restore(ADMIN, FOCAL, edition)


def test_what_is_not_kept_any_more_is_not_restored(keeper: Keeper, depot: Depot) -> None:
    keeper.publish({TINY: a_deb()})
    keeper.removal.remove(ADMIN, FOCAL, keeper.package("tiny").id)
    keeper.publish(a_named("new"))
    depot.world.clock.turn(LONG)
    depot.world.sweeper.sweep()

    with pytest.raises(RevisionPruned):
        keeper.restoring.restore(ADMIN, FOCAL, "1")

    assert keeper.living() == ["new 1.0-1 amd64"]


@pytest.mark.parametrize("caller", [STRANGER, READER, PUBLISHER])
def test_only_admins_restore(keeper: Keeper, caller: Caller) -> None:
    keeper.publish({TINY: a_deb()})
    keeper.publish(a_named("new"))

    with pytest.raises(InsufficientScope):
        keeper.restoring.restore(caller, FOCAL, "1")
    keeper.hide()
    with pytest.raises(RepositoryUnknown):
        keeper.restoring.restore(STRANGER, FOCAL, "1")

    assert keeper.living() == ["new 1.0-1 amd64", "tiny 1.0-1 amd64"]


def test_a_repository_that_changed_meanwhile_is_not_restored(keeper: Keeper) -> None:
    keeper.publish({TINY: a_deb()})
    (tag,) = keeper.repository().state.tags
    keeper.publish(a_named("new"))

    with pytest.raises(ResourceChanged):
        keeper.restoring.restore(ADMIN, FOCAL, "1", Preconditions(if_match=frozenset({tag})))

    assert keeper.living() == ["new 1.0-1 amd64", "tiny 1.0-1 amd64"]


def test_what_would_be_more_than_the_limit_is_not_restored(keeper: Keeper, depot: Depot) -> None:
    keeper.publish({TINY: a_deb()})
    keeper.removal.remove(ADMIN, FOCAL, keeper.package("tiny").id)
    depot.publish()
    depot.max_bytes = keeper.usage().used_bytes

    with pytest.raises(QuotaExceeded):
        keeper.restoring.restore(ADMIN, FOCAL, "1")

    assert keeper.living() == []


def test_an_rpm_without_a_signature_demanded_by_now_stays_away(
    keeper: Keeper, depot: Depot
) -> None:
    keeper.publish({"tiny-1.0-1.x86_64.rpm": an_rpm()}, EL7)
    keeper.publish({"tiny-2.0-1.x86_64.rpm": an_rpm(tags_of(version="2.0"))}, EL7)
    keeper.removal.remove_file(ADMIN, f"{EL7}/x86_64/Packages/tiny-1.0-1.x86_64.rpm")
    depot.publish()
    keeper.rules.change(ADMIN, EL7, Rules(rpm_keys=("A" * 16,)))

    with pytest.raises(PackageRefused, match="no key"):
        keeper.restoring.restore(ADMIN, EL7, "1")

    assert keeper.living(EL7) == ["tiny 2.0-1 x86_64"]
