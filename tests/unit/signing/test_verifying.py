"""Whose signatures are taken for those of people that may publish."""

import pytest
from pysequoia import SignatureMode, sign

from builders.debian import clearsigned
from builders.keys import a_key, a_revoked_key
from filemanager.domain.repositories.signer import SignatureRefused, SigningKeyRefused
from filemanager.signing.verifying import OpenPgpVerifier

TEXT = b"Format: 1.8\nSource: tiny\n- a line with a dash\n"


def certificate(name: str) -> str:
    return str(a_key(name).extract_certificate())


def signed(name: str, mode: SignatureMode = SignatureMode.CLEAR) -> bytes:
    return sign(a_key(name).signer(), TEXT, mode=mode)


@pytest.fixture
def verifier() -> OpenPgpVerifier:
    return OpenPgpVerifier(certificate("ann") + certificate("bob"))


@pytest.mark.parametrize("name", ["ann", "bob"])
def test_what_one_of_the_keys_has_signed_is_taken(verifier: OpenPgpVerifier, name: str) -> None:
    assert verifier.signed_text("a.changes", signed(name)) == TEXT


@pytest.mark.parametrize(
    "document",
    [
        signed("eve"),
        signed("ann").replace(b"tiny", b"huge"),
        signed("ann", SignatureMode.INLINE),
        signed("ann", SignatureMode.DETACHED),
        clearsigned(TEXT),
        TEXT,
        b"",
        b"\xff" * 100,
    ],
)
def test_all_else_is_refused(verifier: OpenPgpVerifier, document: bytes) -> None:
    with pytest.raises(SignatureRefused, match=r"a\.changes") as told:
        verifier.signed_text("a.changes", document)

    assert "backtrace" not in str(told.value)


def test_a_key_that_is_revoked_signs_for_nobody() -> None:
    revoked = a_revoked_key()
    verifier = OpenPgpVerifier(str(revoked.extract_certificate()))

    with pytest.raises(SignatureRefused):
        verifier.signed_text("a.changes", signed("ann"))


@pytest.mark.parametrize("armored", ["", "no key", "-----BEGIN PGP PUBLIC KEY BLOCK-----\n"])
def test_what_is_no_key_stops_the_start(armored: str) -> None:
    with pytest.raises(SigningKeyRefused):
        OpenPgpVerifier(armored)
