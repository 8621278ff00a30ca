import io
import struct
import zipfile
import zlib
from collections.abc import Callable

import pytest

from filemanager.archives.faults import Fault
from filemanager.domain.errors import OverBudget
from filemanager.domain.intake.unpacking import (
    ArchiveForm,
    ArchiveRefused,
    MemberRefusal,
    PathChange,
)
from unit.archives.reading import a_budget, files, unpack
from unit.archives.zip.zip_bytes import Part, a_zip, extra

TEXT = b"some text, some text\n" * 50
METHODS = [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]


class Unseekable(io.BytesIO):
    def seekable(self) -> bool:
        return False

    def seek(self, *_: int) -> int:
        raise io.UnsupportedOperation


def written(out: io.BytesIO, method: int, *, force_zip64: bool = False) -> bytes:
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.mkdir("d") if out.seekable() else None
        with archive.open("d/a.txt", "w", force_zip64=force_zip64) as file:
            file.write(TEXT)
        archive.writestr("é.txt", b"")
    return out.getvalue()


def fault_of(data: bytes) -> str:
    with pytest.raises(ArchiveRefused) as refused:
        unpack(data)
    assert refused.value.is_recognised
    return refused.value.reason


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("force_zip64", [False, True])
@pytest.mark.parametrize("make", [io.BytesIO, Unseekable])
def test_zips_of_the_standard_library_are_read(
    method: int, force_zip64: bool, make: Callable[[], io.BytesIO]
) -> None:
    unpacked = unpack(written(make(), method, force_zip64=force_zip64))

    assert unpacked is not None
    assert (unpacked.form, unpacked.compression) == (ArchiveForm.ZIP, "")
    assert files(unpacked) == {"d/a.txt": TEXT, "é.txt": b""}


def test_an_empty_zip_has_no_members() -> None:
    unpacked = unpack(b"PK\x05\x06" + bytes(18))

    assert unpacked is not None
    assert unpacked.members == ()


def test_the_order_of_the_directory_counts() -> None:
    parts = (Part(b"a"), Part(b"b"))

    assert list(files(unpack(a_zip(*parts, directory_order=(1, 0))))) == ["b", "a"]


def test_a_directory_member_is_a_directory() -> None:
    unpacked = unpack(a_zip(Part(b"d/", b"")))

    assert unpacked is not None
    assert [(member.path, member.content) for member in unpacked.members] == [("d", None)]


@pytest.mark.parametrize(
    ("name", "flags", "path"),
    [
        (b"\x82t\x82", 0, "été"),
        ("été".encode(), 0, "été"),
        ("été".encode(), 0x800, "été"),
    ],
)
def test_names_are_utf_8_or_code_page_437(name: bytes, flags: int, path: str) -> None:
    assert list(files(unpack(a_zip(Part(name, flags=flags))))) == [path]


def test_links_and_paths_that_leave_refuse_the_member_alone() -> None:
    unpacked = unpack(
        a_zip(Part(b"l", b"to", mode=0o120777), Part(b"..\\x"), Part(b"/etc/x"), Part(b"a"))
    )

    assert unpacked is not None
    assert [(one.path, one.refusal) for one in unpacked.refused] == [
        ("l", MemberRefusal.SYMBOLIC_LINK),
        ("..\\x", MemberRefusal.LEAVES_THE_ARCHIVE),
    ]
    assert list(files(unpacked)) == ["etc/x", "a"]


def unicode_name(raw: bytes, name: bytes, version: int = 1) -> bytes:
    return extra(0x7075, struct.pack("<BL", version, zlib.crc32(raw)) + name)


def test_a_unicode_name_is_taken() -> None:
    name = "ю.tex".encode()
    part = Part(b"\x9e.tex", extra=unicode_name(b"\x9e.tex", name))

    assert list(files(unpack(a_zip(part)))) == ["ю.tex"]


