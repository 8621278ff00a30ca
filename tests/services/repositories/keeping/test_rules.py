"""The rules of a repository: who reads it, and whose packages it takes."""

from collections.abc import Mapping

import pytest

from builders.debian import a_deb
from builders.rpms import Cell, an_rpm, binary, tags_of
from filemanager.archives.packages.tags import SignatureTag
from filemanager.domain.caller import Caller, Scope
from filemanager.domain.errors import InsufficientScope, ResourceChanged
from filemanager.domain.repositories.errors import (
    PackageRefused,
    RepositoryUnknown,
    RuleRefused,
)
from filemanager.domain.repositories.repository import Visibility
from filemanager.domain.requests.preconditions import Preconditions
from filemanager.services.repositories.keeping.rules import Rules
from worlds.keeping import READER, STRANGER, Keeper, bound_to
from worlds.repositories import ADMIN, EL7, FOCAL, PUBLISHER, Depot

RPM = "tiny-1.0-1.x86_64.rpm"
KEY = "0123456789ABCDEF"
PRIVATE = Rules(visibility=Visibility.PRIVATE)
RELEASE = "live/2.8/ubuntu/dists/focal/Release"


def signed_by(key_id: str) -> Mapping[int, Cell]:
    """A signature of version 3 (RFC 9580, 5.2.2), which names the key."""
    body = b"\3\5\0" + bytes(4) + bytes.fromhex(key_id) + b"\1\10\0\0\0\1\1"
    return {SignatureTag.RSA: binary(bytes((0x89,)) + len(body).to_bytes(2, "big") + body)}


SIGNED = an_rpm(signature=signed_by(KEY))


def test_a_private_repository_is_read_by_its_readers_alone(keeper: Keeper, depot: Depot) -> None:
    keeper.publish({"tiny_1.0-1_amd64.deb": a_deb()})
    before = depot.read(RELEASE)

    changed = keeper.rules.change(ADMIN, FOCAL, PRIVATE)

    assert changed.visibility is Visibility.PRIVATE
    for caller in (None, STRANGER):
        with pytest.raises(RepositoryUnknown):
            depot.read(RELEASE, caller)
        with pytest.raises(RepositoryUnknown):
            depot.read(f"@1/{RELEASE}", caller)
    assert depot.read(RELEASE, READER) == before
    assert f"Set visibility to private of '{FOCAL}' [root]." in keeper.log()


def test_a_repository_becomes_public_again(keeper: Keeper, depot: Depot) -> None:
    keeper.hide()
    keeper.rules.change(ADMIN, FOCAL, Rules(visibility=Visibility.PUBLIC))

    assert depot.read(RELEASE)


def test_what_is_not_named_stays_as_it_is(keeper: Keeper) -> None:
    keeper.rules.change(
        ADMIN, EL7, Rules(visibility=Visibility.PRIVATE, rpm_keys=(KEY,), keep_latest=3)
    )
    unchanged = keeper.rules.change(ADMIN, EL7, Rules())
    lifted = keeper.rules.change(ADMIN, EL7, Rules(rpm_keys=(), keep_latest=0))

    assert (unchanged.rpm_keys, unchanged.keep_latest) == ((KEY,), 3)
    assert (lifted.visibility, lifted.rpm_keys, lifted.keep_latest) == (
        Visibility.PRIVATE,
        (),
        None,
    )
    assert keeper.repository(EL7) == lifted


@pytest.mark.parametrize(
    ("rpm", "is_taken"),
    [(an_rpm(), False), (an_rpm(signature=signed_by("F" * 16)), False), (SIGNED, True)],
)
def test_a_repository_that_demands_keys_takes_what_they_signed(
    keeper: Keeper, depot: Depot, rpm: bytes, is_taken: bool
) -> None:
    keeper.rules.change(ADMIN, EL7, Rules(rpm_keys=("A" * 16, KEY)))

    if is_taken:
        keeper.publish({RPM: rpm}, EL7)
        assert keeper.package("tiny", EL7).signed_by == (KEY,)
        return
    with pytest.raises(PackageRefused, match=f"{RPM}: no key"):
        depot.push({RPM: rpm}, EL7, product=None)
    assert keeper.living(EL7) == []


def test_what_was_there_before_keys_were_demanded_stays(keeper: Keeper, depot: Depot) -> None:
    keeper.publish({RPM: an_rpm()}, EL7)
    keeper.rules.change(ADMIN, EL7, Rules(rpm_keys=(KEY,)))

    depot.push({RPM: an_rpm()}, EL7, product=None)
    with pytest.raises(PackageRefused):
        depot.push({"tiny-2.0-1.x86_64.rpm": an_rpm(tags_of(version="2.0"))}, EL7, product=None)

    assert keeper.living(EL7) == ["tiny 1.0-1 x86_64"]


def test_a_repository_of_debs_demands_no_keys_of_rpms(keeper: Keeper) -> None:
    with pytest.raises(RuleRefused):
        keeper.rules.change(ADMIN, FOCAL, Rules(rpm_keys=(KEY,)))


@pytest.mark.parametrize(
    "caller", [STRANGER, READER, PUBLISHER, bound_to("release", Scope.REPOSITORY_ADMIN)]
)
def test_only_admins_change_rules(keeper: Keeper, caller: Caller) -> None:
    with pytest.raises(InsufficientScope):
        keeper.rules.change(caller, FOCAL, PRIVATE)

    assert keeper.repository().visibility is Visibility.PUBLIC


def test_rules_that_changed_meanwhile_are_not_written_over(keeper: Keeper) -> None:
    (tag,) = keeper.repository().state.tags
    keeper.rules.change(ADMIN, FOCAL, Rules(keep_latest=5))

    with pytest.raises(ResourceChanged):
        keeper.rules.change(ADMIN, FOCAL, PRIVATE, Preconditions(if_match=frozenset({tag})))

    assert keeper.repository().visibility is Visibility.PUBLIC
