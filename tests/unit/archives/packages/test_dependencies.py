"""What an rpm needs and gives, as createrepo_c has it."""

from itertools import pairwise

import pytest

from builders.in_memory import Bytes
from builders.rpms import (
    CONFLICTS,
    ENHANCES,
    LIBC,
    OBSOLETES,
    OLD_ENHANCES,
    OLD_SUGGESTS,
    PROVIDES,
    RECOMMENDS,
    REQUIRES,
    STRONG,
    SUGGESTS,
    SUPPLEMENTS,
    Cell,
    an_old_rpm,
    an_rpm,
    files_of,
    int32,
    stated,
    strings,
    tags_of,
)
from filemanager.archives.packages.rpm import read_rpm
from filemanager.archives.packages.tags import Tag
from filemanager.domain.repositories.package import Rpm, RpmEntry
from unit.archives.packages.refused import RPM, why

EQ, LE, GE = 8, 10, 12
MISSING_OK = 1 << 19

Said = tuple[str, int, str]


def package(*kinds: dict[int, Cell]) -> Rpm:
    cells = tags_of()
    for kind in kinds:
        cells.update(kind)
    return read_rpm(RPM, Bytes(an_rpm(cells)))


def required(*said: Said) -> list[str]:
    return [entry.name for entry in package(stated(REQUIRES, *said)).requires]


@pytest.mark.parametrize(
    ("flags", "version", "entry"),
    [
        (0, "", RpmEntry("a")),
        (EQ, "1.0-1", RpmEntry("a", "EQ", "0", "1.0", "1")),
        (2, "1.0", RpmEntry("a", "LT", "0", "1.0")),
        (4, "2:1.0-1-2", RpmEntry("a", "GT", "2", "1.0", "1-2")),
        (LE, ":1", RpmEntry("a", "LE", "0", "1")),
        (GE, "1-", RpmEntry("a", "GE", "0", "1")),
        (GE, "1:2:3", RpmEntry("a", "GE", "1", "2:3")),
        (EQ, "", RpmEntry("a", "EQ")),
        (0, "1.0", RpmEntry("a")),
        (6, "1.0", RpmEntry("a")),
        (14, "1.0", RpmEntry("a")),
        (EQ | 1 << 28, "1", RpmEntry("a", "EQ", "0", "1")),
    ],
)
def test_a_version_is_taken_apart(flags: int, version: str, entry: RpmEntry) -> None:
    assert package(stated(CONFLICTS, ("a", flags, version))).conflicts == (entry,)


@pytest.mark.parametrize("version", ["a:1", "1a:1", "-1:1", " 1:1"])
def test_a_dependency_whose_epoch_is_no_number_is_left_out(version: str) -> None:
    said = (("bad", EQ, version), ("good", 0, ""))

    assert package(stated(PROVIDES, *said)).provides == (RpmEntry("good"),)
    assert required(*said) == ["good"]


def test_each_kind_has_its_tags() -> None:
    found = package(
        stated(CONFLICTS, ("c", 0, "")),
        stated(OBSOLETES, ("o", LE, "1")),
        stated(RECOMMENDS, ("r", 0, "")),
        stated(SUGGESTS, ("s", 0, "")),
        stated(SUPPLEMENTS, ("(a and b)", 0, "")),
        stated(ENHANCES, ("e", 0, "")),
    )

    assert found.conflicts == (RpmEntry("c"),)
    assert found.obsoletes == (RpmEntry("o", "LE", "0", "1"),)
    assert found.recommends == (RpmEntry("r"),)
    assert found.suggests == (RpmEntry("s"),)
    assert found.supplements == (RpmEntry("(a and b)"),)
    assert found.enhances == (RpmEntry("e"),)


def test_older_tags_of_weak_dependencies_are_read() -> None:
    found = package(
        stated(REQUIRES, ("missing", MISSING_OK, "")),
        stated(RECOMMENDS, ("r", 0, "")),
        stated(OLD_SUGGESTS, ("strong", STRONG, ""), ("weak", 0, "")),
        stated(OLD_ENHANCES, ("strong", STRONG, ""), ("weak", 0, "")),
    )

    assert found.requires == ()
    assert [entry.name for entry in found.recommends] == ["missing", "r", "strong"]
    assert [entry.name for entry in found.suggests] == ["weak"]
    assert [entry.name for entry in found.supplements] == ["strong"]
    assert [entry.name for entry in found.enhances] == ["weak"]


