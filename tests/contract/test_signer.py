"""What every signer promises; and gpgv on the one with keys."""

import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pysequoia import Cert

from builders.keys import a_certifying_key, a_key
from filemanager.domain.repositories.signer import PublicKey, Signer, SigningFailed
from filemanager.signing.fake import FakeSigner
from filemanager.signing.openpgp import OpenPgpSigner

TEXT = (
    b"Origin: Tarantool\n"
    b"- a line with a dash\n"
    b"-----BEGIN PGP SIGNATURE-----\n"
    b"From: somebody\n"
    b"\n"
    b"MD5Sum:\n"
    b" 0123 5 main/binary-amd64/Packages\n"
)
SIGNATURE = re.compile(
    rb"-----BEGIN PGP SIGNATURE-----\n\n[A-Za-z0-9+/=\n]+-----END PGP SIGNATURE-----\n"
)

SignerOf = Callable[[int], Signer]
"""A signer with so many keys."""


def openpgp_signer(keys: int) -> Signer:
    return OpenPgpSigner([str(a_key()), str(a_key("bob", "RSA2k"))][:keys])


def fake_signer(keys: int) -> Signer:
    return FakeSigner(*["ann", "bob"][:keys])


@pytest.fixture(params=[fake_signer, openpgp_signer])
def signer_of(request: pytest.FixtureRequest) -> SignerOf:
    found: SignerOf = request.param
    return found


def text_in(message: bytes) -> bytes:
    head, _, rest = message.partition(b"\n\n")
    assert head == b"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512"
    text, _, _ = rest.partition(b"\n-----BEGIN PGP SIGNATURE-----\n")
    return re.sub(rb"^- ", b"", text, flags=re.MULTILINE) + b"\n"


def test_without_keys_nothing_is_signed(signer_of: SignerOf) -> None:
    signer = signer_of(0)

    assert (signer.detached(TEXT), signer.clearsigned(TEXT), list(signer.keys)) == (None, None, [])


@pytest.mark.parametrize("keys", [1, 2])
def test_all_keys_sign_in_one_armor(signer_of: SignerOf, keys: int) -> None:
    signature = signer_of(keys).detached(TEXT)

    assert signature is not None
    assert SIGNATURE.fullmatch(signature)


@pytest.mark.parametrize("keys", [1, 2])
def test_all_keys_sign_one_message_in_clear(signer_of: SignerOf, keys: int) -> None:
    message = signer_of(keys).clearsigned(TEXT)

    assert message is not None
    assert text_in(message) == TEXT
    assert len(SIGNATURE.findall(message)) == 1


def test_another_text_has_another_signature(signer_of: SignerOf) -> None:
    signer = signer_of(1)

    assert signer.detached(TEXT) != signer.detached(TEXT + b"more\n")
    assert signer.clearsigned(TEXT) != signer.clearsigned(TEXT + b"more\n")


def test_public_halves_are_told_in_order(signer_of: SignerOf) -> None:
    ann, bob = signer_of(2).keys

    assert (ann.user_id, bob.user_id) == ("ann <ann@example.org>", "bob <bob@example.org>")
    for key in (ann, bob):
        assert re.fullmatch(r"[0-9A-F]{40}", key.fingerprint)
        assert key.armored.startswith("-----BEGIN PGP PUBLIC KEY BLOCK-----\n")
        assert "PRIVATE" not in key.armored


def test_an_algorithm_is_told_with_its_strength() -> None:
    assert [key.algorithm for key in openpgp_signer(2).keys] == ["Ed25519", "RSA 2048"]


def test_a_key_that_may_sign_no_more_makes_signing_fail() -> None:
    signer = OpenPgpSigner([str(a_key())])
    signer._keys[0] = replace(signer._keys[0], secret=a_certifying_key())

    for method in (signer.detached, signer.clearsigned):
        with pytest.raises(SigningFailed) as failed:
            method(TEXT)
        assert "has no part that may sign now" in failed.value.message
        assert signer.keys[0].fingerprint in failed.value.message
        assert failed.value.__suppress_context__


def gpgv(directory: Path, keys: list[PublicKey], *arguments: str) -> tuple[int, set[str]]:
    """What it ends with, and the fingerprints of the keys whose signatures it takes."""
    ring = b"".join(bytes(Cert.from_bytes(key.armored.encode())) for key in keys)
    (directory / "ring.gpg").write_bytes(ring)
    done = subprocess.run(
        ["gpgv", "--keyring", "./ring.gpg", "--status-fd", "1", *arguments],
        cwd=directory,
        capture_output=True,
        check=False,
    )
    lines = [line.split() for line in done.stdout.splitlines() if b" VALIDSIG " in line]
    return done.returncode, {line[-1].decode() for line in lines}


@pytest.mark.judges
@pytest.mark.parametrize("form", ["detached", "clearsigned"])
def test_gpgv_takes_the_signatures_of_the_keys_that_it_has(form: str, tmp_path: Path) -> None:
    signer = openpgp_signer(2)
    (tmp_path / "text").write_bytes(TEXT)
    (tmp_path / "signed").write_bytes(getattr(signer, form)(TEXT))
    files = ["signed", "text"] if form == "detached" else ["signed"]
    ann, bob = signer.keys

    found = {
        whose: gpgv(tmp_path, keys, *files)
        for whose, keys in {"ann": [ann], "bob": [bob], "both": [ann, bob]}.items()
    }

    # It ends in 2 where it lacks a key, whatever else it takes; apt and dnf ask for one at least.
    assert found == {
        "ann": (2, {ann.fingerprint}),
        "bob": (2, {bob.fingerprint}),
        "both": (0, {ann.fingerprint, bob.fingerprint}),
    }


@pytest.mark.judges
@pytest.mark.parametrize("keys", [1, 2])
def test_gpgv_reads_the_very_text_in_clear(keys: int, tmp_path: Path) -> None:
    signer = openpgp_signer(keys)
    message = signer.clearsigned(TEXT)
    assert message is not None
    (tmp_path / "signed").write_bytes(message)

    found = gpgv(tmp_path, list(signer.keys), "--output", "text", "signed")

    assert found == (0, {key.fingerprint for key in signer.keys})
    assert (tmp_path / "text").read_bytes() == TEXT


@pytest.mark.judges
def test_gpgv_takes_no_other_text(tmp_path: Path) -> None:
    signer = openpgp_signer(2)
    signature = signer.detached(TEXT)
    assert signature is not None
    (tmp_path / "signed").write_bytes(signature)
    (tmp_path / "text").write_bytes(TEXT.replace(b"0123", b"0124"))

    assert gpgv(tmp_path, list(signer.keys), "signed", "text") == (1, set())
