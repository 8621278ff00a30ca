"""Keeping the latest versions alone."""

import pytest

from builders.debian import a_deb
from filemanager.domain.caller import Caller
from filemanager.domain.errors import InsufficientScope
from filemanager.domain.repositories.errors import RepositoryUnknown
from filemanager.services.repositories.keeping.rules import Rules
from worlds.keeping import READER, STRANGER, Keeper
from worlds.repositories import ADMIN, FOCAL, PUBLISHER, Depot

JAMMY = "live/2.8/ubuntu/jammy"
INDEX = "live/2.8/ubuntu/dists/focal/main/binary-amd64/Packages"


def a_version(version: str, arch: str = "amd64") -> dict[str, bytes]:
    name = f"tiny_{version.partition(':')[2] or version}_{arch}.deb"
    return {name: a_deb({"Version": version, "Architecture": arch})}


@pytest.fixture
def filled(keeper: Keeper) -> Keeper:
    versions = ("1.9-1", "1.10-1", "1.11~rc1-1", "1:0.1-1")
    files = {name: data for one in versions for name, data in a_version(one).items()}
    keeper.publish({**files, **a_version("1.0-1", "arm64")})
    return keeper


def test_the_latest_of_each_architecture_stay(filled: Keeper, depot: Depot) -> None:
    retained = filled.retention.apply(ADMIN, FOCAL, 2)
    depot.publish()

    assert [one.version for one in retained.packages] == ["1.9-1", "1.10-1"]
    assert filled.living() == ["tiny 1.0-1 arm64", "tiny 1.11~rc1-1 amd64", "tiny 1:0.1-1 amd64"]
    assert depot.pushing.is_published([retained.pushed])
    assert depot.read(INDEX).count(b"Package: tiny") == 2
    assert f"Removed 2 outdated packages from '{FOCAL}' [root]." in filled.log()


def test_what_would_go_is_told_before(filled: Keeper) -> None:
    before = filled.repository()

    foreseen = filled.retention.foresee(ADMIN, FOCAL, 1)

    assert (filled.repository(), len(filled.living())) == (before, 5)
    applied = filled.retention.apply(ADMIN, FOCAL, 1)
    assert [one.id for one in applied.packages] == [one.id for one in foreseen.packages]
    assert applied.count == foreseen.count == 3


def test_the_rule_of_a_repository_is_applied_unless_told_otherwise(filled: Keeper) -> None:
    assert filled.retention.apply(ADMIN, FOCAL).count == 0
    filled.rules.change(ADMIN, FOCAL, Rules(keep_latest=3))

    assert filled.retention.foresee(ADMIN, FOCAL).count == 1
    assert filled.retention.foresee(ADMIN, FOCAL, 4).count == 0


def test_rules_are_applied_by_themselves(filled: Keeper) -> None:
    filled.publish(a_version("1.0-1") | a_version("2.0-1"), JAMMY)
    filled.rules.change(ADMIN, FOCAL, Rules(keep_latest=1))

    assert filled.retention.apply_rules() == 3
    assert filled.retention.apply_rules() == 0

    assert filled.living() == ["tiny 1.0-1 arm64", "tiny 1:0.1-1 amd64"]
    assert len(filled.living(JAMMY)) == 2
    assert f"Removed 3 outdated packages from '{FOCAL}' [retention]." in filled.log()


def test_nothing_goes_where_nothing_is_outdated(filled: Keeper) -> None:
    before = filled.repository()

    assert filled.retention.apply(ADMIN, FOCAL, 4).count == 0

    assert filled.repository() == before
    assert filled.retention.foresee(ADMIN, JAMMY, 1).count == 0


@pytest.mark.parametrize("caller", [STRANGER, READER, PUBLISHER])
def test_only_admins_let_versions_go(filled: Keeper, caller: Caller) -> None:
    for ask in (filled.retention.apply, filled.retention.foresee):
        with pytest.raises(InsufficientScope):
            ask(caller, FOCAL, 1)
    filled.hide()
    with pytest.raises(RepositoryUnknown):
        filled.retention.foresee(STRANGER, FOCAL, 1)

    assert len(filled.living()) == 5
