"""Seeing which repositories there are, and what is in them."""

from collections.abc import Callable, Sequence

import pytest

from builders.debian import FILES, a_deb, a_dsc
from builders.rpms import an_rpm
from filemanager.domain.caller import Caller
from filemanager.domain.repositories.errors import PackageUnknown, RepositoryUnknown
from filemanager.domain.repositories.repository import (
    PackageId,
    PackageQuery,
    Repository,
    Visibility,
)
from worlds.keeping import READER, STRANGER, Keeper
from worlds.repositories import ADMIN, EL7, FOCAL, PUBLISHER

TINY = "tiny_1.0-1_amd64.deb"
ALL = [
    f"{kind}/{series}/{rest}"
    for kind in ("live", "release")
    for series in ("2.8", "modules")
    for rest in ("el/7", "ubuntu/focal", "ubuntu/jammy")
]


def paths(found: Sequence[Repository]) -> list[str]:
    return [one.path for one in found]


def test_every_configured_repository_is_listed_made_or_not(keeper: Keeper) -> None:
    keeper.publish({TINY: a_deb()})

    found = keeper.browser.repositories(None, "", 100)

    assert paths(found) == ALL
    assert [one.path for one in found if one.is_published] == [FOCAL]


def test_repositories_are_listed_a_page_at_a_time(keeper: Keeper) -> None:
    first = keeper.browser.repositories(None, "", 5)
    rest = keeper.browser.repositories(None, first[-1].path, 100)

    assert paths([*first, *rest]) == ALL


@pytest.mark.parametrize(
    ("caller", "sees"),
    [(None, False), (STRANGER, False), (READER, True), (PUBLISHER, True), (ADMIN, True)],
)
def test_a_private_repository_is_listed_to_its_readers_alone(
    keeper: Keeper, caller: Caller | None, sees: bool
) -> None:
    keeper.hide()

    assert (FOCAL in paths(keeper.browser.repositories(caller, "", 100))) is sees


@pytest.mark.parametrize(
    "look",
    [
        lambda keeper, caller: keeper.browser.repository(caller, FOCAL),
        lambda keeper, caller: keeper.browser.packages(caller, FOCAL, PackageQuery()),
        lambda keeper, caller: keeper.browser.package(caller, FOCAL, PackageId(1)),
    ],
)
def test_a_private_repository_is_shown_to_its_readers_alone(
    keeper: Keeper, look: Callable[[Keeper, Caller | None], object]
) -> None:
    keeper.publish({TINY: a_deb()})
    keeper.hide()

    for caller in (None, STRANGER):
        with pytest.raises(RepositoryUnknown):
            look(keeper, caller)
    assert look(keeper, READER)


@pytest.mark.parametrize("path", ["live/2.8/ubuntu/noble", "live/2.8/ubuntu", "both/ubuntu/focal"])
def test_what_is_not_configured_does_not_exist(keeper: Keeper, path: str) -> None:
    with pytest.raises(RepositoryUnknown):
        keeper.browser.repository(ADMIN, path)


def test_a_repository_tells_how_far_it_is_published(keeper: Keeper) -> None:
    before = keeper.browser.repository(None, FOCAL)
    keeper.depot.push({TINY: a_deb()})
    pushed = keeper.browser.repository(None, FOCAL)
    keeper.depot.publish()
    published = keeper.browser.repository(None, FOCAL)

    assert [(one.pushes, one.published_through) for one in (before, pushed, published)] == [
        (0, 0),
        (1, 0),
        (1, 1),
    ]
    assert (before.visibility, before.published_at) == (Visibility.PUBLIC, None)
    assert published.published_at == keeper.depot.world.clock()
    assert before.state != pushed.state != published.state


def test_packages_are_found_by_a_part_of_their_name(keeper: Keeper) -> None:
    others = {
        f"{name}_1.0-1_amd64.deb": a_deb({"Package": name}) for name in ("libtiny", "huge", "tin-y")
    }
    keeper.publish({TINY: a_deb(), **others})

    found = keeper.browser.packages(None, FOCAL, PackageQuery(contains="TINY"))

    assert [one.name for one in found] == ["tiny", "libtiny"]


def test_a_package_is_shown_with_all_its_files(keeper: Keeper) -> None:
    keeper.publish({"tiny_1.0-1.dsc": a_dsc(), **FILES})
    listed = keeper.package("tiny")

    found = keeper.browser.package(None, FOCAL, listed.id)

    assert found == listed
    assert (found.arch, found.product, found.since) == ("source", "tiny", 1)
    directory = "pool/focal/main/t/tiny"
    names = ["tiny_1.0-1.dsc", *FILES]
    assert sorted(file.path for file in found.files) == sorted(f"{directory}/{n}" for n in names)


def test_a_package_of_another_repository_is_unknown(keeper: Keeper) -> None:
    keeper.publish({TINY: a_deb()})
    keeper.publish({"tiny-1.0-1.x86_64.rpm": an_rpm()}, EL7)
    of_focal = keeper.package("tiny")

    for path in (EL7, "live/2.8/ubuntu/jammy"):
        with pytest.raises(PackageUnknown):
            keeper.browser.package(ADMIN, path, of_focal.id)
