"""Binary packages: the control file, its fields, and the name of the file."""

import gzip
import lzma

import pytest

from builders.debian import (
    CONTROL,
    DATA,
    VERSION,
    a_deb,
    a_paragraph,
    a_tar,
    an_ar,
    control_archive,
)
from filemanager.domain.errors import DecodersBusy
from filemanager.domain.intake.turns import Turns
from filemanager.domain.repositories.errors import PackageRefused
from unit.archives.packages.refused import DEB, deb, why
from unit.archives.reading import a_budget
from unit.archives.tar.tar_bytes import END, header, sparse

TEXT = a_paragraph(CONTROL)


def a_deb_of(*members: tuple[str, bytes]) -> bytes:
    return an_ar(VERSION, ("control.tar.gz", gzip.compress(a_tar(*members), mtime=0)), DATA)


@pytest.mark.parametrize("ending", ["", ".gz", ".xz", ".zst"])
def test_a_package_is_what_its_control_file_says(ending: str) -> None:
    found = deb(a_deb(ending=ending))

    assert (found.name, found.version, found.arch) == ("tiny", "1.0-1", "amd64")
    assert dict(found.control) == CONTROL


def test_the_control_file_may_be_named_without_a_dot() -> None:
    assert deb(a_deb_of(("control", TEXT))).name == "tiny"


@pytest.mark.parametrize(
    "members",
    [
        (),
        (("./md5sums", b""),),
        (("./control", TEXT), ("./control", TEXT)),
        (("./control", TEXT), ("control", TEXT)),
        (("./control", TEXT), (".//control", TEXT)),
        (("./control", TEXT), ("/control", TEXT)),
        (("./control/", b""),),
        (("./control", TEXT), ("control/", b"")),
        (("/control", TEXT),),
        (("../control", TEXT),),
        (("./CONTROL", TEXT),),
        (("./x/control", TEXT),),
    ],
)
def test_a_package_has_one_control_file(members: tuple[tuple[str, bytes], ...]) -> None:
    refusal = why(lambda: deb(a_deb_of(*members)))

    assert refusal == "its control archive does not hold exactly one control file"


def test_a_control_file_is_no_link() -> None:
    tar = a_tar(("./control", TEXT))[:1024] + header(b"control", kind=b"2", link=b"/etc/passwd")

    refusal = why(lambda: deb(an_ar(VERSION, ("control.tar", tar + END), DATA)))

    assert refusal == "its control archive does not hold exactly one control file"


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("control.tar.gz", lzma.compress(b""), "its control.tar.gz is not compressed as its name"),
        (
            "control.tar",
            gzip.compress(b"", mtime=0),
            "its control.tar is not compressed as its name says",
        ),
        ("control.tar.xz", b"junk", "its control.tar.xz is not compressed as its name says"),
        ("control.tar.gz", b"", "its control.tar.gz is not compressed as its name says"),
        ("control.tar", b"", "it ends without an end mark"),
        ("control.tar", b"x" * 1024, "a header holds a number that cannot be read"),
        ("control.tar.gz", gzip.compress(b"x", mtime=0), "it ends without an end mark"),
        ("control.tar.gz", gzip.compress(END, mtime=0)[:-9], "its compressed data ends too early"),
        (
            "control.tar.gz",
            gzip.compress(END, mtime=0) + b"x",
            "data follows the end of its control.tar.gz",
        ),
        ("control.tar.gz", gzip.compress(END + b"x", mtime=0), "data follows its end mark"),
    ],
)
def test_a_control_archive_that_cannot_be_read_is_refused(
    name: str, data: bytes, expected: str
) -> None:
    refusal = why(lambda: deb(an_ar(VERSION, (name, data), DATA)))

    assert refusal.startswith(expected)


@pytest.mark.parametrize(
    "tar",
    [
        a_tar(("./control", TEXT), ("./postinst", bytes(4 << 20))),
        a_tar(*((f"./{number}", b"") for number in range(1001))),
        sparse("old", [(5 << 20, 1)], (5 << 20) + 1, b"x", name=b"control") + END,
    ],
)
def test_a_control_archive_has_a_budget(tar: bytes) -> None:
    packed = gzip.compress(tar, mtime=0)
    assert len(packed) < 1 << 16

    refusal = why(lambda: deb(an_ar(VERSION, ("control.tar.gz", packed), DATA)))

    assert refusal == "its control.tar.gz holds more than 4 MiB, or too many files"


