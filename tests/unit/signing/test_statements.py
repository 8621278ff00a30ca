"""Keys that sign statements."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)

from filemanager.signing.statements import Ed25519Signer, StatementKeyRefused

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))


def pem(key: Ed25519PrivateKey, encryption: KeySerializationEncryption) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption).decode()


def test_a_key_signs_what_its_public_half_verifies() -> None:
    signer = Ed25519Signer(pem(KEY, NoEncryption()))

    KEY.public_key().verify(signer.sign(b"x"), b"x")

    assert signer.key.bytes == KEY.public_key().public_bytes_raw()
    assert len(signer.key.id) == 64


def test_other_keys_are_refused() -> None:
    curve = generate_private_key(SECP256R1())
    other = curve.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()

    for text in ("", "x", other, pem(KEY, BestAvailableEncryption(b"word"))):
        with pytest.raises(StatementKeyRefused):
            Ed25519Signer(text)
