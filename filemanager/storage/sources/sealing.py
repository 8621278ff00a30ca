"""Credentials under AES-GCM: the name of the key, a nonce, and what only that key opens."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from filemanager.domain.sources.errors import CredentialsLocked, NoSourceKeys
from filemanager.domain.sources.source import Credentials, Source, SourceId

_NONCE_BYTES = 12
_BEHIND_NAME = b":"


@dataclass(frozen=True, slots=True)
class SealingKey:
    """``secret`` has 32 bytes; ``name`` is of ASCII without a colon."""

    name: str
    secret: bytes = field(repr=False)


class AesSeals:
    """The first of *keys* seals, each of them opens."""

    def __init__(self, keys: Sequence[SealingKey]) -> None:
        self._keys = {key.name.encode(): AESGCM(key.secret) for key in keys}

    def ensure_some(self) -> None:
        if not self._keys:
            raise NoSourceKeys

    def seal(self, source_id: SourceId, credentials: Credentials) -> bytes:
        self.ensure_some()
        name, key = next(iter(self._keys.items()))
        nonce = secrets.token_bytes(_NONCE_BYTES)
        body = key.encrypt(nonce, json.dumps(asdict(credentials)).encode(), _bound_to(source_id))
        return name + _BEHIND_NAME + nonce + body

    def open(self, source: Source) -> Credentials | None:
        if source.sealed is None:
            return None
        name, _, rest = source.sealed.partition(_BEHIND_NAME)
        key = self._keys.get(name)
        if key is None:
            raise CredentialsLocked(source.name)
        nonce, body = rest[:_NONCE_BYTES], rest[_NONCE_BYTES:]
        try:
            opened = key.decrypt(nonce, body, _bound_to(source.id))
        except (InvalidTag, ValueError) as error:
            raise CredentialsLocked(source.name) from error
        return Credentials(**json.loads(opened))

    def sealed_anew(self, source: Source) -> bytes | None:
        newest = next(iter(self._keys), None)
        if not source.sealed or source.sealed.partition(_BEHIND_NAME)[0] == newest:
            return source.sealed
        credentials = self.open(source)
        return None if credentials is None else self.seal(source.id, credentials)


def _bound_to(source_id: SourceId) -> bytes:
    """Associated data: what is moved to another row is opened by no key."""
    return f"filemanager source {source_id}".encode()
