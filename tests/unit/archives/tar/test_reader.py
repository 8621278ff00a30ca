import io
import tarfile

import pytest

from filemanager.archives.faults import Fault
from filemanager.domain.errors import OverBudget
from filemanager.domain.intake.unpacking import ArchiveForm, ArchiveRefused, MemberRefusal
from unit.archives.reading import a_budget, files, unpack
from unit.archives.tar.tar_bytes import END, header, member, padded, pax, record, with_checksum

LONG = b"d/" + b"n" * 150


def refusals(data: bytes) -> list[tuple[str, MemberRefusal]]:
    unpacked = unpack(data)
    assert unpacked is not None
    return [(refused.path, refused.refusal) for refused in unpacked.refused]


def tar_of(form: int, *names: str) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as tar:
        for name in names:
            info = tarfile.TarInfo(name)
            info.size = len(name)
            tar.addfile(info, io.BytesIO(name.encode()[: info.size]))
    return out.getvalue()


def test_files_and_directories_come_in_order() -> None:
    unpacked = unpack(header(b"d/", kind=b"5") + member(b"d/b") + member(b"a", b"") + END)

    assert unpacked is not None
    assert unpacked.form is ArchiveForm.TAR
    assert unpacked.compression == ""
    assert [entry.path for entry in unpacked.members] == ["d", "d/b", "a"]
    assert unpacked.members[0].content is None
    assert files(unpacked) == {"d/b": b"hello", "a": b""}


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_long_names_are_read_in_every_form(form: int) -> None:
    name = f"{'d' * 90}/{'n' * 95}"

    assert files(unpack(tar_of(form, name))) == {name: name.encode()}


def test_the_root_of_the_archive_is_no_member() -> None:
    unpacked = unpack(header(b"./", kind=b"5") + member(b"./a") + END)

    assert unpacked is not None
    assert [entry.path for entry in unpacked.members] == ["a"]


def test_a_name_that_is_not_utf_8_is_latin_1() -> None:
    assert list(files(unpack(member(b"\xe9t\xe9") + END))) == ["été"]


def test_a_regular_member_with_a_closing_slash_is_a_directory() -> None:
    unpacked = unpack(header(b"d/", kind=b"\0", magic=bytes(8)) + END)

    assert unpacked is not None
    assert [(entry.path, entry.content) for entry in unpacked.members] == [("d", None)]


def test_two_members_of_one_name_are_both_given_out() -> None:
    unpacked = unpack(member(b"a", b"old") + member(b"a", b"new") + END)

    assert unpacked is not None
    assert [entry.path for entry in unpacked.members] == ["a", "a"]
    assert files(unpacked) == {"a": b"new"}


def test_a_size_in_base_256_is_read() -> None:
    size = b"\x80" + (5).to_bytes(11, "big")

    assert files(unpack(header(size=size) + padded(b"hello") + END)) == {"a.txt": b"hello"}


def test_one_block_of_zeros_is_an_end() -> None:
    assert files(unpack(member() + bytes(512))) == {"a.txt": b"hello"}


def test_links_devices_and_fifos_refuse_the_member_alone() -> None:
    kinds = b"12346"
    blocks = [header(b"x%c" % kind, kind=b"%c" % kind, link=b"to") for kind in kinds]

    unpacked = unpack(b"".join(blocks) + member() + END)

    assert list(files(unpacked)) == ["a.txt"]
    assert refusals(b"".join(blocks) + END) == [
        ("x1", MemberRefusal.HARD_LINK),
        ("x2", MemberRefusal.SYMBOLIC_LINK),
        ("x3", MemberRefusal.CHARACTER_DEVICE),
        ("x4", MemberRefusal.BLOCK_DEVICE),
        ("x6", MemberRefusal.FIFO),
    ]


def test_a_member_that_leaves_is_refused_and_its_neighbours_are_read() -> None:
    data = member(b"../evil\x1b", b"x" * 600) + member() + END

    assert list(files(unpack(data))) == ["a.txt"]
    assert refusals(data) == [("../evil\x1b", MemberRefusal.LEAVES_THE_ARCHIVE)]


def test_pax_records_name_the_next_member_only() -> None:
    name = "é.tex".encode()

    found = files(unpack(pax((b"path", name)) + member(b"x") + member(b"b") + END))

    assert list(found) == ["é.tex", "b"]


def test_a_gnu_long_link_is_passed_over() -> None:
    data = member(b"././@LongLink", LONG + b"\0", b"K") + header(b"l", kind=b"2", link=LONG[:100])

    assert refusals(data + END) == [("l", MemberRefusal.SYMBOLIC_LINK)]


