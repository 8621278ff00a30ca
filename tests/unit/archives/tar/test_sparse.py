"""Sparse files in every form of GNU tar: holes are zeros, counted before they are written."""

import pytest

from builders.in_memory import Bytes, MemoryScratch
from filemanager.archives.faults import Fault
from filemanager.archives.unpacker import ArchiveUnpacker
from filemanager.domain.errors import OverBudget
from filemanager.domain.intake.unpacking import ArchiveRefused, MemberRefusal
from unit.archives.reading import a_budget, files, unpack
from unit.archives.tar.tar_bytes import END, header, member, padded, pax, sparse

FORMS = ["old", "0.0", "0.1", "1.0"]
Pieces = list[tuple[int, int]]


def fault_of(data: bytes) -> str:
    with pytest.raises(ArchiveRefused) as refused:
        unpack(data + END)
    return refused.value.reason


def expanded(pieces: Pieces, size: int, data: bytes) -> bytes:
    whole = bytearray(size)
    at = 0
    for offset, length in pieces:
        whole[offset : offset + length] = data[at : at + length]
        at += length
    return bytes(whole)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("pieces", "size"),
    [
        ([(0, 5)], 5),
        ([(3, 2)], 5),
        ([(0, 2), (700_000, 0)], 700_000),
        ([(0, 2), (4, 3), (3 << 20, 1)], (3 << 20) + 1),
        ([(number * 1000, 7) for number in range(300)], 299_007),
        ([(100, 0)], 100),
    ],
)
def test_holes_are_zeros(form: str, pieces: Pieces, size: int) -> None:
    data = bytes(range(1, 256)) * 10
    stored = data[: sum(length for _, length in pieces)]

    found = files(unpack(sparse(form, pieces, size, stored) + member() + END))

    assert found == {"s.h5": expanded(pieces, size, stored), "a.txt": b"hello"}


@pytest.mark.parametrize("form", ["0.0", "0.1", "1.0"])
def test_an_empty_map_is_an_empty_file(form: str) -> None:
    if form == "1.0":
        assert files(unpack(sparse(form, [], 0, b"") + END)) == {"s.h5": b""}
    else:
        assert fault_of(sparse(form, [], 0, b"")) in (Fault.CONTRADICTION, Fault.BAD_NUMBER)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("pieces", "size"),
    [
        ([(0, 5)], 6),
        ([(0, 5)], 4),
        ([(0, 4)], 4),
        ([(0, 6)], 6),
        ([(0, 3), (2, 2)], 4),
        ([(4, 2), (0, 3)], 6),
        ([(0, 5), (3, 0)], 3),
    ],
)
def test_a_map_that_contradicts_itself_refuses_the_archive(
    form: str, pieces: Pieces, size: int
) -> None:
    assert fault_of(sparse(form, pieces, size, b"hello")) == Fault.CONTRADICTION


def test_a_map_has_a_limit() -> None:
    pieces = [(number, 0) for number in range(100_001)]

    assert fault_of(sparse("old", pieces, 100_000, b"")) == Fault.BAD_SIZE
    assert fault_of(sparse("1.0", pieces, 100_000, b"")) == Fault.BAD_SIZE
    assert len(files(unpack(sparse("1.0", pieces[:-1], 99_999, b"") + END))["s.h5"]) == 99_999