WIDE = extra(1, struct.pack("<2Q", 5, 5))
GOOD = a_zip(Part(b"a"))


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (GOOD[:-1], Fault.TRAILING_DATA),
        (GOOD[:-22], Fault.TRUNCATED),
        (GOOD[:30], Fault.TRUNCATED),
        (GOOD + b"\nx", Fault.TRAILING_DATA),
        (GOOD + b" ", Fault.TRAILING_DATA),
        (GOOD + bytes((64 << 10) + 1), Fault.TRAILING_DATA),
        (b"PK00" + GOOD, Fault.LEADING_DATA),
        (GOOD[:4] + GOOD, Fault.LEADING_DATA),
        (a_zip(Part(b"a"), comment=b"x" + b"PK\x05\x06" + bytes(18)), Fault.LEADING_DATA),
        (a_zip(Part(b"a"), comment=b"PK\x05\x06" + bytes(30)), Fault.TRAILING_DATA),
        (a_zip(Part(b"a"), comment=b"PK\x05\x06" + bytes(30)) + b"\n", Fault.LEADING_DATA),
        (a_zip(Part(b"a"), count=2), Fault.CONTRADICTION),
        (a_zip(Part(b"a"), disk=1), Fault.SPLIT),
        (b"PK\x07\x08" + GOOD, Fault.SPLIT),
        (b"PK\x07\x08" + GOOD[:40], Fault.SPLIT),
        (a_zip(Part(b"a"), gap=b"x"), Fault.LEADING_DATA),
        (a_zip(Part(b"a", after=b"x"), Part(b"b")), Fault.GAP),
        (a_zip(Part(b"a", after=b"x")), Fault.GAP),
        (a_zip(Part(b"a"), Part(b"b"), directory_order=(1,)), Fault.GAP),
        (a_zip(Part(b"a"), Part(b"b"), directory_order=(0, 0, 1)), Fault.OVERLAP),
        (a_zip(Part(b"a"), Part(b"a", b"other")), Fault.DUPLICATE),
        (a_zip(Part(b"a"), Part(b"a", b"other", crc=zlib.crc32(b"hello"))), Fault.BAD_CHECKSUM),
        (a_zip(Part(b"a/", b""), Part(b"a")), Fault.DUPLICATE),
        (a_zip(Part(b"./a"), Part(b"a", b"x")), Fault.DUPLICATE),
        (a_zip(Part(b"/a"), Part(b"a", b"x")), Fault.DUPLICATE),
        (a_zip(Part(b"d\\a", host=0), Part(b"d/a", b"x")), Fault.DUPLICATE),
        (a_zip(Part(b"d\\", b"data", host=0)), Fault.DISPUTED_TYPE),
        (a_zip(Part(b"")), Fault.BAD_NAME),
        (a_zip(Part(b"a\0b")), Fault.BAD_NAME),
        (a_zip(Part(b"\xe9t\xe9", flags=0x800)), Fault.BAD_NAME),
        (a_zip(Part(b"a/", b"data")), Fault.DISPUTED_TYPE),
        (a_zip(Part(b"a", flags=1)), Fault.ENCRYPTED),
        (a_zip(Part(b"a", extra=extra(0x9901, b"1234567"))), Fault.ENCRYPTED),
        (a_zip(Part(b"a", flags=0x10)), Fault.UNSUPPORTED),
        (a_zip(Part(b"a", method=9)), Fault.UNSUPPORTED),
        (a_zip(Part(b"a", method=99)), Fault.UNSUPPORTED),
        (a_zip(Part(b"a", local={"name": b"b"})), Fault.CONTRADICTION),
        (a_zip(Part(b"a", local={"method": 8})), Fault.CONTRADICTION),
        (a_zip(Part(b"a", local={"flags": 0x800})), Fault.CONTRADICTION),
        (a_zip(Part(b"a", local={"crc": 1})), Fault.CONTRADICTION),
        (a_zip(Part(b"a", local={"size": 4})), Fault.CONTRADICTION),
        (a_zip(Part(b"a", local={"packed": 4})), Fault.CONTRADICTION),
        (a_zip(Part(b"a", local={"extra": extra(1, b"")[:3]})), Fault.BAD_RECORD),
        (a_zip(Part(b"a", local={"extra": unicode_name(b"a", b"a")})), Fault.CONTRADICTION),
        (a_zip(Part(b"a", crc=1)), Fault.BAD_CHECKSUM),
        (a_zip(Part(b"a", size=4)), Fault.BAD_SIZE),
        (a_zip(Part(b"a", method=8, size=4)), Fault.BAD_SIZE),
        (a_zip(Part(b"a", method=8, size=6)), Fault.BAD_SIZE),
        (a_zip(Part(b"a", method=8, packed_tail=b"x")), Fault.DAMAGED),
        (a_zip(Part(b"a", method=8, packed=b"\xff" * 9)), Fault.DAMAGED),
        (a_zip(Part(b"a", method=8, packed=b"")), Fault.DAMAGED),
        (a_zip(Part(b"a", method=14, packed=b"")), Fault.DAMAGED),
        (a_zip(Part(b"a", extra=b"\x01\x00\x09")), Fault.BAD_RECORD),
        (a_zip(Part(b"a", extra=b"\x01\x00\x09\x00x")), Fault.BAD_RECORD),
        (a_zip(Part(b"a", extra=extra(7, b"") * 2)), Fault.CONTRADICTION),
        (a_zip(Part(b"a", extra=extra(1, struct.pack("<2Q", 9, 9)))), Fault.CONTRADICTION),
        (a_zip(Part(b"a", extra=extra(1, b"1234567"))), Fault.CONTRADICTION),
        (a_zip(Part(b"a", size=0xFFFFFFFF, extra=extra(1, b""))), Fault.BAD_SIZE),
        (a_zip(Part(b"a", extra=unicode_name(b"a", b"b") * 2)), Fault.CONTRADICTION),
        (a_zip(Part(b"a", extra=unicode_name(b"a", b"../b"))), Fault.CONTRADICTION),
        (a_zip(Part(b"a", extra=b"\0" * 3 + b"x")), Fault.BAD_RECORD),
        (a_zip(Part(b"a", extra=b"\0\0x")), Fault.BAD_RECORD),
        (a_zip(Part(b"a", extra=extra(0, b"x") * 2)), Fault.CONTRADICTION),
        (a_zip(Part(b"\x9e", extra=unicode_name(b"a", b"b"))), Fault.CONTRADICTION),
        (a_zip(Part(b"\x9e", extra=unicode_name(b"\x9e", b"b", 2))), Fault.CONTRADICTION),
        (a_zip(Part(b"\x9e", extra=unicode_name(b"\x9e", b"\xe9"))), Fault.BAD_NAME),
        (a_zip(Part(b"../\x9e", extra=unicode_name(b"../\x9e", b"b"))), Fault.CONTRADICTION),
        (a_zip(Part(b"a", extra=extra(0x7075, b"\x01"))), Fault.BAD_NAME),
    ],
)
def test_a_zip_that_lies_or_breaks_is_refused_whole(data: bytes, fault: Fault) -> None:
    assert fault_of(data) == fault


