"""Paragraphs of fields: what policy has, and nothing that readers take for something else."""

import pytest

from filemanager.archives.packages.deb822 import MAX_BYTES, only_paragraph
from filemanager.archives.packages.refusals import Unfit


def fields(document: bytes) -> list[tuple[str, str]]:
    return list(only_paragraph(document))


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (b"A: 1\n", [("A", "1")]),
        (b"A:1", [("A", "1")]),
        (b"A:  \t1 2 \t\n", [("A", "1 2")]),
        (b"A:\n", [("A", "")]),
        (b"A: b: c\n", [("A", "b: c")]),
        (b"\n\nA: 1\nB: 2\n\n\n", [("A", "1"), ("B", "2")]),
        (b"A: 1\n 2\n\t3  \n .\n", [("A", "1\n 2\n\t3  \n .")]),
        (b"A:\n one\n  two\n", [("A", "\n one\n  two")]),
        (b"X-Odd.Name_1!: 1\n", [("X-Odd.Name_1!", "1")]),
        ("A: é 日本 a&b <c>\n".encode(), [("A", "é 日本 a&b <c>")]),
        ("A: one\u2028B: two\x85\n".encode(), [("A", "one\u2028B: two\x85")]),
    ],
)
def test_a_paragraph_is_its_fields_in_order(
    document: bytes, expected: list[tuple[str, str]]
) -> None:
    assert fields(document) == expected


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (b"", "it holds no fields"),
        (b"\n\n", "it holds no fields"),
        (b"A: 1\n\nB: 2\n", "it has more than one paragraph"),
        (b"A: 1\n\n 2\n", "it has more than one paragraph"),
        (b"A: 1\n \nB: 2\n", "a line of it is blank, or continues no field"),
        (b"A: 1\n\t \n 2\n", "a line of it is blank, or continues no field"),
        (b" A: 1\n", "a line of it is blank, or continues no field"),
        (b"A\n", "a line of it is no field"),
        (b"A : 1\n", "a line of it is no field"),
        (b": 1\n", "a line of it is no field"),
        (b"A B: 1\n", "a line of it is no field"),
        (b"#A: 1\n", "a line of it is no field"),
        (b"-A: 1\n", "a line of it is no field"),
        (b"A: 1\n# a comment\n", "a line of it is no field"),
        ("É: 1\n".encode(), "a line of it is no field"),
        (b"A: 1\nA: 2\n", "it has a field twice"),
        (b"Filename: 1\nfileNAME: 2\n", "it has a field twice"),
        (b"A: J\xf6rg\n", "its fields are not in UTF-8"),
        (b"A: \xed\xa0\x80\n", "its fields are not in UTF-8"),
        (b"\xef\xbb\xbfA: 1\n", "a line of it is no field"),
        (b"A: 1\0\n", "its fields hold a control character"),
        (b"A: 1\r\nB: 2\r\n", "its fields hold a control character"),
        (b"A: \x1b[31m\n", "its fields hold a control character"),
        (b"A: 1\x0cB: 2\n", "its fields hold a control character"),
        (b"A:\n" + b" x\n" * 65_537, "it has more than 65536 lines"),
        (b"A: " + b"x" * MAX_BYTES, "its fields have more than 4 MiB"),
        (b"A: " + b"x" * (1 << 20), "it has too many fields or too long a line"),
        (
            b"".join(b"A%d: 1\n" % n for n in range(514)),
            "it has too many fields or too long a line",
        ),
    ],
)
def test_anything_else_is_refused(document: bytes, why: str) -> None:
    with pytest.raises(Unfit) as refusal:
        only_paragraph(document)

    assert str(refusal.value) == why


def test_a_field_is_found_in_whatever_case() -> None:
    assert only_paragraph(b"Package: tiny\n").get("pACKAGE") == "tiny"
