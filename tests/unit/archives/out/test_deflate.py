"""Hand-made deflate, inflated by zlib."""

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filemanager.archives.out.deflate import block, wrapped, wrapped_bytes, zeros
from filemanager.domain.blobs.gzip_member import END


def inflated(blocks: bytes) -> bytes:
    stream = zlib.decompressobj(-15)
    data = stream.decompress(blocks + END)
    assert stream.eof
    assert stream.unused_data == b""
    return data


@given(st.lists(st.tuples(st.binary(max_size=40), st.binary(max_size=40))))
def test_a_block_inflates_to_what_its_pairs_joined_are(pairs: list[tuple[bytes, bytes]]) -> None:
    assert inflated(block(pairs)) == b"".join(first + second for first, second in pairs)


@given(st.lists(st.tuples(st.integers(0, 255), st.integers(1, 600)), max_size=5))
def test_runs_of_any_byte_and_length_come_back(runs: list[tuple[int, int]]) -> None:
    filler = b"".join(bytes([byte]) * length for byte, length in runs)

    assert inflated(block([(b"", filler)])) == filler


def test_every_count_of_zeros_comes_back_from_few_bytes() -> None:
    for count in range(1025):
        assert inflated(zeros(count)) == bytes(count)
        assert len(zeros(count)) < 20


def test_blocks_follow_one_another() -> None:
    assert inflated(zeros(5) + block([(b"text", b"")]) + zeros(3)) == bytes(5) + b"text" + bytes(3)


def test_the_length_of_ascii_does_not_depend_on_what_it_says() -> None:
    lengths = {len(block([(text, bytes(9))])) for text in (bytes(30), b"a" * 30, b"\x7f" * 30)}

    assert len(lengths) == 1


@pytest.mark.parametrize("size", [0, 1, 65_534, 65_535, 65_536, 131_070, 131_071])
@pytest.mark.parametrize("chunk", [1000, 65_535, 1 << 20])
def test_wrapped_bytes_inflate_to_themselves(size: int, chunk: int) -> None:
    data = bytes(range(256)) * (size // 256 + 1)
    data = data[:size]
    chunks = [data[first : first + chunk] for first in range(0, size, chunk)]

    blocks = b"".join(wrapped(chunks, 0, size))

    assert inflated(blocks) == data
    assert len(blocks) == wrapped_bytes(size)


def test_wrapping_may_begin_at_any_block() -> None:
    data = bytes(200_000)
    whole = b"".join(wrapped([data], 0, len(data)))

    rest = b"".join(wrapped([data[2 * 65_535 :]], 2 * 65_535, len(data)))

    assert rest == whole[2 * 65_540 :]
