"""Repositories that the configuration makes private, whatever was said of them over HTTP."""

from dataclasses import replace

import pytest

from builders.debian import a_deb
from filemanager.domain.repositories.errors import RepositoryUnknown, RuleRefused
from filemanager.domain.repositories.repository import Visibility
from filemanager.services.repositories.keeping.rules import Rules
from worlds.keeping import READER, STRANGER, Keeper
from worlds.repositories import ADMIN, CATALOGUE, FOCAL, Depot

JAMMY = "live/2.8/ubuntu/jammy"
RELEASE = "live/2.8/ubuntu/dists/focal/Release"
CONFIGURED = replace(CATALOGUE, visibility={"live/2.8/ubuntu/": Visibility.PRIVATE})


@pytest.fixture(autouse=True)
def _public_before(keeper: Keeper, depot: Depot) -> None:
    keeper.publish({"tiny_1.0-1_amd64.deb": a_deb()})
    depot.catalogue = CONFIGURED


def stored(depot: Depot, path: str) -> Visibility | None:
    with depot.world.database.read() as tx:
        found = tx.repositories.find(path)
    return None if found is None else found.visibility


def test_it_is_private_before_anything_is_written(keeper: Keeper, depot: Depot) -> None:
    for caller in (None, STRANGER):
        with pytest.raises(RepositoryUnknown):
            depot.read(RELEASE, caller)
        with pytest.raises(RepositoryUnknown):
            keeper.browser.repository(caller, FOCAL)
    assert depot.read(RELEASE, READER)
    assert depot.reader.open(READER, RELEASE).is_private  # type: ignore[union-attr]  # a file
    assert keeper.repository().visibility is Visibility.PRIVATE
    assert stored(depot, FOCAL) is Visibility.PUBLIC


def test_so_is_one_that_nobody_has_pushed_to(keeper: Keeper, depot: Depot) -> None:
    with pytest.raises(RepositoryUnknown):
        depot.read("live/2.8/ubuntu/dists/jammy/Release")
    with pytest.raises(RepositoryUnknown):
        keeper.browser.repository(None, JAMMY)

    assert stored(depot, JAMMY) is None


def test_lists_are_without_it(keeper: Keeper, depot: Depot) -> None:
    seen = keeper.browser.repositories(None, "", 100)
    found = keeper.browser.repositories(READER, "", 100)

    assert not {FOCAL, JAMMY} & {one.path for one in seen}
    assert "ubuntu" not in depot.names("live/2.8")
    assert {one.path for one in found if one.visibility is Visibility.PRIVATE} == {FOCAL, JAMMY}


def test_it_is_made_private(keeper: Keeper, depot: Depot) -> None:
    keeper.publish({"tiny_1.0-1_amd64.deb": a_deb()}, JAMMY)

    assert stored(depot, JAMMY) is Visibility.PRIVATE


def test_what_was_there_is_written_down_as_private_once(keeper: Keeper, depot: Depot) -> None:
    keeper.rules.enforce()
    keeper.rules.enforce()

    assert stored(depot, FOCAL) is Visibility.PRIVATE
    assert stored(depot, JAMMY) is None
    said = [line for line in keeper.log() if "visibility" in line]
    assert said == [f"Set visibility to private of '{FOCAL}' [configuration]."]


def test_it_stays_private_when_the_configuration_forgets_it(keeper: Keeper, depot: Depot) -> None:
    keeper.rules.enforce()
    depot.catalogue = CATALOGUE

    with pytest.raises(RepositoryUnknown):
        depot.read(RELEASE)

    keeper.rules.change(ADMIN, FOCAL, Rules(visibility=Visibility.PUBLIC))

    assert depot.read(RELEASE)


def test_nobody_makes_it_public(keeper: Keeper) -> None:
    with pytest.raises(RuleRefused, match="the configuration says that it is private"):
        keeper.rules.change(ADMIN, FOCAL, Rules(visibility=Visibility.PUBLIC))


def test_its_other_rules_are_changed(keeper: Keeper) -> None:
    changed = keeper.rules.change(ADMIN, FOCAL, Rules(keep_latest=2))

    assert (changed.visibility, changed.keep_latest) == (Visibility.PRIVATE, 2)
    assert keeper.repository() == changed
