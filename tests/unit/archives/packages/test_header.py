"""The tables of an rpm: every value lies where its entry says, by itself, and in bounds."""

import io
import struct

import pytest

from builders.rpms import (
    Entries,
    a_header,
    binary,
    int16,
    int32,
    int64,
    raw_header,
    string,
    strings,
    translated,
)
from filemanager.archives.packages.header import RpmHeader, read_header
from filemanager.archives.packages.refusals import Unfit

TAG = 1000
MOST = 100


def read(data: bytes) -> RpmHeader:
    return read_header(io.BytesIO(data))


def why(data: bytes) -> str:
    with pytest.raises(Unfit) as refusal:
        read(data)
    return str(refusal.value)


def test_values_of_each_type_are_read() -> None:
    cells = {
        1: string("text"),
        2: strings("one", "", "three"),
        3: translated("first", "second"),
        4: int16(1, 65_535),
        5: int32(2**32 - 1),
        6: int64(2**64 - 1),
        7: binary(b"\0\1"),
    }

    header = read(a_header(cells))

    assert header.text(1) == "text"
    assert header.strings(2, MOST) == ["one", "", "three"]
    assert header.text(3) == "first"
    assert header.numbers(4, MOST) == (1, 65_535)
    assert (header.number(5), header.number(6)) == (2**32 - 1, 2**64 - 1)
    assert header.binary(7) == b"\0\1"


def test_what_is_not_there_is_empty() -> None:
    header = read(a_header({TAG: strings()}))

    assert (header.text(1), header.strings(1, MOST), header.first_strings(1, 3)) == ("", [], [])
    assert (header.numbers(1, MOST), header.number(1), header.binary(1)) == ((), None, b"")
    assert (header.text(TAG), header.strings(TAG, MOST)) == ("", [])
    assert TAG in header
    assert 1 not in header


def test_the_first_of_many_strings_are_read_alone() -> None:
    header = read(a_header({TAG: strings("a", "b", "\x01")}))

    assert header.first_strings(TAG, 2) == ["a", "b"]


def test_the_file_stands_behind_a_header_that_was_read() -> None:
    data = a_header({TAG: string("x")})
    file = io.BytesIO(data + b"rest")

    header = read_header(file)

    assert (header.size_bytes, file.read()) == (len(data), b"rest")


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("é日本".encode(), "é日本"),
        (b"J\xf6rg", "Jörg"),
        (b"a&b<c>\"'", "a&b<c>\"'"),
        (b"a\nb\r\tc", "a\nb\r\tc"),
        (b"\x7f\xc2\x85", "\x7f\x85"),
        (b"\xed\xa0\x80", "í\xa0\x80"),
    ],
)
def test_text_is_utf_8_or_else_latin_1(raw: bytes, text: str) -> None:
    header = read(a_header({TAG: strings(raw, b"J\xf6rg", "é")}))

    assert header.strings(TAG, MOST) == [text, "Jörg", "é"]


@pytest.mark.parametrize(
    "text", ["\x01", "bell\x07", "\x0b", "\x0c", "\x1b[31m", "\ufffe", "\uffff"]
)
def test_a_character_that_xml_cannot_hold_is_refused(text: str) -> None:
    header = read(a_header({TAG: strings("good", text)}))

    with pytest.raises(Unfit, match="its header holds a character that no index can"):
        header.strings(TAG, MOST)


@pytest.mark.parametrize(
    ("entries", "store", "expected"),
    [
        ([(TAG, 6, 0, 1)], b"endless", "a string of a header does not end"),
        ([(TAG, 8, 0, 3)], b"a\0b\0", "a string of a header does not end"),
        ([(TAG, 8, 0, 2**32 - 1)], b"a\0b\0", "a string of a header does not end"),
        ([(TAG, 6, 7, 1)], b"abc\0", "a string of a header does not end"),
        ([(TAG, 6, 2**31, 1)], b"abc\0", "a string of a header does not end"),
        ([(TAG, 6, 0, 2)], b"a\0b\0", "a header has a string that is several"),
        ([(TAG, 6, 0, 0)], b"a\0b\0", "a header has a string that is several"),
        ([(TAG, 7, 0, 5)], b"1234", "tag 1000 of a header leaves it, or shares bytes with another"),
        ([(TAG, 4, 0, 2**32 - 1)], bytes(8), "tag 1000 of a header leaves it, or shares bytes"),
        ([(TAG, 4, 8, 1)], bytes(8), "tag 1000 of a header leaves it, or shares bytes"),
        ([(TAG, 4, 2, 1)], bytes(8), "a header has a value of no known type, or where none"),
        ([(TAG, 3, 1, 1)], bytes(8), "a header has a value of no known type, or where none"),
        ([(TAG, 5, 4, 1)], bytes(16), "a header has a value of no known type, or where none"),
        ([(TAG, 0, 0, 1)], bytes(8), "a header has a value of no known type, or where none"),
        ([(TAG, 10, 0, 1)], bytes(8), "a header has a value of no known type, or where none"),
        ([(1, 4, 0, 2), (2, 4, 4, 1)], bytes(8), "tag 2 of a header leaves it, or shares bytes"),
        ([(1, 6, 0, 1), (2, 6, 2, 1)], b"abc\0", "tag 2 of a header leaves it, or shares bytes"),
        ([(1, 4, 4, 1), (1, 4, 0, 1)], bytes(8), "a header has tag 1 twice"),
    ],
)
def test_an_index_that_lies_is_refused(entries: Entries, store: bytes, expected: str) -> None:
    assert why(raw_header(entries, store)).startswith(expected)


def test_an_end_in_the_middle_is_refused() -> None:
    whole = a_header({TAG: string("x")})

    for length in range(len(whole)):
        with pytest.raises(Unfit):
            read(whole[:length])


def test_a_header_begins_as_such() -> None:
    whole = a_header({TAG: string("x")})

    for damaged in (b"\0" + whole[1:], whole[:3] + b"\2" + whole[4:], whole[:7] + b"x" + whole[8:]):
        assert why(damaged) == "no header is where one should begin"


@pytest.mark.parametrize(
    ("count", "store_bytes"), [(4097, 0), (2**32 - 1, 0), (1, 16 << 20), (1, 2**32 - 1)]
)
def test_a_header_is_bounded_before_it_is_read(count: int, store_bytes: int) -> None:
    intro = b"\x8e\xad\xe8\x01\0\0\0\0" + struct.pack(">II", count, store_bytes)

    assert why(intro) == "a header has more than 16 MiB or 4096 tags"


def test_values_are_counted_before_they_are_read() -> None:
    header = read(a_header({1: strings(*"abc"), 2: int32(1, 2, 3)}))

    with pytest.raises(Unfit, match="tag 1 of its header has more than 2 values"):
        header.strings(1, 2)
    with pytest.raises(Unfit, match="tag 2 of its header has more than 2 values"):
        header.numbers(2, 2)


def test_a_value_of_another_type_is_refused() -> None:
    header = read(a_header({1: string("x"), 2: int32(1), 3: binary(b"x")}))

    for ask in (
        lambda: header.text(2),
        lambda: header.strings(3, MOST),
        lambda: header.numbers(1, MOST),
        lambda: header.number(3),
        lambda: header.binary(1),
    ):
        with pytest.raises(Unfit, match="is of another type than its meaning has"):
            ask()
