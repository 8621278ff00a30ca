"""Signatures of people, verified by the public halves of their keys."""

from collections.abc import Sequence

from pysequoia import Cert, verify

from filemanager.domain.repositories.signer import SignatureRefused, SigningKeyRefused

_MESSAGE = b"-----BEGIN PGP SIGNED MESSAGE-----"


class OpenPgpVerifier:
    def __init__(self, armored_keys: str) -> None:
        """The public halves, in one armor or in several. Raises ``SigningKeyRefused``."""
        try:
            self._certificates: Sequence[Cert] = Cert.split_bytes(armored_keys.encode())
        except RuntimeError:
            raise SigningKeyRefused("a key", "is no OpenPGP certificate") from None
        if not self._certificates:
            raise SigningKeyRefused("the keys", "are none")

    def signed_text(self, file: str, document: bytes) -> bytes:
        # Other messages may be packed, and unpack to anything.
        if not document.lstrip(b"\r\n").startswith(_MESSAGE):
            raise SignatureRefused(file)
        try:
            found = verify(document, store=lambda _: list(self._certificates))
        except RuntimeError:
            # Its words hold a trace of calls.
            raise SignatureRefused(file) from None
        if not found.valid_sigs or found.bytes is None:
            raise SignatureRefused(file)
        return found.bytes
