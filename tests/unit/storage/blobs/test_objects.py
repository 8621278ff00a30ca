"""Regrouping chunks on their way to a store."""

import pytest

from filemanager.storage.blobs.objects import regrouped


@pytest.mark.parametrize(
    ("chunks", "expected"),
    [
        ([], []),
        ([b""], []),
        ([b"ab"], [b"ab"]),
        ([b"a", b"b", b"c", b"d", b"e"], [b"abc", b"de"]),
        ([b"abc", b"def"], [b"abc", b"def"]),
        ([b"abcdefgh"], [b"abc", b"def", b"gh"]),
        ([b"ab", b"cdefg", b"", b"hi"], [b"abc", b"def", b"ghi"]),
    ],
)
def test_chunks_are_regrouped(chunks: list[bytes], expected: list[bytes]) -> None:
    assert list(regrouped(chunks, 3)) == expected


def test_a_chunk_of_the_right_size_is_not_copied() -> None:
    chunks = [bytes([number]) * 3 for number in range(3)]

    assert all(a is b for a, b in zip(regrouped(chunks, 3), chunks, strict=True))
