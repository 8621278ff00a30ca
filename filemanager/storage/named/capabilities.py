"""Signed leave to post or read one object of ours: nothing is kept, so every node understands it.

The secret is made at the first use and lies beside the objects, unless a setting brings it.
"""

import base64
import hmac
import json
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from filemanager.domain.blobs.named_objects import PostRefused, PostTerms
from filemanager.domain.requests.secrets import is_same

_SECRET_BYTES = 32


class Capabilities:
    """*secret* None: read from *path*, where the first process to need one writes it."""

    def __init__(self, path: Path, secret: bytes | None = None) -> None:
        self._path = path
        self._secret = secret

    def form_fields(self, terms: PostTerms, expires_at: datetime) -> Mapping[str, str]:
        """Named as S3 names them, so that clients need not tell the stores apart."""
        policy = {**asdict(terms), "expires": int(expires_at.timestamp())}
        encoded = base64.b64encode(json.dumps(policy).encode()).decode()
        return {
            "acl": "public-read" if terms.is_public else "private",
            "Content-MD5": base64.b64encode(bytes.fromhex(terms.md5)).decode(),
            "Content-Type": terms.media_type,
            "key": terms.key,
            "policy": encoded,
            "signature": self._sign("post", encoded),
        }

    def terms_of(self, fields: Mapping[str, str], at: datetime) -> PostTerms:
        """Raises ``PostRefused`` unless every field is as it was given out, and in time."""
        policy = fields.get("policy", "")
        if not self._is_signed(fields.get("signature", ""), "post", policy):
            raise PostRefused("it was not made by this service")
        said = json.loads(base64.b64decode(policy))
        expires_at = datetime.fromtimestamp(said.pop("expires"), UTC)
        if expires_at <= at:
            raise PostRefused("it has expired")
        terms = PostTerms(**said)
        given_out = self.form_fields(terms, expires_at)
        for name in ("acl", "Content-MD5", "Content-Type", "key"):
            if fields.get(name) != given_out[name]:
                raise PostRefused(f"its field {name} is not what was given out")
        return terms

    def query(self, key: str, expires_at: datetime) -> Mapping[str, str]:
        expires = str(int(expires_at.timestamp()))
        return {"expires": expires, "signature": self._sign("get", expires, key)}

    def ensure_signed(self, key: str, query: Mapping[str, str], at: datetime) -> None:
        """Raises ``PostRefused``."""
        expires, signature = query.get("expires", ""), query.get("signature", "")
        is_number = expires.isascii() and expires.isdigit()
        if not is_number or not self._is_signed(signature, "get", expires, key):
            raise PostRefused("the URL was not made by this service")
        if int(expires) <= at.timestamp():
            raise PostRefused("the URL has expired")

    def _is_signed(self, signature: str, *words: str) -> bool:
        return is_same(signature, self._sign(*words))

    def _sign(self, *words: str) -> str:
        # No word but the last can hold a line feed, so that no two lists are signed alike.
        message = "\n".join(words).encode("utf-8", "replace")
        return hmac.digest(self._key(), message, sha256).hex()

    def _key(self) -> bytes:
        if self._secret is None:
            self._secret = _shared_secret(self._path)
        return self._secret


def _shared_secret(path: Path) -> bytes:
    """Of all who find none at the same time, one wins, and the others read what it wrote."""
    with suppress(FileNotFoundError):
        return path.read_bytes()
    drawn = path.with_name(f"{path.name}-{secrets.token_hex(8)}")
    descriptor = os.open(drawn, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(_SECRET_BYTES))
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):
        os.link(drawn, path)
    drawn.unlink()
    return path.read_bytes()
