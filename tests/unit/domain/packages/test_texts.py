"""What is kept as a text of a package."""

import pytest

from filemanager.domain.packages.errors import NotAText, TextTooLarge
from filemanager.domain.packages.media_types import media_type_of
from filemanager.domain.packages.texts import (
    TEXT_BYTES,
    ensure_small,
    ensure_text,
    extension_of,
    text_type,
)
from filemanager.domain.trees.tree import TreePath


@pytest.mark.parametrize(
    ("path", "extension"),
    [
        ("a.TXT", "txt"),
        ("a.tar.gz", "gz"),
        ("Makefile", ""),
        (".hidden", ""),
        (".hidden.md", "md"),
        ("d.ir/file", ""),
        ("a.", ""),
    ],
)
def test_an_extension_is_what_follows_the_last_dot(path: str, extension: str) -> None:
    assert extension_of(TreePath(path)) == extension


def test_a_text_is_called_by_an_extension_of_the_list_or_none() -> None:
    assert text_type(TreePath("a.md")) == "text/markdown"
    assert text_type(TreePath("LICENSE")) == "text/plain"
    for path in ("a.tif", "a.exe", "a.md.gz"):
        with pytest.raises(NotAText):
            text_type(TreePath(path))


def test_a_text_is_utf8_unless_it_is_taken_as_it_is() -> None:
    for name in ("a.pdf", "a.ipynb", "a.PARQUET"):
        ensure_text(TreePath(name), b"\xff")
    ensure_text(TreePath("a.csv"), "ü\0".encode())
    with pytest.raises(NotAText, match="byte 1"):
        ensure_text(TreePath("a.csv"), b"a\xff")


def test_a_text_is_smaller_than_five_mebibytes() -> None:
    ensure_small("a", TEXT_BYTES - 1)
    with pytest.raises(TextTooLarge):
        ensure_small("a", TEXT_BYTES)


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("a.tif", "image/tiff"),
        ("a.csv", "text/csv"),
        ("a.unknown", "application/octet-stream"),
        ("a", "application/octet-stream"),
    ],
)
def test_what_lies_elsewhere_is_told_by_its_extension(path: str, media_type: str) -> None:
    assert media_type_of(TreePath(path)) == media_type
