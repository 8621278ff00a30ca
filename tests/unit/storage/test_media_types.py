"""Media types of what libmagic takes for PostScript, and is not."""

import pytest

from filemanager.storage.media_types import guess

TEX = b"\\documentclass{a}\n\\begin{document}\n"


@pytest.mark.parametrize(
    "head",
    [b"%!PS\n", b"%!PS-Adobe-3.0\nshow\n", b"%! PS\n", b"%!\nshow\n", b"\x04%!PS-Adobe-3.0\n"],
)
def test_postscript_is_known_by_its_header(head: bytes) -> None:
    assert guess(head) == "application/postscript"


@pytest.mark.parametrize(
    "comments", [b"%!TeX root\n", b"%!BIB x\n", b"%! TEX a\n%!TEX b\n", b"%!x\n" * 16_000]
)
@pytest.mark.parametrize("behind", [b"", b"words\n", TEX])
def test_editors_comments_are_text(comments: bytes, behind: bytes) -> None:
    assert guess(comments + behind).startswith("text/")