@pytest.mark.parametrize("is_wide", [False, True])
@pytest.mark.parametrize("is_signed", [False, True])
def test_descriptors_that_agree_are_read(is_wide: bool, is_signed: bool) -> None:
    assert files(unpack(a_zip(described(is_wide=is_wide, is_signed=is_signed)))) == {"a": b"hello"}


@pytest.mark.parametrize("field", [0, 1, 2])
def test_a_descriptor_that_disagrees_is_refused(field: int) -> None:
    assert fault_of(a_zip(described(wrong=field))) == Fault.CONTRADICTION


@pytest.mark.parametrize("is_signed", [False, True])
@pytest.mark.parametrize("is_announced", [False, True])
@pytest.mark.parametrize("is_wide", [False, True])
def test_a_descriptor_of_a_width_that_was_not_announced_is_read(
    is_signed: bool, is_announced: bool, is_wide: bool
) -> None:
    after = described(is_wide=is_wide, is_signed=is_signed).after
    local = described(is_wide=is_announced).local

    assert files(unpack(a_zip(Part(b"a", after=after, local=local)))) == {"a": b"hello"}


@pytest.mark.parametrize("length", [13, 15, 17, 19, 21, 23, 25])
def test_a_descriptor_of_another_length_is_refused(length: int) -> None:
    after = described(is_wide=True).after.ljust(25, b"\0")[:length]

    assert fault_of(a_zip(Part(b"a", after=after, local={"flags": 8}))) == Fault.GAP


