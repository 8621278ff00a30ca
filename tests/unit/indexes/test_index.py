"""Whole indexes, read back by the standard library."""

import gzip
import hashlib
import lzma
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filemanager.domain.blobs.chunks import JOINED_BYTES
from filemanager.domain.repositories.published import Sums
from filemanager.indexes.index import Index
from filemanager.indexes.pages import HEAD_KEY, TAIL_KEY, cut, page
from unit.indexes.records import a_record

RECORDS = [a_record(f"p{number}", more=f"X: {number**9}\n") for number in range(700)]
INDEX = Index([page(HEAD_KEY, b"<head>\n"), *cut(RECORDS), page(TAIL_KEY, b"<tail>\n")])
PLAIN = b"".join(INDEX.plain())
GZIP = b"".join(INDEX.gzip())
EMPTY = Index([])


def sums_of(form: bytes) -> Sums:
    digests = (hashlib.new(name, form).hexdigest() for name in ("md5", "sha1", "sha256"))
    return Sums(len(form), *digests)


def test_an_index_is_its_pages_one_after_another() -> None:
    ordered = sorted(RECORDS, key=lambda record: record.name)

    assert b"".join([b"<head>\n", *(record.text for record in ordered), b"<tail>\n"]) == PLAIN


@pytest.mark.parametrize("index", [INDEX, EMPTY])
def test_the_gzip_form_is_one_member_that_zlib_takes(index: Index) -> None:
    plain, packed = b"".join(index.plain()), b"".join(index.gzip())

    member = zlib.decompressobj(31)
    assert member.decompress(packed) == plain
    assert (member.eof, member.unused_data) == (True, b"")
    assert gzip.decompress(packed) == plain


@pytest.mark.parametrize("index", [INDEX, EMPTY])
def test_sizes_and_digests_are_those_of_the_bytes(index: Index) -> None:
    plain, packed = b"".join(index.plain()), b"".join(index.gzip())

    assert (index.plain_bytes, index.gzip_bytes) == (len(plain), len(packed))
    assert index.sums() == (sums_of(plain), sums_of(packed))


@given(st.integers(0, len(PLAIN) + 10), st.integers(0, len(PLAIN) + 10))
def test_a_range_is_a_slice_of_the_plain_form(start: int, stop: int) -> None:
    assert b"".join(INDEX.plain(start, stop)) == PLAIN[start:stop]


@given(st.integers(0, len(GZIP) + 10), st.integers(0, len(GZIP) + 10))
def test_a_range_is_a_slice_of_the_gzip_form(start: int, stop: int) -> None:
    assert b"".join(INDEX.gzip(start, stop)) == GZIP[start:stop]


def test_a_range_may_go_to_the_end() -> None:
    assert b"".join(INDEX.plain(100)) == PLAIN[100:]
    assert b"".join(INDEX.gzip(100)) == GZIP[100:]


def test_many_pages_come_in_few_chunks() -> None:
    index = Index([page(str(number), bytes(10_000)) for number in range(200)])

    lengths = [len(chunk) for chunk in index.plain()]

    assert sum(lengths) == 2_000_000
    assert all(JOINED_BYTES <= length < 2 * JOINED_BYTES for length in lengths[1:-1])


@pytest.mark.parametrize("index", [INDEX, EMPTY])
def test_the_xz_form_holds_the_same(index: Index) -> None:
    assert lzma.decompress(b"".join(index.xz())) == b"".join(index.plain())
