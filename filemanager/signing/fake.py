"""A signer without keys: what it makes looks like signatures, and nobody can verify it."""

import base64
from collections.abc import Sequence
from hashlib import sha1, sha512

from filemanager.domain.repositories.signer import PublicKey


class FakeSigner:
    """A key for each name; the same text is signed alike each time."""

    def __init__(self, *names: str) -> None:
        self._names = names

    @property
    def keys(self) -> Sequence[PublicKey]:
        return [
            PublicKey(
                fingerprint=sha1(name.encode(), usedforsecurity=False).hexdigest().upper(),
                user_id=f"{name} <{name}@example.org>",
                algorithm="Ed25519",
                armored=_block("PUBLIC KEY BLOCK", name.encode()),
            )
            for name in self._names
        ]

    def detached(self, text: bytes) -> bytes | None:
        if not self._names:
            return None
        made = [sha512(name.encode() + b"\0" + text).digest() for name in self._names]
        return _block("SIGNATURE", b"".join(made)).encode()

    def clearsigned(self, text: bytes) -> bytes | None:
        signature = self.detached(text)
        if signature is None:
            return None
        lines = [b"- " + line if line.startswith(b"-") else line for line in text.splitlines()]
        head = b"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n"
        return b"\n".join([head, *lines, signature])


def _block(kind: str, content: bytes) -> str:
    coded = base64.encodebytes(content).decode()
    return f"-----BEGIN PGP {kind}-----\n\n{coded}-----END PGP {kind}-----\n"
