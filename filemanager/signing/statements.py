"""Ed25519 keys that sign statements of versions."""

import hashlib

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from filemanager.domain.packages.statements import StatementKey


class StatementKeyRefused(ValueError):
    """It is no PEM of a private Ed25519 key without a password."""


class Ed25519Signer:
    """*pem* as ``openssl genpkey -algorithm ed25519`` writes it. Raises ``StatementKeyRefused``."""

    def __init__(self, pem: str) -> None:
        try:
            key = load_pem_private_key(pem.encode(), password=None)
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise StatementKeyRefused("it is no PEM of a private key without a password") from error
        if not isinstance(key, Ed25519PrivateKey):
            raise StatementKeyRefused("it is not a key of Ed25519")
        self._key = key
        public = key.public_key().public_bytes_raw()
        self.key = StatementKey(hashlib.sha256(public).hexdigest(), public)

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message)
