"""Keys as gpg makes them: those that sign, and those that are refused."""

from collections.abc import Iterator

import pytest

from builders.keys import Gpg, gpg
from filemanager.signing.openpgp import OpenPgpSigner
from unit.signing.refusals import refusal_of

pytestmark = pytest.mark.judges


@pytest.fixture(scope="module")
def a_gpg() -> Iterator[Gpg]:
    with gpg() as made:
        yield made


def test_a_weak_key_is_refused(a_gpg: Gpg) -> None:
    key = a_gpg.secret_key("weak", "rsa1024")

    assert refusal_of(key).endswith("has 1024 bits: RSA is taken from 2048 on")


def test_an_expired_key_is_refused(a_gpg: Gpg) -> None:
    key = a_gpg.secret_key("old", "ed25519", "--faked-system-time", "20200101T000000", ends="1y")

    assert refusal_of(key).endswith("has expired on 2020-12-31")


def test_a_key_with_a_passphrase_is_refused(a_gpg: Gpg) -> None:
    key = a_gpg.secret_key("locked", "ed25519", passphrase="hunter2")

    assert refusal_of(key).endswith(
        "is locked by a passphrase, or the secret of a part that signs is left out"
    )


def test_a_key_that_sha_1_holds_together_is_refused(a_gpg: Gpg) -> None:
    key = a_gpg.secret_key("ancient", "rsa2048", "--cert-digest-algo", "SHA1")

    assert refusal_of(key).endswith(
        "has no signature of its own that counts: SHA-1 does no more, have gpg sign it anew"
    )


@pytest.mark.parametrize(
    ("kind", "algorithm"),
    [("ed25519", "Ed25519"), ("rsa2048", "RSA 2048")],
)
def test_the_keys_of_gpg_are_taken(a_gpg: Gpg, kind: str, algorithm: str) -> None:
    signer = OpenPgpSigner([a_gpg.secret_key(kind, kind)])

    (key,) = signer.keys
    assert (key.user_id, key.algorithm) == (f"{kind}@example.org", algorithm)