GLOBAL = pax((b"comment", b"0123"), kind=b"g")
MULTIPLE = pax((b"mtime", b"1")) + pax((b"path", LONG)) + member()
GNU_LONG = member(b"././@LongLink", LONG + b"\0", b"L")


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (member(), Fault.TRUNCATED),
        (member()[:700], Fault.TRUNCATED),
        (header(size=512) + b"x" * 500, Fault.TRUNCATED),
        (header(size=1 << 30) + b"x" * 512, Fault.TRUNCATED),
        (member() + bytes(100), Fault.TRUNCATED),
        (member() + END + member() + END, Fault.TRAILING_DATA),
        (member() + END + b"x", Fault.TRAILING_DATA),
        (member() + bytes(512) + member() + END, Fault.TRAILING_DATA),
        (header(size=5) + b"hello" + b"x" * 507 + END, Fault.HIDDEN_DATA),
        (header(b"a\0b") + END, Fault.HIDDEN_DATA),
        (header(b"a", prefix=b"p\0q") + END, Fault.HIDDEN_DATA),
        (header(b"a", prefix=b"p", magic=b"ustar  \0") + END, Fault.HIDDEN_DATA),
        (with_checksum(header()[:511] + b"x") + END, Fault.HIDDEN_DATA),
        (header(b"", prefix=b"p") + END, Fault.BAD_NAME),
        (header(b"a", prefix=b".") + END, Fault.BAD_NAME),
        (header(b"a" * 97, prefix=b".") + END, Fault.BAD_NAME),
        (pax((b"path", LONG)) + header(b"a", prefix=b".") + END, Fault.BAD_NAME),
        (pax((b"path", LONG)) + header(b"", prefix=b"p") + END, Fault.BAD_NAME),
        (header(b"") + END, Fault.BAD_NAME),
        (header(magic=b"ustar\x0001") + END, Fault.UNSUPPORTED),
        (header(magic=b"USTAR\x0000") + END, Fault.UNSUPPORTED),
        (header(magic=b"ustar\x00\x000") + END, Fault.UNSUPPORTED),
        (header(magic=b"ustar 00") + END, Fault.UNSUPPORTED),
        (header(magic=b"ustar   ", prefix=b"p") + END, Fault.HIDDEN_DATA),
        (header(size=b"0000000000x\0") + END, Fault.BAD_NUMBER),
        (header(size=b"00000000009\0") + END, Fault.BAD_NUMBER),
        (header(size=bytes(12)) + END, Fault.BAD_NUMBER),
        (header(size=b"-0000000001\0") + END, Fault.BAD_NUMBER),
        (header(size=b"\xff" * 12) + END, Fault.BAD_NUMBER),
        (header(mode=b"rw-r--r-") + END, Fault.BAD_NUMBER),
        (header(b"d/", 5, b"5") + padded(b"hello") + END, Fault.DISPUTED_TYPE),
        (header(b"d/", 5, b"0") + padded(b"hello") + END, Fault.DISPUTED_TYPE),
        (header(b"l", 5, b"2") + padded(b"hello") + END, Fault.DISPUTED_TYPE),
        (header(b"u", 5, b"A") + padded(b"hello") + END, Fault.DISPUTED_TYPE),
        (member(kind=b"7") + END, Fault.DISPUTED_TYPE),
        (header(kind=b"V") + END, Fault.DISPUTED_TYPE),
        (pax((b"path", b"./b")) + member() + END, Fault.CONTRADICTION),
        (pax((b"path", b"b\x1b")) + member() + END, Fault.CONTRADICTION),
        (pax((b"path", b"b\x7f")) + member() + END, Fault.CONTRADICTION),
        (member(b"./d/b") + pax((b"path", b"d/b")) + member() + END, Fault.CONTRADICTION),
        (header(b"l", kind=b"2") + pax((b"path", b"l")) + member() + END, Fault.CONTRADICTION),
        (pax((b"path", LONG)) + member(b"../x") + END, Fault.CONTRADICTION),
        (pax((b"path", LONG)) + member(b"/x") + END, Fault.CONTRADICTION),
        (pax((b"path", b"../x")) + member() + END, Fault.CONTRADICTION),
        (pax((b"path", b"/" + LONG)) + member() + END, Fault.CONTRADICTION),
        (member(b"././@LongLink", b"b\0", b"L") + member() + END, Fault.CONTRADICTION),
        (pax((b"size", b"4")) + member() + END, Fault.CONTRADICTION),
        (pax((b"linkpath", b"b")) + header(kind=b"2", link=b"c") + END, Fault.CONTRADICTION),
        (pax((b"path", LONG), (b"path", LONG)) + member() + END, Fault.CONTRADICTION),
        (pax((b"path", LONG), kind=b"g") + member() + END, Fault.CONTRADICTION),
        (pax((b"size", b"5"), kind=b"g") + member() + END, Fault.CONTRADICTION),
        (MULTIPLE + END, Fault.CONTRADICTION),
        (pax((b"path", LONG)) + GLOBAL + member() + END, Fault.CONTRADICTION),
        (pax((b"path", LONG)) + GNU_LONG + member() + END, Fault.CONTRADICTION),
        (GNU_LONG + GNU_LONG + member() + END, Fault.CONTRADICTION),
        (GNU_LONG + END, Fault.TRUNCATED),
        (member(b"././@LongLink", b"a\0b\0", b"L") + member() + END, Fault.BAD_RECORD),
        (member(b"././@LongLink", b"\0", b"L") + member() + END, Fault.BAD_RECORD),
        (header(kind=b"x", size=2 << 20) + bytes(2 << 20), Fault.BAD_SIZE),
        (member(data=b"5 a=b\nx", kind=b"x") + member() + END, Fault.BAD_RECORD),
        (member(data=b"07 a=bc\n", kind=b"x") + member() + END, Fault.BAD_RECORD),
        (member(data=b"99 a=b\n", kind=b"x") + member() + END, Fault.BAD_RECORD),
        (member(data=b"6 ab=\n"[:5] + b"x", kind=b"x") + member() + END, Fault.BAD_RECORD),
        (pax((b"path", b"a\0b")) + member() + END, Fault.BAD_RECORD),
        (pax((b"a\0b", b"c")) + member() + END, Fault.BAD_RECORD),
        (pax((b"path", b"")) + member() + END, Fault.BAD_RECORD),
        (pax((b"size", b"-5")) + member() + END, Fault.BAD_RECORD),
        (pax((b"mtime", b"now")) + member() + END, Fault.BAD_RECORD),
        (pax((b"uid", b"x")) + member() + END, Fault.BAD_RECORD),
        (pax((b"path", b"\xe9t\xe9")) + member() + END, Fault.BAD_NAME),
        (pax((b"hdrcharset", b"BINARY")) + member() + END, Fault.UNSUPPORTED),
    ],
)
def test_a_tar_that_lies_or_breaks_is_refused_whole(data: bytes, fault: Fault) -> None:
    with pytest.raises(ArchiveRefused) as refused:
        unpack(data)

    assert refused.value.reason == fault
    assert refused.value.is_recognised


