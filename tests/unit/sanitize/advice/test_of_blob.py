"""What one file tells, kept small and read in linear time."""

import struct

import pytest

from filemanager.sanitize.advice.of_blob import (
    MAX_MENTION_CHARACTERS,
    MAX_MENTIONS,
    MAX_TEXT_BYTES,
    MAX_TOLD,
    NOTHING,
    BlobAdvice,
    advice_of,
    from_text,
    to_text,
)
from filemanager.storage.scratch.file import MemoryContent

MEBIBYTE = 1 << 20
KEY = b"AKIA" + b"ABCDEFGHIJKLMNOP\n"
LARGE = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 9000, 9000)
TEX = b"\\documentclass{x} % TODO this\n\\todo[author=Bob]{y}\n" + KEY


def advice(data: bytes) -> BlobAdvice:
    return advice_of(MemoryContent.of(data))


@pytest.mark.parametrize(
    "data", [b"", b"text", b"%!PS\n% TODO \\input{a}", b"\\input{a}\0", LARGE[:-8] + bytes(8)]
)
def test_most_files_tell_nothing(data: bytes) -> None:
    assert advice(data) == NOTHING


NAMES = b"%!TEX root = a\n\\input{a}\\openout\\f=b"
MAKEFILE = b"export TEXINPUTS=sty//\n"


@pytest.mark.parametrize(
    "data", [b"", LARGE, TEX, KEY, NAMES, MAKEFILE, b"%PDF-1.4\n/S /JavaScript \n"]
)
def test_what_is_kept_is_what_was_found(data: bytes) -> None:
    found = advice(data)

    assert from_text(to_text(found)) == found


def test_the_bytes_decide_what_a_file_is() -> None:
    assert advice(LARGE).large_image == (9000, 9000)
    assert advice(b"%PDF-1.4\n" + bytes(3 * MEBIBYTE) + b"/JS (x)").has_script
    assert [one.name for one in advice(TEX).mentions] == ["x"]
    assert (advice(TEX).comments, advice(TEX).remark_count, advice(TEX).secret_count) == (1, 2, 1)


def test_a_text_that_begins_with_an_editors_comment_is_no_postscript() -> None:
    found = advice(NAMES)

    assert [(one.name, one.line) for one in found.demands] == [("a", 2)]
    assert found.written == ("b",)
    assert advice(MAKEFILE).searched == ("sty",)


def test_a_secret_in_a_long_text_is_found() -> None:
    assert advice(b"text\n" * (MEBIBYTE // 2) + KEY).secrets[0].line == MEBIBYTE // 2 + 1


def test_remarks_and_secrets_are_counted_and_some_told() -> None:
    found = advice((b"% FIXME\n" + KEY) * (MAX_TOLD + 1))

    assert (len(found.remarks), found.remark_count) == (MAX_TOLD, MAX_TOLD + 1)
    assert (len(found.secrets), found.secret_count) == (MAX_TOLD, MAX_TOLD + 1)


@pytest.mark.parametrize(
    "text",
    [
        b"".join(b"\\input{%d}" % number for number in range(MAX_MENTIONS + 1)),
        b"".join(
            b"\\input{%d%s}" % (n, b"x" * 950) for n in range(MAX_MENTION_CHARACTERS // 900 + 1)
        ),
        b"\\input{a}" + b"text\n" * (MAX_TEXT_BYTES // 5),
    ],
)
def test_what_is_too_much_is_cut_and_said(text: bytes) -> None:
    found = advice(text)

    assert found.is_cut
    assert len(to_text(found)) < 3 * MAX_MENTION_CHARACTERS


def test_the_same_name_counts_once() -> None:
    found = advice(b"\\input{a}" * (MAX_MENTIONS + 1))

    assert (len(found.mentions), found.is_cut) == (1, False)


@pytest.mark.parametrize(
    "part",
    [
        b"\\input[", b"\\includegraphics[a]{", b"{", b"{a.tex", b"=", b"\\", b"%", b"%\n", b"\\%",
        b"\\todo[", b"\\graphicspath{", b"\\input<", b"\\end ", b" ", b"eyJ", b"eyJaaaaaaaa.",
        b"-----BEGIN A ", b"ghp_aaaa", b"xoxb-",
    ],
)  # fmt: skip
def test_hostile_texts_end(part: bytes) -> None:
    """A pattern that goes back would not come to an end with any of these within an hour."""
    assert advice(b"\\input" + part * (MEBIBYTE // 2 // len(part)) + b"eyJ PRIVATE KEY") is not None
