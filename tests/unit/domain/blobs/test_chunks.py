"""Chunks on their way to a client: the same bytes, in sizes that suit."""

import pytest

from filemanager.domain.blobs.chunks import FIRST_BYTES, JOINED_BYTES, joined, part_of

CHUNKS = [b"ab", b"", b"cde", b"f"]


@pytest.mark.parametrize("start", [0, 1, 2, 4, 5, 6])
def test_a_part_is_what_lies_between_and_no_empty_chunk(start: int) -> None:
    parts = [list(part_of(CHUNKS, start, stop)) for stop in range(8)]

    assert [b"".join(part) for part in parts] == [b"abcdef"[start:stop] for stop in range(8)]
    assert all(b"" not in part for part in parts)


@pytest.mark.parametrize(
    ("sizes", "given_out"),
    [
        ([], []),
        ([1], [1]),
        ([1, FIRST_BYTES - 1], [FIRST_BYTES]),
        ([1, FIRST_BYTES - 2], [FIRST_BYTES - 1]),
        ([FIRST_BYTES, 1, JOINED_BYTES - 1, 1], [FIRST_BYTES, JOINED_BYTES, 1]),
        ([FIRST_BYTES, 1, JOINED_BYTES - 2, 2], [FIRST_BYTES, JOINED_BYTES + 1]),
        ([FIRST_BYTES, JOINED_BYTES - 1], [FIRST_BYTES, JOINED_BYTES - 1]),
        ([1, JOINED_BYTES, 1], [1, JOINED_BYTES, 1]),
        ([1, JOINED_BYTES, FIRST_BYTES - 1, 1], [1, JOINED_BYTES, FIRST_BYTES]),
    ],
)
def test_small_ones_are_joined_and_large_ones_pass(sizes: list[int], given_out: list[int]) -> None:
    chunks = [bytes([65 + number]) * size for number, size in enumerate(sizes)]

    found = list(joined(chunks))

    assert [len(chunk) for chunk in found] == given_out
    assert b"".join(found) == b"".join(chunks)


def test_a_large_chunk_is_not_copied() -> None:
    large = bytes(JOINED_BYTES)

    assert [chunk is large for chunk in joined([b"a", large])] == [False, True]
