"""Promoting packages into another repository."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from builders.debian import FILES, a_deb, a_dsc
from builders.rpms import an_rpm, tags_of
from filemanager.domain.caller import Caller, GrantedScope, Scope
from filemanager.domain.errors import FilemanagerError, InsufficientScope
from filemanager.domain.quotas import QuotaExceeded
from filemanager.domain.repositories.errors import (
    OtherBase,
    PackageRefused,
    PackageUnknown,
    PathTaken,
    RepositoryUnknown,
    SnapshotUnknown,
)
from filemanager.domain.repositories.repository import PackageId
from filemanager.services.repositories.keeping.promoting import Promotion
from filemanager.services.repositories.keeping.rules import Rules
from worlds.keeping import READER, STRANGER, Keeper, bound_to
from worlds.repositories import ADMIN, EL7, FOCAL, PUBLISHER, Depot
from worlds.stored import World

JAMMY = "release/2.8/ubuntu/jammy"
RELEASED = "release/2.8/el/7"
SUITE = "release/2.8/ubuntu/dists/jammy/main"
TINY = "tiny_1.0-1_amd64.deb"
OTHER_BYTES = a_deb({"Description": "other"})
EVERYTHING = {TINY: a_deb(), "tiny_1.0-1.dsc": a_dsc(), **FILES}
WHOLE = Promotion(source=FOCAL, target=JAMMY, edition="1")


def stored(keeper: Keeper) -> tuple[int, int]:
    """Blobs, and objects that they lie in."""
    return len(keeper.depot.world.digests()), len(keeper.depot.world.keys())


def test_promoted_packages_are_what_a_push_would_have_made(worlds: Iterator[World]) -> None:
    promoted, pushed = Depot(next(worlds)), Depot(next(worlds))
    keeper = Keeper(promoted)
    keeper.publish(EVERYTHING)
    before = stored(keeper)

    keeper.promotion.promote(PUBLISHER, WHOLE)
    assert stored(keeper) == before
    promoted.publish()
    pushed.push(EVERYTHING, JAMMY)
    pushed.publish()

    for path in (f"{SUITE}/binary-amd64/Packages", f"{SUITE}/source/Sources"):
        assert promoted.read(path) == pushed.read(path) != b""
    pool = "release/2.8/ubuntu/pool/jammy/main/t/tiny"
    for name, data in EVERYTHING.items():
        assert promoted.read(f"{pool}/{name}") == data
    text = f"Promoted 2 packages (tiny) from '{FOCAL}' to '{JAMMY}' [ann]."
    assert text in keeper.log()


def test_chosen_packages_are_promoted_alone(keeper: Keeper) -> None:
    keeper.publish({TINY: a_deb(), "other_1.0-1_amd64.deb": a_deb({"Package": "other"})})
    chosen = keeper.package("tiny")

    keeper.promotion.promote(PUBLISHER, Promotion(source=FOCAL, target=JAMMY, packages=[chosen.id]))

    assert keeper.living(JAMMY) == ["tiny 1.0-1 amd64"]
    assert keeper.living() == ["other 1.0-1 amd64", "tiny 1.0-1 amd64"]


def test_a_snapshot_is_promoted_as_it_was(keeper: Keeper, depot: Depot) -> None:
    keeper.publish({TINY: a_deb()})
    keeper.snapshots.create(PUBLISHER, FOCAL, "stable")
    keeper.removal.remove(ADMIN, FOCAL, keeper.package("tiny").id)
    keeper.publish({"new_1.0-1_amd64.deb": a_deb({"Package": "new"})})

    promotion = Promotion(source=FOCAL, target=JAMMY, edition="stable")
    keeper.promotion.promote(PUBLISHER, promotion)
    depot.publish()

    assert keeper.living(JAMMY) == ["tiny 1.0-1 amd64"]
    assert depot.read(f"release/2.8/ubuntu/pool/jammy/main/t/tiny/{TINY}") == a_deb()


def test_rpms_are_promoted_with_their_signers(keeper: Keeper, depot: Depot) -> None:
    names = {
        "tiny-1.0-1.x86_64.rpm": an_rpm(),
        "tiny-2.0-1.noarch.rpm": an_rpm(tags_of(version="2.0", arch="noarch")),
    }
    keeper.publish(names, EL7)

    keeper.promotion.promote(PUBLISHER, Promotion(source=EL7, target=RELEASED, edition="1"))
    depot.publish()

    assert keeper.living(RELEASED) == ["tiny 1.0-1 x86_64", "tiny 2.0-1 noarch"]
    assert depot.names(f"{RELEASED}/x86_64/Packages") == list(names)
    assert depot.names(f"{RELEASED}/aarch64/Packages") == ["tiny-2.0-1.noarch.rpm"]


def test_what_is_there_already_changes_nothing(keeper: Keeper, depot: Depot) -> None:
    keeper.publish(EVERYTHING)
    first = keeper.promotion.promote(PUBLISHER, WHOLE)
    depot.publish()
    before = keeper.repository(JAMMY), keeper.usage(JAMMY)

    again = keeper.promotion.promote(PUBLISHER, WHOLE)

    assert again == first
    assert (keeper.repository(JAMMY), keeper.usage(JAMMY)) == before


def test_the_same_version_with_other_bytes_is_refused_with_all_the_rest(keeper: Keeper) -> None:
    keeper.publish({**EVERYTHING, "a1_1.0-1_amd64.deb": a_deb({"Package": "a1"})})
    keeper.publish({TINY: OTHER_BYTES}, JAMMY)
    before = keeper.usage(JAMMY)

    with pytest.raises(PathTaken, match=TINY):
        keeper.promotion.promote(PUBLISHER, WHOLE)

    assert keeper.living(JAMMY) == ["tiny 1.0-1 amd64"]
    assert keeper.usage(JAMMY) == before


def test_an_rpm_without_a_signature_that_is_demanded_is_refused(keeper: Keeper) -> None:
    keeper.publish({"tiny-1.0-1.x86_64.rpm": an_rpm()}, EL7)
    keeper.rules.change(ADMIN, RELEASED, Rules(rpm_keys=("A" * 16,)))

    with pytest.raises(PackageRefused, match="no key"):
        keeper.promotion.promote(PUBLISHER, Promotion(source=EL7, target=RELEASED, edition="1"))

    assert keeper.living(RELEASED) == []


def test_the_target_holds_no_more_than_its_limit(keeper: Keeper, depot: Depot) -> None:
    keeper.publish(EVERYTHING)
    depot.max_bytes = 4096

    with pytest.raises(QuotaExceeded):
        keeper.promotion.promote(PUBLISHER, WHOLE)

    assert keeper.living(JAMMY) == []


@pytest.mark.parametrize(
    ("promotion", "refusal"),
    [
        (Promotion(source=FOCAL, target=EL7, edition="1"), OtherBase),
        (Promotion(source=FOCAL, target=JAMMY, edition="9"), SnapshotUnknown),
        (Promotion(source=FOCAL, target=JAMMY, packages=[PackageId(99)]), PackageUnknown),
        (Promotion(source="live/2.8", target=JAMMY, edition="1"), RepositoryUnknown),
        (Promotion(source=FOCAL, target="both/ubuntu/focal", edition="1"), RepositoryUnknown),
        (Promotion(source=JAMMY, target=FOCAL, edition="1"), SnapshotUnknown),
    ],
)
def test_what_cannot_be_promoted_is_told(
    keeper: Keeper, promotion: Promotion, refusal: type[FilemanagerError]
) -> None:
    keeper.publish(EVERYTHING)

    with pytest.raises(refusal):
        keeper.promotion.promote(PUBLISHER, promotion)


def test_a_removed_package_is_not_promoted(keeper: Keeper) -> None:
    keeper.publish({TINY: a_deb()})
    removed = keeper.package("tiny")
    keeper.removal.remove(ADMIN, FOCAL, removed.id)

    with pytest.raises(PackageUnknown):
        keeper.promotion.promote(
            PUBLISHER, Promotion(source=FOCAL, target=JAMMY, packages=[removed.id])
        )


@pytest.mark.parametrize("caller", [STRANGER, READER, bound_to("live", Scope.REPOSITORY_PUBLISH)])
def test_who_may_not_publish_in_the_target_does_not_promote(keeper: Keeper, caller: Caller) -> None:
    keeper.publish(EVERYTHING)

    with pytest.raises(InsufficientScope):
        keeper.promotion.promote(caller, WHOLE)

    assert keeper.living(JAMMY) == []


def test_who_may_not_read_the_source_does_not_promote(keeper: Keeper) -> None:
    keeper.publish(EVERYTHING)
    keeper.hide()
    publisher = bound_to("release", Scope.REPOSITORY_PUBLISH)

    with pytest.raises(RepositoryUnknown):
        keeper.promotion.promote(publisher, WHOLE)

    reader = GrantedScope(Scope.REPOSITORY_READ, "live")
    keeper.promotion.promote(replace(publisher, granted=publisher.granted | {reader}), WHOLE)
    assert len(keeper.living(JAMMY)) == 2
