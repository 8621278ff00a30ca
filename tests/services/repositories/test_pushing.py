"""Taking packages in: all of a push, or nothing."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from builders.debian import FILES, a_deb, a_dsc
from builders.rpms import an_rpm, tags_of
from filemanager.domain.caller import GrantedScope, Scope
from filemanager.domain.errors import FilemanagerError, InsufficientScope
from filemanager.domain.ports import Transaction
from filemanager.domain.quotas import QuotaExceeded
from filemanager.domain.repositories.errors import (
    ForeignFile,
    NothingSent,
    PackageRefused,
    PathTaken,
    ProductMissing,
)
from filemanager.domain.repositories.repository import repository_subject
from worlds.repositories import ADMIN, EL7, FOCAL, PUBLISHER, Depot
from worlds.stored import World

TINY = "tiny_1.0-1_amd64.deb"
ARM = "tiny_1.0-1_arm64.deb"
INDEX = "live/2.8/ubuntu/dists/focal/main/binary-amd64/Packages"
OTHER_BYTES = a_deb({"Description": "other"})


@pytest.fixture
def depot(world: World) -> Depot:
    return Depot(world)


def kept(depot: Depot) -> list[int]:
    """What there is of packages, files, blobs and promises."""
    with depot.world.database.read() as tx:
        tables = ("repository_packages", "repository_files", "blobs", "outbox", "repositories")
        return [tx.rows.count(table) for table in tables]


def used(depot: Depot, path: str = FOCAL) -> int:
    with depot.world.database.read() as tx:
        return tx.quotas.usage(repository_subject(path)).used_bytes


def bound_to(*prefixes: str) -> frozenset[GrantedScope]:
    return frozenset(GrantedScope(Scope.REPOSITORY_PUBLISH, one) for one in prefixes)


@pytest.mark.parametrize(
    ("files", "path", "product", "refusal", "says"),
    [
        ({}, FOCAL, "tiny", NothingSent, "No file"),
        ({TINY: a_deb()}, FOCAL, None, ProductMissing, '"product" form is absent'),
        ({TINY: a_deb()}, FOCAL, "", ProductMissing, '"product" form is absent'),
        ({TINY: a_deb()}, FOCAL, "../../evil", PackageRefused, "product '../../evil'"),
        ({TINY: a_deb()}, FOCAL, ".hidden", PackageRefused, "product '.hidden'"),
        ({TINY: a_deb()}, EL7, None, ForeignFile, f'"{TINY}" file does not match'),
        ({"tiny-1.0-1.x86_64.rpm": an_rpm()}, FOCAL, "tiny", ForeignFile, "deb-based"),
        ({"notes.txt": b"text"}, FOCAL, "tiny", ForeignFile, '"notes.txt"'),
        ({TINY: b"junk"}, FOCAL, "tiny", PackageRefused, TINY),
        ({"Tiny_1.0-1_amd64.deb": a_deb()}, FOCAL, "tiny", PackageRefused, "Tiny_1.0-1"),
        ({"tiny_1.0-1.dsc": a_dsc()}, FOCAL, "tiny", PackageRefused, "was not sent"),
        (
            {"tiny_1.0-1.dsc": a_dsc(), **FILES, "tiny_1.0.orig.tar.xz": b"other"},
            FOCAL,
            "tiny",
            PackageRefused,
            "tiny_1.0.orig.tar.xz is not what it says",
        ),
        (
            {TINY: a_deb(), "loose.tar.xz": b"loose"},
            FOCAL,
            "tiny",
            PackageRefused,
            "loose.tar.xz: no .dsc",
        ),
        (
            {"tiny-1.0-1.i686.rpm": an_rpm(tags_of(arch="i686"))},
            EL7,
            None,
            ForeignFile,
            "i686",
        ),
    ],
)
def test_a_push_with_one_bad_file_changes_nothing(
    depot: Depot,
    files: Mapping[str, bytes],
    path: str,
    product: str | None,
    refusal: type[FilemanagerError],
    says: str,
) -> None:
    good = {"good_1.0-1_amd64.deb": a_deb({"Package": "good"})} if files and path == FOCAL else {}

    with pytest.raises(refusal) as told:
        depot.push({**good, **files}, path, product=product)

    assert says in told.value.message
    assert kept(depot) == [0, 0, 0, 0, 0]


def test_debug_symbols_alone_are_taken_and_change_nothing(depot: Depot) -> None:
    pushed = depot.push({"tiny-dbgsym_1.0-1_amd64.ddeb": b"anything"})

    assert [one.push for one in pushed] == [0]
    assert kept(depot) == [0, 0, 0, 0, 0]
    assert depot.pushing.is_published(pushed)


def test_a_push_sent_again_changes_nothing(depot: Depot) -> None:
    files = {TINY: a_deb(), "tiny_1.0-1.dsc": a_dsc(), **FILES}
    first = depot.push(files)
    before = kept(depot), used(depot)

    again = depot.push(files)

    assert again == first
    assert (kept(depot), used(depot)) == before


def test_the_same_version_with_other_bytes_is_refused(depot: Depot) -> None:
    depot.push({TINY: a_deb()})
    before = kept(depot)

    with pytest.raises(PathTaken, match="replace=true"):
        depot.push({TINY: OTHER_BYTES})

    assert kept(depot) == before


def test_an_admin_replaces_a_package(depot: Depot) -> None:
    depot.push({TINY: a_deb()})
    depot.publish()

    with pytest.raises(InsufficientScope):
        depot.push({TINY: OTHER_BYTES}, replaces=True)
    depot.push({TINY: OTHER_BYTES}, caller=ADMIN, replaces=True)
    depot.publish()

    assert depot.read(INDEX).count(b"Package: tiny") == 1
    assert depot.read(f"live/2.8/ubuntu/pool/focal/main/t/tiny/{TINY}") == OTHER_BYTES


def test_a_file_that_another_package_needs_is_not_replaced(depot: Depot) -> None:
    depot.push({"tiny_1.0-1.dsc": a_dsc(), **FILES})
    files = {**FILES, "tiny_1.0.orig.tar.xz": b"other upstream"}
    second = a_dsc({"Version": "1.0-2"}, files)

    with pytest.raises(PathTaken, match=r"tiny_1\.0\.orig\.tar\.xz"):
        depot.push({"tiny_1.0-2.dsc": second, **files}, caller=ADMIN, replaces=True)


def test_a_second_version_may_use_a_tarball_that_is_there(depot: Depot) -> None:
    depot.push({"tiny_1.0-1.dsc": a_dsc(), **FILES})
    newer = {
        "tiny_1.0.orig.tar.xz": FILES["tiny_1.0.orig.tar.xz"],
        "tiny_1.0-2.debian.tar.xz": b"newer",
    }

    depot.push(
        {
            "tiny_1.0-2.dsc": a_dsc({"Version": "1.0-2"}, newer),
            "tiny_1.0-2.debian.tar.xz": b"newer",
        }
    )
    depot.publish()

    sources = depot.read("live/2.8/ubuntu/dists/focal/main/source/Sources")
    assert sources.count(b"Package: tiny") == 2


def test_two_files_of_one_package_are_refused(depot: Depot) -> None:
    deb = a_deb({"Version": "1:1.0-1"})

    with pytest.raises(PackageRefused, match="twice"):
        depot.push({TINY: deb, "tiny_1%3a1.0-1_amd64.deb": deb})


def test_an_anchor_pushes_to_every_target_or_to_none(depot: Depot) -> None:
    pushed = depot.push({TINY: a_deb()}, "both/ubuntu/focal")

    assert [one.path for one in pushed] == [FOCAL, "release/modules/ubuntu/focal"]
    only_live = replace(PUBLISHER, granted=bound_to("live"))
    before = kept(depot)
    with pytest.raises(InsufficientScope):
        depot.push({ARM: a_deb({"Architecture": "arm64"})}, "both/ubuntu/focal", caller=only_live)
    assert kept(depot) == before


@pytest.mark.parametrize(
    ("prefix", "is_open"),
    [
        ("live", True),
        ("live/2.8", True),
        ("live/2.8/ubuntu/focal", True),
        ("live/2", False),
        ("release", False),
        ("", False),
        ("/", False),
    ],
)
def test_a_scope_is_bound_to_whole_segments(depot: Depot, prefix: str, is_open: bool) -> None:
    caller = replace(PUBLISHER, granted=bound_to(prefix))

    if is_open:
        assert depot.push({TINY: a_deb()}, caller=caller)
        return
    with pytest.raises(InsufficientScope):
        depot.push({TINY: a_deb()}, caller=caller)


def test_whoever_looks_after_uploads_publishes_but_does_not_replace(depot: Depot) -> None:
    caller = replace(PUBLISHER, granted=frozenset({GrantedScope(Scope.ADMIN)}))

    depot.push({TINY: a_deb()}, caller=caller)

    with pytest.raises(InsufficientScope):
        depot.push({TINY: OTHER_BYTES}, caller=caller, replaces=True)


def test_a_repository_holds_no_more_than_its_limit(world: World) -> None:
    depot = Depot(world, max_bytes=16384)
    depot.push({TINY: a_deb()})
    before = kept(depot), used(depot)

    with pytest.raises(QuotaExceeded):
        depot.push({ARM: a_deb({"Architecture": "arm64"})})

    assert (kept(depot), used(depot)) == before


def test_two_architectures_of_one_version_are_both_taken(depot: Depot) -> None:
    depot.push({TINY: a_deb()})
    depot.push({ARM: a_deb({"Architecture": "arm64"})})
    depot.publish()

    for arch in ("amd64", "arm64"):
        index = depot.read(f"live/2.8/ubuntu/dists/focal/main/binary-{arch}/Packages")
        assert index.count(b"Package: tiny") == 1


def test_pushes_are_logged_without_what_a_name_could_break(depot: Depot) -> None:
    depot.push({TINY: a_deb()})

    def lines(tx: Transaction) -> list[str]:
        return [line.text for line in tx.logs.page(None, 0, 10)]

    with depot.world.database.read() as tx:
        assert lines(tx) == [f"Pushed 1 packages (tiny) to '{FOCAL}' [ann]."]
