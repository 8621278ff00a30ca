"""Blobs: what is known of their bytes, and what may be shown of them."""

import hashlib
from typing import NoReturn

import pytest

from filemanager.domain.blobs.blob import hashed as hash_of
from filemanager.domain.blobs.blob import is_small
from filemanager.domain.blobs.named_objects import without_query
from filemanager.domain.blobs.shown import shown_as
from filemanager.storage.scratch.file import MemoryContent

HELLO = MemoryContent.of(b"hello")


@pytest.mark.parametrize("algorithm", ["sha256", "md5", "sha1", "sha512"])
def test_every_digest_is_that_of_the_bytes(algorithm: str) -> None:
    assert hash_of(HELLO, algorithm) == hashlib.new(algorithm, b"hello").digest()


def test_what_is_known_is_not_read_for() -> None:
    class Unreadable(MemoryContent):
        @property
        def md5(self) -> str:
            return "00" * 16

        def open(self) -> NoReturn:
            raise AssertionError

    content = Unreadable.of(b"hello")

    assert hash_of(content, "md5") == bytes(16)
    assert hash_of(content, "sha256") == hashlib.sha256(b"hello").digest()


@pytest.mark.parametrize(
    ("key", "is_so"), [("small/1", True), ("packs/1", False), ("smaller/1", False)]
)
def test_a_key_tells_whether_bytes_may_lie_in_a_row(key: str, is_so: bool) -> None:
    assert is_small(key) is is_so


@pytest.mark.parametrize(
    ("media_type", "shown"),
    [
        ("image/png", "image/png"),
        ("application/pdf", "application/pdf"),
        ("text/plain", "text/plain; charset=utf-8"),
        ("text/x-tex", "text/plain; charset=utf-8"),
        ("text/html", None),
        ("text/xml", None),
        ("image/svg+xml", None),
        ("application/javascript", None),
    ],
)
def test_what_could_do_something_is_a_download_alone(media_type: str, shown: str | None) -> None:
    assert shown_as(media_type) == shown


def test_what_is_signed_into_a_url_is_not_shown() -> None:
    assert without_query("https://store/a?signature=1#b") == "https://store/a"
    assert without_query("https://store/a#b?c") == "https://store/a"
    assert without_query("https://store/a") == "https://store/a"
