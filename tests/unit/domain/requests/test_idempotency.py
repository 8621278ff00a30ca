"""Idempotency-Key: which values are keys."""

import pytest

from filemanager.domain.requests.idempotency import IdempotencyKeyMalformed, key_from

LONGEST = "k" * 255


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ("8e03978e", "8e03978e"),
        ('"8e03978e"', "8e03978e"),
        ('  "a" ', "a"),
        (r'"a\"b\\c"', 'a"b\\c'),
        ("a,b;c", "a,b;c"),
        (LONGEST, LONGEST),
        (f'"{LONGEST}"', LONGEST),
    ],
)  # fmt: skip
def test_a_key_is_taken_quoted_or_bare(header: str, key: str) -> None:
    assert key_from(header) == key


@pytest.mark.parametrize(
    "header",
    ["", '""', '"', '"a', "a b", '"a b"', '"a";x=1', '"a", "b"', r'"a\b"', "é", "a\x7f", "a\n",
     LONGEST + "k", f'"{LONGEST}k"'],
)  # fmt: skip
def test_anything_else_is_refused(header: str) -> None:
    with pytest.raises(IdempotencyKeyMalformed):
        key_from(header)
