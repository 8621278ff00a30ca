"""Signed statements of versions, as a service makes them."""

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pydantic import SecretStr

KIND = "application/vnd.in-toto+json"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
PRIVATE_KEY = SecretStr(
    KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
)
"""As a setting has it."""


def jwks(key: Ed25519PrivateKey) -> dict[str, Any]:
    """With a key of another kind beside it."""
    x = base64.urlsafe_b64encode(key.public_key().public_bytes_raw()).rstrip(b"=").decode()
    other = {"kty": "RSA", "kid": "k"}
    return {"keys": [other, {"kty": "OKP", "crv": "Ed25519", "kid": "k", "x": x}]}


KEYS = jwks(KEY)


def stated(files: Mapping[str, bytes], pending: int = 0) -> dict[str, Any]:
    subjects = [
        {"name": name, "digest": {"sha256": hashlib.sha256(data).hexdigest()}}
        for name, data in files.items()
    ]
    return {"subject": subjects, "predicate": {"pending": pending}}


def enveloped(statement: object, key: Ed25519PrivateKey = KEY) -> dict[str, Any]:
    payload = json.dumps(statement).encode()
    message = b"DSSEv1 %d %b %d %b" % (len(KIND), KIND.encode(), len(payload), payload)
    return {
        "payloadType": KIND,
        "payload": base64.b64encode(payload).decode(),
        "signatures": [{"keyid": "k", "sig": base64.b64encode(key.sign(message)).decode()}],
    }