def test_a_directory_that_leaves_is_refused() -> None:
    data = header(b"../d/", kind=b"5") + END

    assert refusals(data) == [("../d/", MemberRefusal.LEAVES_THE_ARCHIVE)]


def test_a_size_beyond_octal_digits_is_taken_from_the_pax_header() -> None:
    with pytest.raises(ArchiveRefused, match="middle of a file"):
        unpack(pax((b"size", b"8589934592")) + header() + END)


def test_a_large_member_that_breaks_off_is_refused() -> None:
    with pytest.raises(ArchiveRefused) as refused:
        unpack(header(size=300_001) + bytes(300_001))

    assert refused.value.reason == Fault.TRUNCATED


def test_a_record_is_as_long_as_it_says() -> None:
    assert record(b"path", b"x" * 89) == b"98 path=" + b"x" * 89 + b"\n"


def test_a_wrong_checksum_later_on_refuses_the_tar() -> None:
    broken = bytearray(member())
    broken[0] ^= 1

    with pytest.raises(ArchiveRefused, match="checksum"):
        unpack(member() + bytes(broken) + END)


def test_a_large_member_goes_through_in_pieces() -> None:
    data = bytes(range(256)) * 8192 + b"tail"

    assert files(unpack(header(size=len(data)) + padded(data) + END)) == {"a.txt": data}


def test_entries_are_counted_before_they_are_written() -> None:
    with pytest.raises(OverBudget, match="2 entries"):
        unpack(member() * 3 + END, a_budget(entries=2))


def test_the_bytes_of_a_plain_tar_are_counted_once() -> None:
    budget = a_budget()

    unpack(member() + END, budget)

    assert budget.bytes_left == (1 << 30) - len(member() + END)
