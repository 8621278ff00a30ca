"""Keys that are refused before anything is signed with them."""

from collections.abc import Callable

import pytest
from pysequoia import ArmorKind, Profile, SignatureMode, Tsk, armor, sign
from pysequoia.packet import PacketPile

from builders.keys import a_certifying_key, a_key, a_revoked_key, an_expired_key
from filemanager.domain.repositories.signer import SigningKeyRefused
from filemanager.signing.openpgp import OpenPgpSigner
from unit.signing.refusals import refusal_of

KIND = ArmorKind.SecretKey


def armored_packets(count: int) -> str:
    """The first packets of a key: itself, its signature, a name, its signature, a part."""
    packets = list(PacketPile.from_bytes(bytes(a_key())))[:count]
    return armor(b"".join(map(bytes, packets)), KIND)


REFUSED: dict[str, tuple[Callable[[], str], str]] = {
    "nothing": (lambda: "", "key 1 is no OpenPGP key"),
    "text": (lambda: "hunter2 é", "key 1 is no OpenPGP key"),
    "half of an armor": (lambda: str(a_key())[:-200], "key 1 is no OpenPGP key"),
    "a signature": (
        lambda: sign(a_key().signer(), b"text", mode=SignatureMode.DETACHED).decode(),
        "key 1 is no OpenPGP key",
    ),
    "a key and something else": (
        lambda: armor(bytes(a_key()) + sign(a_key().signer(), b"", armor=False), KIND),
        "is damaged",
    ),
    "a keyring": (
        lambda: str(a_key()) + str(a_key("bob")),
        "key 1 is several keys: give each by itself",
    ),
    "a public half": (
        lambda: str(a_key().extract_certificate()),
        "is the public half alone",
    ),
    "a revoked key": (lambda: str(a_revoked_key()), "is revoked"),
    "a key for others": (
        lambda: str(a_certifying_key()),
        "has no part that may sign now: parts have other uses, have expired or are revoked",
    ),
    "a key that nothing binds": (
        lambda: armored_packets(1),
        "has no signature of its own that counts: SHA-1 does no more, have gpg sign it anew",
    ),
    "a part that nothing binds": (
        lambda: armored_packets(5),
        "has no part that may sign now: parts have other uses, have expired or are revoked",
    ),
    "a curve of NIST": (
        lambda: str(a_key("nist", "P256")),
        "is neither of RSA nor of Ed25519, which clients know",
    ),
    "a key of RFC 9580": (
        lambda: str(Tsk.generate("new", profile=Profile.RFC9580)),
        "is of version 6: clients know 4",
    ),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_key_that_clients_would_not_take_is_refused_at_the_start(kind: str) -> None:
    make, why = REFUSED[kind]

    assert refusal_of(make()).endswith(why)


def test_a_refused_key_is_named_by_its_fingerprint() -> None:
    key = a_revoked_key()

    fingerprint = key.extract_certificate().fingerprint.upper()
    assert refusal_of(str(key)) == f"key {fingerprint} is revoked"


def test_an_expired_key_is_told_with_its_day() -> None:
    key = an_expired_key()

    ended_at = key.extract_certificate().expiration
    assert refusal_of(str(key)).endswith(f" has expired on {ended_at:%Y-%m-%d}")


def test_of_several_texts_the_bad_one_is_named() -> None:
    with pytest.raises(SigningKeyRefused, match=r"^key 2 is no OpenPGP key$"):
        OpenPgpSigner([str(a_key()), "hunter2"])
