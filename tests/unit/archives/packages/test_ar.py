"""The outer archive of a ``.deb``: what dpkg takes, and nothing that readers dispute."""

import io

import pytest

from builders.debian import DATA, VERSION, a_paragraph, an_ar, control_archive
from filemanager.archives.packages.ar import control_member
from filemanager.archives.packages.refusals import Unfit

CONTROL = control_archive(a_paragraph({"Package": "tiny"}))
EXTRA = ("_gpgorigin", b"odd")


def found(archive: bytes) -> tuple[str, bytes]:
    member = control_member(io.BytesIO(archive), len(archive))
    return member.name, archive[member.offset : member.offset + member.size_bytes]


@pytest.mark.parametrize(
    "archive",
    [
        an_ar(VERSION, CONTROL, DATA),
        an_ar(VERSION, CONTROL, DATA, slash="/"),
        an_ar(("debian-binary", b"2.17\nmore lines\nfor later\n"), CONTROL, DATA),
        an_ar(VERSION, EXTRA, CONTROL, EXTRA, DATA, EXTRA),
        an_ar(VERSION, CONTROL, ("data.tar.zst", b"odd")),
        an_ar(VERSION, CONTROL, ("data.tar.bz2", b"odd")).removesuffix(b"\n"),
    ],
)
def test_the_control_archive_is_found(archive: bytes) -> None:
    assert found(archive) == CONTROL


@pytest.mark.parametrize("ending", ["", ".gz", ".xz", ".zst"])
def test_it_may_be_compressed_as_dpkg_reads_it(ending: str) -> None:
    control = control_archive(b"", ending)

    assert found(an_ar(VERSION, control, DATA)) == control


@pytest.mark.parametrize(
    ("archive", "why"),
    [
        (b"", "it is no Debian package"),
        (b"junk text", "it is no Debian package"),
        (b"!<arch>\n", "a header of a member cannot be read"),
        (b"0.939000\n80\n", "it is no Debian package"),
        (an_ar(CONTROL, DATA), "it does not begin with the member 'debian-binary'"),
        (an_ar(EXTRA, VERSION, CONTROL, DATA), "it does not begin with the member 'debian-binary'"),
        (an_ar(("debian-binary", b"3.0\n"), CONTROL), "it is not in version 2 of Debian's format"),
        (an_ar(("debian-binary", b"2.0"), CONTROL), "it is not in version 2 of Debian's format"),
        (an_ar(("debian-binary", b""), CONTROL), "it is not in version 2 of Debian's format"),
        (an_ar(VERSION), "no control archive follows its version"),
        (an_ar(VERSION, DATA, CONTROL), "no control archive follows its version"),
        (an_ar(VERSION, ("control.tar.bz2", b"")), "no control archive follows its version"),
        (an_ar(VERSION, ("control.tar.gz.x", b"")), "no control archive follows its version"),
        (an_ar(VERSION, ("//", b""), CONTROL, DATA), "no control archive follows its version"),
        (an_ar(VERSION, CONTROL), "it has no data archive"),
        (an_ar(VERSION, CONTROL, EXTRA), "it has no data archive"),
    ],
)
def test_anything_else_is_refused(archive: bytes, why: str) -> None:
    with pytest.raises(Unfit) as refusal:
        found(archive)

    assert str(refusal.value) == why


@pytest.mark.parametrize(
    "members",
    [
        (CONTROL, CONTROL, DATA),
        (CONTROL, ("readme", b""), DATA),
        (CONTROL, DATA, DATA),
        (CONTROL, DATA, CONTROL),
        (CONTROL, DATA, ("readme", b"")),
        (CONTROL, ("data.zip", b"")),
    ],
)
def test_what_two_readers_may_choose_differently_is_refused(
    members: tuple[tuple[str, bytes], ...],
) -> None:
    with pytest.raises(Unfit, match="something else than a control archive and then"):
        found(an_ar(VERSION, *members))


def test_an_end_in_the_middle_of_a_member_is_refused() -> None:
    whole = an_ar(VERSION, CONTROL, ("data.tar", b"1234"))

    for length in range(len(whole)):
        with pytest.raises(Unfit):
            found(whole[:length])


@pytest.mark.parametrize("size", [b"-1", b"0x10", b"1e3", b"+5", b"", b"\xb2"])
def test_a_size_is_a_decimal_number(size: bytes) -> None:
    archive = an_ar(VERSION, CONTROL, DATA)

    with pytest.raises(Unfit, match="a header of a member cannot be read"):
        found(archive[:56] + size.ljust(10) + archive[66:])


def test_members_are_counted() -> None:
    with pytest.raises(Unfit, match="it has more than 16 members"):
        found(an_ar(VERSION, *[("_", b"")] * 14, CONTROL, DATA))
