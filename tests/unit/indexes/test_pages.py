"""Where an index is cut, and what of it is cut anew."""

import random
import zlib
from collections.abc import Iterable, Sequence
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filemanager.domain.repositories.published import IndexPage
from filemanager.indexes.pages import (
    HEAD_KEY,
    TAIL_KEY,
    IndexRecord,
    Span,
    cut,
    is_boundary,
    page,
    page_key,
    touched,
)
from unit.indexes.records import a_record

BOUNDARIES = [f"p{number}" for number in range(3_000) if is_boundary(f"p{number}")]
INNER = [f"p{number}" for number in range(3_000) if not is_boundary(f"p{number}")]
NAMES = [*BOUNDARIES[:8], *INNER[:8], "a&b", "é", "\n", "0", "1", "2", "zz"]

records = st.builds(
    a_record,
    st.sampled_from(NAMES),
    st.sampled_from(["1.0", "1.00", "1.10", "1.9", "2"]),
    st.sampled_from(["amd64", "all"]),
)
indexes = st.sets(records, max_size=40)


def text_of(pages: Iterable[IndexPage]) -> bytes:
    return b"".join(zlib.decompressobj(-15).decompress(page.body) for page in pages)


def spliced(
    old: Sequence[IndexPage], names: Iterable[str], records: Iterable[IndexRecord]
) -> Sequence[IndexPage]:
    """As a publication does it: pages of the touched spans go, and those of their records come."""
    pages = {page.first_key: page for page in old}
    for span in touched(pages, names):
        pages = {key: page for key, page in pages.items() if not span.holds(key)}
        inside = [one for one in records if is_in(span, one.name)]
        pages |= {page.first_key: page for page in cut(inside)}
    return [pages[key] for key in sorted(pages)]


def is_in(span: Span, name: str) -> bool:
    return span.first <= name and (span.behind is None or name < span.behind)


@given(st.text())
def test_seven_zero_bits_make_a_boundary(name: str) -> None:
    assert is_boundary(name) == f"{sha256(name.encode()).digest()[0]:08b}".startswith("0000000")


@given(indexes, st.randoms())
def test_equal_records_make_equal_pages_in_whatever_order(
    records: set[IndexRecord], shuffler: random.Random
) -> None:
    shuffled = sorted(records, key=lambda record: record.text)
    shuffler.shuffle(shuffled)

    assert list(cut(shuffled)) == list(cut(records))


@given(indexes)
def test_pages_in_the_order_of_their_keys_hold_every_record_in_order(
    records: set[IndexRecord],
) -> None:
    pages = list(cut(records))

    ordered = sorted(records, key=lambda one: (one.name, one.version_order, one.arch, one.digest))
    assert text_of(pages) == b"".join(record.text for record in ordered)
    assert [page.first_key for page in pages] == sorted({page.first_key for page in pages})


@given(indexes)
def test_a_page_begins_where_a_boundary_does(records: set[IndexRecord]) -> None:
    names = {record.name for record in records}
    boundaries = {name for name in names if is_boundary(name)}
    is_anything_before = any(name < min(boundaries, default="~") for name in names - boundaries)

    keys = {page.first_key for page in cut(records)}

    assert keys == {page_key(name) for name in boundaries} | (
        {page_key("")} if is_anything_before else set()
    )


@given(indexes, indexes)
def test_spliced_pages_are_those_of_an_index_made_from_nothing(
    old: set[IndexRecord], new: set[IndexRecord]
) -> None:
    names = {record.name for record in old ^ new}

    assert spliced(list(cut(old)), names, new) == list(cut(new))


@given(indexes, records)
def test_one_more_record_touches_two_pages_at_most(
    old: set[IndexRecord], record: IndexRecord
) -> None:
    keys = [page.first_key for page in cut(old)]

    (span,) = touched(keys, [record.name])

    assert sum(span.holds(key) for key in keys) <= 2


def test_records_of_one_name_are_never_parted() -> None:
    records = [a_record(BOUNDARIES[0], f"1.{number}") for number in range(500)]

    (one,) = cut(records)

    assert one.first_key == page_key(BOUNDARIES[0])


def test_versions_are_in_their_own_order() -> None:
    (one,) = cut([a_record("zz", "1.10"), a_record("zz", "2"), a_record("zz", "1.9")])

    lines = text_of([one]).decode().splitlines()
    assert [line for line in lines if line.startswith("Version")] == [
        "Version: 1.9",
        "Version: 1.10",
        "Version: 2",
    ]


def test_no_records_make_no_page() -> None:
    assert list(cut([])) == []


def test_the_first_record_of_all_is_cut_without_a_living_page() -> None:
    assert touched([], ["b"]) == [Span("", None)]


def test_head_and_tail_are_never_touched() -> None:
    spans = touched([HEAD_KEY, page_key("b"), page_key("m"), TAIL_KEY], ["a", "z"])

    assert spans == [Span("", "b"), Span("m", None)]
    assert not any(span.holds(key) for span in spans for key in (HEAD_KEY, TAIL_KEY))


def test_a_boundary_that_may_be_gone_takes_the_page_before_along() -> None:
    keys = [page_key(name) for name in ("b", "d", "f", "h")]

    assert touched(keys, ["f"]) == [Span("d", "h")]
    assert touched(keys, ["b", "d", "x"]) == [Span("", "f"), Span("h", None)]


@pytest.mark.parametrize("text", [b"", b"x", b"Package: a\n" * 10_000])
def test_a_page_is_a_deflate_stream_that_another_may_follow(text: bytes) -> None:
    one = page(HEAD_KEY, text)

    stream = zlib.decompressobj(-15)
    assert stream.decompress(one.body) == text
    assert not stream.eof
    assert one.body.endswith(b"\x00\x00\xff\xff")
    assert (one.size_bytes, one.crc32) == (len(text), zlib.crc32(text))