@pytest.mark.parametrize(
    ("bit", "is_pre"), [(5, False), (6, True), (7, False), (9, True), (10, True), (11, False)]
)
def test_what_scripts_need_is_needed_before(bit: int, is_pre: bool) -> None:
    (entry,) = package(stated(REQUIRES, ("sh", 1 << bit, ""))).requires

    assert entry.is_pre is is_pre


def test_what_rpm_itself_provides_is_left_out() -> None:
    assert required(("rpmlib(PayloadIsZstd)", LE, "5.4.18-1"), ("a", 0, "")) == ["a"]


def test_what_a_package_provides_itself_is_left_out_in_the_same_words_only() -> None:
    found = required(
        ("tiny", EQ, "1.0-1"), ("tiny", GE, "1.0-1"), ("tiny", 0, ""), ("tiny", EQ, "1.0")
    )

    assert found == ["tiny", "tiny", "tiny"]


def test_own_files_are_left_out_if_clients_look_for_them_first() -> None:
    files = files_of(
        ("/usr/bin/tiny", 0o100755, 0), ("/etc/tiny", 0o100644, 0), ("/usr/lib/tiny", 0o100644, 0)
    )
    needed = ("/usr/bin/tiny", "/etc/tiny", "/usr/lib/tiny", "/bin/sh")

    found = package(files, stated(REQUIRES, *((name, 0, "") for name in needed))).requires

    assert [entry.name for entry in found] == ["/usr/lib/tiny", "/bin/sh"]


def test_a_repetition_is_left_out() -> None:
    found = package(
        stated(
            REQUIRES,
            ("a", 0, ""),
            ("b", 0, ""),
            ("a", 0, ""),
            ("a", EQ, "1"),
            ("a", 0, ""),
            ("a", 1 << 9, ""),
        )
    ).requires

    assert [(entry.name, entry.flags, entry.is_pre) for entry in found] == [
        ("a", None, False),
        ("b", None, False),
        ("a", "EQ", False),
        ("a", None, False),
        ("a", None, True),
    ]


@pytest.mark.parametrize(("low", "high"), list(pairwise(LIBC)))
def test_the_highest_libc_is_kept_behind_all_others(low: str, high: str) -> None:
    assert required((high, 0, ""), ("a", 0, ""), (low, 0, "")) == ["a", high]
    assert required((low, 0, ""), ("a", 0, ""), (high, 0, "")) == ["a", high]


def test_a_kind_without_flags_or_versions_is_left_out() -> None:
    assert package({Tag.CONFLICT_NAME: strings("a")}).conflicts == ()
    assert package({Tag.CONFLICT_NAME: strings("a"), Tag.CONFLICT_FLAGS: int32(0)}).conflicts == ()


def test_names_and_versions_are_as_many() -> None:
    cells = {**tags_of(), **stated(REQUIRES, ("a", 0, "")), Tag.REQUIRE_FLAGS: int32(0, 0)}

    refusal = why(lambda: read_rpm(RPM, Bytes(an_rpm(cells))))

    assert refusal == "its dependencies have more names than versions, or fewer"


def test_dependencies_are_counted() -> None:
    count = (1 << 16) + 1
    cells = {**tags_of(), **stated(REQUIRES, *[("a", 0, "")] * count)}

    refusal = why(lambda: read_rpm(RPM, Bytes(an_rpm(cells))))

    assert refusal == "tag 1049 of its header has more than 65536 values"


ITSELF = RpmEntry("tiny", "EQ", "0", "1.0", "1")


def test_in_the_format_3_a_package_provides_itself() -> None:
    bare = {tag: cell for tag, cell in tags_of().items() if tag not in PROVIDES}
    names = {**bare, Tag.PROVIDE_NAME: strings("a")}
    epoch = {**bare, Tag.EPOCH: int32(3)}

    def provided(cells: dict[int, Cell]) -> tuple[RpmEntry, ...]:
        return read_rpm(RPM, Bytes(an_old_rpm(cells))).provides

    assert provided(bare) == (ITSELF,)
    assert provided(names) == (RpmEntry("a"), ITSELF)
    assert provided(epoch) == (RpmEntry("tiny", "EQ", "3", "1.0", "1"),)
    assert provided(tags_of()).count(ITSELF) == 1