def test_a_control_archive_that_is_sent_is_bounded_too() -> None:
    refusal = why(lambda: deb(an_ar(VERSION, ("control.tar", bytes((4 << 20) + 1)), DATA)))

    assert refusal == "its control.tar holds more than 4 MiB, or too many files"


def test_a_large_decoder_waits_for_its_turn() -> None:
    packed = lzma.compress(a_tar(("./control", TEXT)), preset=9)
    archive = an_ar(VERSION, ("control.tar.xz", packed), DATA)
    turns = Turns(wait_seconds=0.0)

    with turns.of_upload() as another:
        another.take()
        with pytest.raises(DecodersBusy):
            deb(archive, budget=a_budget(turns=turns))

    assert deb(archive, budget=a_budget(turns=turns)).name == "tiny"


def test_a_decoder_of_more_than_the_limit_is_refused() -> None:
    packed = lzma.compress(a_tar(("./control", TEXT)), preset=9)

    refusal = why(
        lambda: deb(
            an_ar(VERSION, ("control.tar.xz", packed), DATA),
            budget=a_budget(decoder_bytes=48 << 20),
        )
    )

    assert refusal == "decompressing it needs more than 48 MiB of memory"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"Package": "Tiny"}, "'Tiny' is no name of a Debian package"),
        ({"Package": "../evil"}, "'../evil' is no name of a Debian package"),
        ({"Package": "a&b"}, "'a&b' is no name of a Debian package"),
        ({"Package": ""}, "it has no field 'Package'"),
        ({"Package": "tiny\n tiny"}, "its field 'Package' has more than one line"),
        ({"Version": "v1"}, "'v1' is no version of a Debian package"),
        ({"Version": ""}, "it has no field 'Version'"),
        ({"Architecture": "source"}, "'source' is no architecture of a binary package"),
        ({"Architecture": "amd64 i386"}, "'amd64 i386' is no architecture of a binary package"),
        ({"package": "tiny"}, "it has a field twice"),
    ],
)
def test_fields_are_as_debian_policy_has_them(fields: dict[str, str], expected: str) -> None:
    assert why(lambda: deb(a_deb(fields))) == expected


@pytest.mark.parametrize(
    ("fields", "file_name"),
    [
        ({"Version": "1:1.0-1"}, "tiny_1.0-1_amd64.deb"),
        ({"Version": "1:1.0-1"}, "tiny_1%3a1.0-1_amd64.deb"),
        ({"Architecture": "all"}, "tiny_1.0-1_all.deb"),
        ({"Package": "libstdc++6"}, "libstdc++6_1.0-1_amd64.deb"),
        ({"Version": "1.0~rc1+b1"}, "tiny_1.0~rc1+b1_amd64.deb"),
    ],
)
def test_a_file_is_called_as_its_package(fields: dict[str, str], file_name: str) -> None:
    assert deb(a_deb(fields), file_name).version == fields.get("Version", "1.0-1")


@pytest.mark.parametrize(
    "file_name",
    [
        "Tiny_1.0-1_amd64.deb",
        "tiny_1.0-2_amd64.deb",
        "tiny_1.0-1_arm64.deb",
        "other_1.0-1_amd64.deb",
        "tiny_0%3a1.0-1_amd64.deb",
        "tiny_1.0-1_amd64.ddeb",
        "tiny.deb",
    ],
)
def test_another_name_is_refused_with_both(file_name: str) -> None:
    with pytest.raises(PackageRefused) as refusal:
        deb(a_deb(), file_name)

    assert refusal.value.file == file_name
    assert refusal.value.why == f"the file of the package that it holds is called '{DEB}'"


@pytest.mark.parametrize("file_name", ["a/tiny.deb", "", "..", "é.deb", "a\n.deb", "a" * 256])
def test_a_name_that_no_file_may_have_is_refused(file_name: str) -> None:
    assert why(lambda: deb(a_deb(), file_name)).startswith("its name does not begin with a letter")


def test_a_message_repeats_what_a_package_says_in_short_and_in_one_line() -> None:
    refusal = why(lambda: deb(a_deb({"Package": "\u2028" + "x" * 1000})))

    assert refusal == f"'\\u2028{'x' * 99}…' is no name of a Debian package"


def test_text_is_no_package() -> None:
    with pytest.raises(PackageRefused, match=r"^junk_1\.0-1_amd64\.deb: it is no Debian package\."):
        deb(b"junk\n" * 100, "junk_1.0-1_amd64.deb")


def test_the_data_archive_is_not_read() -> None:
    archive = an_ar(VERSION, control_archive(TEXT), ("data.tar.xz", b"no xz at all"))

    assert deb(archive).name == "tiny"