def described(*, is_wide: bool = False, is_signed: bool = True, wrong: int | None = None) -> Part:
    fields = [zlib.crc32(b"hello"), 5, 5]
    if wrong is not None:
        fields[wrong] += 1
    after = struct.pack("<L2Q" if is_wide else "<3L", *fields)
    return Part(
        b"a",
        after=b"PK\x07\x08" * is_signed + after,
        local={
            "flags": 8,
            "crc": 0,
            "size": 0,
            "packed": 0,
            "extra": extra(1, b"") * is_wide,
        },
    )


def test_overlapping_members_are_not_inflated() -> None:
    budget = a_budget()
    data = a_zip(*(Part(b"%d" % number) for number in range(9)), offset_step=0)

    with pytest.raises(ArchiveRefused) as refused:
        unpack(data, budget)

    assert refused.value.reason in (Fault.OVERLAP, Fault.CONTRADICTION)
    assert budget.bytes_left == 1 << 30


def test_real_bytes_are_counted_whatever_the_sizes_say() -> None:
    data = a_zip(Part(b"a", bytes(80 << 20), method=8, size=100))
    budget = a_budget()

    assert fault_of(data) == Fault.BAD_SIZE
    with pytest.raises(ArchiveRefused):
        unpack(data, budget)
    assert (1 << 30) - budget.bytes_left <= 2 << 20


def test_a_bomb_is_stopped_by_the_budget() -> None:
    data = a_zip(Part(b"a", bytes(80 << 20), method=8))

    with pytest.raises(OverBudget):
        unpack(data, a_budget(len(data), unpacked_bytes=64 << 20))


def test_entries_are_counted_before_anything_is_read() -> None:
    data = a_zip(*(Part(b"%d" % number, crc=1) for number in range(9)))

    with pytest.raises(OverBudget, match="8 entries"):
        unpack(data, a_budget(entries=8))


def test_an_lzma_dictionary_that_is_too_large_is_refused_by_name() -> None:
    head = b"\x09\x04\x05\x00" + b"\x5d" + (256 << 20).to_bytes(4, "little") + bytes(5)

    assert fault_of(a_zip(Part(b"a", method=14, packed=head))) == Fault.TOO_MUCH_MEMORY


@pytest.mark.parametrize("field", range(4))
def test_end_records_that_disagree_are_refused(field: int) -> None:
    good = a_zip(Part(b"a"), is_zip64=True)
    wrong = bytearray(good)
    wrong[-22 + (8, 10, 12, 16)[field]] ^= 1

    assert files(unpack(good)) == {"a": b"hello"}
    assert fault_of(bytes(wrong)) == Fault.CONTRADICTION


@pytest.mark.parametrize(
    ("at", "fault"),
    [
        (-42 + 4, Fault.CONTRADICTION),
        (-42 + 8, Fault.CONTRADICTION),
        (-42 + 15, Fault.CONTRADICTION),
        (-98 + 1, Fault.CONTRADICTION),
        (-98 + 4, Fault.UNSUPPORTED),
        (-98 + 16, Fault.SPLIT),
        (-22 + 4, Fault.SPLIT),
    ],
)
def test_a_zip64_end_record_that_is_unusual_is_refused(at: int, fault: Fault) -> None:
    wrong = bytearray(a_zip(Part(b"a"), is_zip64=True))
    wrong[at] ^= 1

    assert fault_of(bytes(wrong)) == fault