MAJOR = ((b"GNU.sparse.major", b"1"), (b"GNU.sparse.minor", b"0"))
REAL = (b"GNU.sparse.realsize", b"5")
NAME = (b"GNU.sparse.name", b"s")


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (pax(*MAJOR, NAME) + member(data=padded(b"1\n0\n0\n")), Fault.CONTRADICTION),
        (pax(*MAJOR, NAME, REAL) + member(data=b"1\n0\n5\nhello"), Fault.CONTRADICTION),
        (pax(*MAJOR, NAME, REAL) + member(data=b"x" * 512), Fault.CONTRADICTION),
        (pax(*MAJOR, NAME, REAL) + member(data=padded(b"x\n")), Fault.BAD_NUMBER),
        (pax(*MAJOR, NAME, REAL) + member(data=padded(b"1\n-0\n5\n")), Fault.BAD_NUMBER),
        (pax(*MAJOR, NAME, REAL) + member(data=padded(b"1\n0\n0\n9\n")), Fault.HIDDEN_DATA),
        (pax(*MAJOR, NAME, REAL) + member(data=padded(b"1\n0\n0\nx")), Fault.HIDDEN_DATA),
        (pax(*MAJOR, NAME, REAL) + header(kind=b"5"), Fault.CONTRADICTION),
        (pax(*MAJOR, (b"GNU.sparse.name", b""), REAL) + member(), Fault.BAD_NAME),
        (pax(*MAJOR, REAL, (b"GNU.sparse.map", b"0,5")) + member(), Fault.CONTRADICTION),
        (pax(MAJOR[0], REAL) + member(), Fault.CONTRADICTION),
        (pax((b"GNU.sparse.map", b"0,5")) + member(), Fault.CONTRADICTION),
        (pax(REAL, (b"GNU.sparse.map", b"0,5")) + member(), Fault.BAD_NUMBER),
        (pax(REAL, (b"GNU.sparse.numbytes", b"5")) + member(), Fault.CONTRADICTION),
        (pax(REAL, (b"GNU.sparse.size", b"6")) + member(), Fault.CONTRADICTION),
        (pax(*MAJOR, REAL) + sparse("old", [(0, 5)], 5, b"hello"), Fault.HIDDEN_DATA),
        (pax(REAL, kind=b"g") + member(), Fault.CONTRADICTION),
        (pax((b"GNU.sparse.offset", b"0"), kind=b"g") + member(), Fault.CONTRADICTION),
        (sparse("old", [(0, 1)] * 5, 5, b"hello")[:700], Fault.TRUNCATED),
    ],
)
def test_a_map_that_cannot_be_read_refuses_the_archive(data: bytes, fault: Fault) -> None:
    if fault is Fault.TRUNCATED:
        with pytest.raises(ArchiveRefused) as refused:
            unpack(data)
        assert refused.value.reason == fault
    else:
        assert fault_of(data) in (fault, Fault.CONTRADICTION)


@pytest.mark.parametrize(
    "record",
    [
        (b"GNU.sparse.major", b"2"),
        (b"SCHILY.realsize", b"9"),
        (b"SCHILY.filetype", b"sparse"),
    ],
)
def test_maps_of_other_kinds_refuse_the_member_alone(record: tuple[bytes, bytes]) -> None:
    unpacked = unpack(pax(record) + member(b"s") + member() + END)

    assert unpacked is not None
    assert [(one.path, one.refusal) for one in unpacked.refused] == [("s", MemberRefusal.SPARSE)]
    assert list(files(unpacked)) == ["a.txt"]


@pytest.mark.parametrize("form", FORMS)
def test_a_sparse_file_that_leaves_is_refused_and_its_neighbours_are_read(form: str) -> None:
    unpacked = unpack(sparse(form, [(9, 5)], 14, b"hello", name=b"../s") + member() + END)

    assert unpacked is not None
    assert [(one.path, one.refusal) for one in unpacked.refused] == [
        ("../s", MemberRefusal.LEAVES_THE_ARCHIVE)
    ]
    assert list(files(unpacked)) == ["a.txt"]


def test_a_header_that_leaves_where_the_sparse_name_does_not_refuses_the_archive() -> None:
    data = pax(*MAJOR, NAME, REAL) + member(b"../s", padded(b"1\n0\n5\n") + b"hello")

    assert fault_of(data) == Fault.CONTRADICTION


@pytest.mark.parametrize("form", FORMS)
def test_holes_are_counted_and_reserved_before_they_are_written(form: str) -> None:
    data = sparse(form, [(1 << 32, 1)], (1 << 32) + 1, b"x") + END
    scratch = MemoryScratch()

    with pytest.raises(OverBudget):
        ArchiveUnpacker().unpack(Bytes(data), a_budget(), scratch)

    assert (scratch.written_bytes, scratch.reserved_bytes) == (0, 0)


def test_room_for_the_whole_file_is_reserved() -> None:
    scratch = MemoryScratch()

    data = sparse("1.0", [(1 << 20, 5)], (1 << 20) + 5, b"hello") + END
    ArchiveUnpacker().unpack(Bytes(data), a_budget(), scratch)

    assert scratch.reserved_bytes == scratch.written_bytes == (1 << 20) + 5


def test_holes_count_in_the_ratio_above_64_mib() -> None:
    data = sparse("1.0", [((64 << 20) + 1, 1)], (64 << 20) + 2, b"x") + END

    with pytest.raises(OverBudget, match="for one sent"):
        unpack(data, a_budget(len(data)))
