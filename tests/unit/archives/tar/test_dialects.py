"""Headers that real programs write and every other reader takes."""

import pytest

from filemanager.domain.intake.unpacking import MemberRefusal, PathChange
from unit.archives.reading import files, unpack
from unit.archives.tar.tar_bytes import END, header, member, padded, pax, with_checksum

LONG = b"d/" + b"n" * 150
TIME = b"15302265132\0"


def with_tail(block: bytes, tail: bytes) -> bytes:
    """*tail* stands where a prefix has its last bytes, from 475 on."""
    return with_checksum(block[:475] + tail.ljust(37, b"\0"))


@pytest.mark.parametrize("version", [b"00", b"\0\0", b" \0", b"  "])
def test_versions_of_php_sharpziplib_and_ant_are_read(version: bytes) -> None:
    data = header(size=5, prefix=b"p", magic=b"ustar\0" + version) + padded(b"hello") + END

    assert files(unpack(data)) == {"p/a.txt": b"hello"}


def test_three_blanks_are_a_magic_without_a_prefix() -> None:
    data = header(size=5, magic=b"ustar   ") + padded(b"hello") + END

    assert files(unpack(data)) == {"a.txt": b"hello"}


@pytest.mark.parametrize("prefix", [b"", b"p", b"p" * 130])
@pytest.mark.parametrize(
    "tail",
    [
        b"\0" + TIME * 2,
        b"\0" + TIME.replace(b"\0", b" ") * 2,
        b"\0" + TIME + bytes(12),
        b"\0" + bytes(12) + TIME,
        b"\0" + b"\x80" + bytes(11) + b"\xff" * 12,
        b"\0" + TIME * 2 + bytes(8) + b"tar\0",
    ],
)
def test_times_behind_the_prefix_are_no_part_of_it(prefix: bytes, tail: bytes) -> None:
    block = with_tail(header(size=5, prefix=prefix), tail)
    path = "/".join(filter(None, (prefix.decode(), "a.txt")))

    assert files(unpack(block + padded(b"hello") + END)) == {path: b"hello"}


@pytest.mark.parametrize("length", [131, 154, 155])
def test_a_prefix_may_fill_its_field(length: int) -> None:
    data = header(size=5, prefix=b"1" * length) + padded(b"hello") + END

    assert files(unpack(data)) == {f"{'1' * length}/a.txt": b"hello"}


@pytest.mark.parametrize("length", [98, 99, 100])
def test_a_prefix_of_one_dot_before_a_name_that_needed_it_is_read(length: int) -> None:
    data = header(b"n" * length, size=5, prefix=b".") + padded(b"hello") + END

    assert files(unpack(data)) == {"n" * length: b"hello"}


@pytest.mark.parametrize("prefix", [b".", b"./."])
@pytest.mark.parametrize("own", [{"prefix": b"."}, {"prefix": b"d"}, {"name": b"", "prefix": b"d"}])
def test_prefixes_around_a_long_name_are_not_looked_at(
    prefix: bytes, own: dict[str, bytes]
) -> None:
    long = header(b"@LongLink", len(LONG) + 1, b"L", prefix=prefix) + padded(LONG + b"\0")
    name = own.get("name", LONG[:100])

    data = long + header(name, 5, prefix=own["prefix"]) + padded(b"hello") + END

    assert files(unpack(data)) == {LONG.decode(): b"hello"}


@pytest.mark.parametrize("path", [b"b.txt", b"d/b", "é".encode(), LONG, b".b", b"b" * 99])
@pytest.mark.parametrize("name", [b"", b"a.txt", b"d/PaxHeader/x"])
def test_a_pax_path_overrides_the_name_of_the_header(path: bytes, name: bytes) -> None:
    data = member(b"first") + pax((b"path", path)) + member(name) + END

    assert list(files(unpack(data))) == ["first", path.decode()]


def test_a_pax_path_like_the_name_of_the_header_may_come_again() -> None:
    one = pax((b"path", b"./a.txt")) + member(b"./a.txt")

    unpacked = unpack(one + one + END)

    assert unpacked is not None
    assert [entry.path for entry in unpacked.members] == ["a.txt", "a.txt"]


def test_names_that_leave_together_refuse_the_member() -> None:
    long = b"../" + LONG
    unpacked = unpack(pax((b"path", long)) + member(long[:100]) + member() + END)

    assert unpacked is not None
    assert [one.refusal for one in unpacked.refused] == [MemberRefusal.LEAVES_THE_ARCHIVE]
    assert list(files(unpacked)) == ["a.txt"]


def test_a_leading_slash_is_dropped_and_told() -> None:
    unpacked = unpack(header(b"/d/", kind=b"5") + member(b"/d/a") + END)

    assert unpacked is not None
    assert [(one.path, one.sent_as, one.changes) for one in unpacked.members] == [
        ("d", "/d/", (PathChange.ROOT_DROPPED,)),
        ("d/a", "/d/a", (PathChange.ROOT_DROPPED,)),
    ]


def test_a_name_that_is_too_long_is_shortened_and_told() -> None:
    name = "論" * 90 + ".png"
    unpacked = unpack(pax((b"path", name.encode())) + member(b"x") + END)

    assert unpacked is not None
    [found] = unpacked.members
    assert (found.sent_as, found.changes) == (name, (PathChange.SHORTENED,))
    assert found.path.endswith(".png")
