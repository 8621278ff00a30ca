"""What is bytes inside PostScript, and that it stays as it is."""

import pytest

from builders.in_memory import Bytes, MemoryScratch
from filemanager.domain.blobs.blob import CHUNK_BYTES
from filemanager.sanitize.checks.binary_sections import binary_sections
from unit.sanitize.fakes import Desk

DATA = b"\x01\r\n\r\x04\r%%End\r\n"
HEAD = b"%!PS-Adobe-3.0\r%%BoundingBox: 0 0 1 1\r"


def a_picture(opening: bytes, closing: bytes, data: bytes = DATA) -> bytes:
    return HEAD + opening + b"\rimage\r" + data + b"\r" + closing + b"\rshowpage\r"


@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        (b"%%BeginBinary: 18", b"%%EndBinary"),
        (b"%%BeginBinary:", b"%%EndBinary"),
        (b"%%BeginData: 18 Binary Bytes", b"%%EndData"),
        (b"%%BeginData: 5 Binary Lines", b"%%EndData"),
        (b"%%BeginData: 18 binary", b"%%EndData"),
        (b"%%BeginData: 18", b"%%EndData"),
    ],
)
def test_lines_are_repaired_around_binary_data_alone(opening: bytes, closing: bytes) -> None:
    desk = Desk()

    desk.upload("a.ps", a_picture(opening, closing))

    before, after = HEAD.replace(b"\r", b"\n"), closing + b"\nshowpage\n"
    assert desk.data("a.ps") == before + opening + b"\rimage\r" + DATA + b"\r" + after


@pytest.mark.parametrize(
    "opening",
    [b"%%BeginData: 3 Hex Lines", b"%%BeginData: 3 ASCII Bytes", b"%%BeginData: Hex"],
)
def test_digits_are_lines_whatever_is_among_them(opening: bytes) -> None:
    desk, data = Desk(), a_picture(opening, b"%%EndData", b"00\rf\x01")

    desk.upload("a.ps", data)

    assert desk.data("a.ps") == data.replace(b"\r", b"\n")


@pytest.mark.parametrize("end", [b"\r%%EndBinary\rshow\r", b"\r"])
def test_plain_characters_are_lines_whatever_they_are_called(end: bytes) -> None:
    desk, data = Desk(), HEAD + b"%%BeginBinary: 6\rs4IA0\r~>" + end

    desk.upload("a.ps", data)

    assert desk.data("a.ps") == data.replace(b"\r", b"\n")


@pytest.mark.parametrize(
    "behind",
    [
        b"\r\x01\r\n",
        b"\r\x01\r%%BeginBinary: 1\r\x02\r%%EndBinary\r%%EndData\r",
        b"\r\x01\r%%EndBinary\r",
    ],
)
def test_data_without_its_end_goes_on_to_the_end_of_the_file(behind: bytes) -> None:
    desk, opening = Desk(), b"%%BeginData: 1 Binary Bytes"

    desk.upload("a.ps", HEAD + opening + behind)

    assert desk.data("a.ps") == HEAD.replace(b"\r", b"\n") + opening + behind


def test_an_end_inside_counted_bytes_is_data() -> None:
    data = b"\r%%EndBinary\r\x01" * 3
    picture = a_picture(b"%%BeginBinary: 48", b"%%EndBinary", data)

    ((start, stop),) = binary_sections(Bytes(picture), MemoryScratch())

    assert picture[start:stop] == b"\rimage\r" + data + b"\r"


@pytest.mark.parametrize("shift", [-130, -20, -3, 0, 5])
def test_a_mark_at_the_border_of_a_chunk_is_found_once(shift: int) -> None:
    head = b"%!PS\n" + b"x" * (CHUNK_BYTES + shift)
    data = head + b"\n%%BeginBinary: 3\na\x01c\n%%EndBinary\nshow\n"

    found = binary_sections(Bytes(data), MemoryScratch())

    assert found == ((data.index(b": 3") + 3, data.index(b"%%EndB")),)


def test_many_sections_end_in_one() -> None:
    unit = b"%%BeginBinary: 1\n\x01\n%%EndBinary\n"

    found = binary_sections(Bytes(b"%!PS\n" + unit * 20_000), MemoryScratch())

    assert len(found) == 10_001
    assert found[-1][1] == 5 + 20_000 * len(unit)


def test_a_preview_of_binary_data_stays() -> None:
    desk = Desk()
    data = b"%!PS\n%AI7_Thumbnail: 1 1 8\n%%BeginData: 3 Binary Bytes\n\x01\r\x02\n%%EndData\nx\n"

    desk.upload("a.ps", data)

    assert desk.data("a.ps") == data


def test_bytes_to_be_cut_from_the_end_are_not_those_of_data() -> None:
    desk, data = Desk(), b"%!PS\n%%BeginBinary: 9\nxyz\x04"

    desk.upload("a.ps", data)

    assert desk.data("a.ps") == data
