"""Signed documents: what is signed, and nothing outside it."""

import pytest

from builders.debian import clearsigned
from filemanager.archives.packages.clearsigned import signed_text
from filemanager.archives.packages.refusals import Unfit

TEXT = b"A: 1\nB:\n - dashed\n-not\n"


@pytest.mark.parametrize("hashes", [b"Hash: SHA512\n", b"Hash: SHA256\nHash: SHA1\n", b"", b" \t"])
def test_what_is_signed_is_found(hashes: bytes) -> None:
    assert signed_text(clearsigned(TEXT, hashes=hashes)) == TEXT


def test_blank_lines_around_a_message_say_nothing() -> None:
    assert signed_text(b"\n\n" + clearsigned(TEXT) + b"\n\n") == TEXT


@pytest.mark.parametrize("document", [b"", TEXT, b"A: 1\n-----BEGIN PGP SIGNED MESSAGE-----\n"])
def test_what_is_not_signed_stays(document: bytes) -> None:
    assert signed_text(document) == document


def test_a_line_that_is_not_escaped_may_not_begin_with_a_dash() -> None:
    with pytest.raises(Unfit, match="its signed message is not followed by a signature"):
        signed_text(clearsigned(TEXT).replace(b"- -not", b"-not"))


def test_a_head_holds_hashes_alone() -> None:
    with pytest.raises(Unfit, match="the head of its signed message cannot be read"):
        signed_text(clearsigned(TEXT, hashes=b"NotDashEscaped: You need GnuPG\n"))


@pytest.mark.parametrize("behind", [b"A: 2\n", b"\nA: 2\n", b" ", clearsigned(TEXT)])
def test_nothing_follows_a_signature(behind: bytes) -> None:
    with pytest.raises(Unfit, match="its signature does not end, or something follows it"):
        signed_text(clearsigned(TEXT) + behind + b"x")


def test_a_message_that_ends_too_early_is_refused() -> None:
    whole = clearsigned(TEXT)

    for length in range(len(b"-----BEGIN PGP SIGNED MESSAGE-----"), len(whole) - 1):
        with pytest.raises(Unfit):
            signed_text(whole[:length])