def test_a_central_directory_that_is_too_large_is_not_read() -> None:
    parts = (Part(b"%d" % number, extra=extra(9, bytes(60_000))) for number in range(280))

    assert fault_of(a_zip(*parts)) == Fault.BAD_SIZE


def test_a_directory_that_leaves_is_refused_and_the_root_is_no_member() -> None:
    unpacked = unpack(a_zip(Part(b"./", b""), Part(b"../d/", b"")))

    assert unpacked is not None
    assert unpacked.members == ()
    assert [one.path for one in unpacked.refused] == ["../d/"]


def test_data_that_goes_on_behind_its_end_is_refused() -> None:
    part = Part(b"a", method=8, packed_tail=bytes(2 << 20))

    assert fault_of(a_zip(part)) == Fault.DAMAGED


@pytest.mark.parametrize("padding", [b"\n", b"\0", b"\n\0\n", bytes(64 << 10)])
@pytest.mark.parametrize("comment", [b"", b"a comment\n"])
@pytest.mark.parametrize("is_zip64", [False, True])
def test_zeros_and_line_feeds_behind_the_end_are_passed_over(
    padding: bytes, comment: bytes, is_zip64: bool
) -> None:
    data = a_zip(Part(b"a"), comment=comment, is_zip64=is_zip64) + padding

    assert files(unpack(data)) == {"a": b"hello"}


def test_a_zip_in_a_zip_may_have_a_line_feed_behind_it() -> None:
    assert files(unpack(a_zip(Part(b"a.zip", GOOD)) + b"\n")) == {"a.zip": GOOD}


def test_a_directory_or_the_same_file_twice_is_one() -> None:
    parts = (Part(b"d/", b""), Part(b"d/a"), Part(b"d", b"", mode=0), Part(b"d/", b""))

    unpacked = unpack(a_zip(parts[0], parts[1], parts[3], parts[1]))

    assert unpacked is not None
    assert [member.path for member in unpacked.members] == ["d", "d/a"]
    assert fault_of(a_zip(parts[0], parts[2])) == Fault.DUPLICATE


@pytest.mark.parametrize("host", [0, 10, 14])
def test_backslashes_of_windows_make_folders(host: int) -> None:
    name = "d\\é\\a.tex".encode()

    unpacked = unpack(a_zip(Part(name, host=host), Part(b"d\\e\\", b"", host=host)))

    assert unpacked is not None
    assert [(one.path, one.content is None) for one in unpacked.members] == [
        ("d/é/a.tex", False),
        ("d/e", True),
    ]


@pytest.mark.parametrize(("name", "host"), [(b"d\\a", 3), (b"d\\a", 19), (b"\x83\\a", 0)])
def test_elsewhere_a_backslash_is_a_character(name: bytes, host: int) -> None:
    assert list(files(unpack(a_zip(Part(name, host=host))))) == [name.decode("cp437")]


@pytest.mark.parametrize(
    "padding", [b"\0", b"\0\0", b"\0\0\0", extra(0, b"") * 5, extra(0, b"") + b"\0\0"]
)
def test_padding_in_extra_fields_is_passed_over(padding: bytes) -> None:
    part = Part(b"a", extra=extra(9, b"x") + padding, local={"extra": padding})

    assert files(unpack(a_zip(part))) == {"a": b"hello"}


def test_a_unicode_name_beside_one_of_ascii_is_the_better_form() -> None:
    part = Part(b"__.png", extra=unicode_name(b"__.png", "图一.png".encode()))

    assert list(files(unpack(a_zip(part)))) == ["图一.png"]


def test_a_path_is_told_as_it_was_sent() -> None:
    unpacked = unpack(a_zip(Part(b"/d/a"), Part(b"/", b"")))

    assert unpacked is not None
    assert [(one.path, one.sent_as, one.changes) for one in unpacked.members] == [
        ("d/a", "/d/a", (PathChange.ROOT_DROPPED,))
    ]
