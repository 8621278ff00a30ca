"""Signatures by OpenPGP keys, made in memory."""

from collections.abc import Iterable, Sequence

from pysequoia import ArmorKind, Sig, SignatureMode, armor, sign

from filemanager.domain.repositories.signer import PublicKey, SigningFailed
from filemanager.signing.keys import SigningKey, signing_key, why_it_cannot_sign

_SIGNATURE = b"\n-----BEGIN PGP SIGNATURE-----"
"""No line of a text in clear is the same: its dashes are escaped (RFC 9580, 7.2)."""


class OpenPgpSigner:
    """Digests are SHA-512. One key that has expired since makes everything fail: whoever trusts it
    alone would be told of a bad repository, and not of a key that has to be changed.
    """

    def __init__(self, armored_keys: Sequence[str]) -> None:
        """Each text holds one secret key without a passphrase, and each is tried.

        Raises ``SigningKeyRefused``.
        """
        self._keys = [
            signing_key(armored, number) for number, armored in enumerate(armored_keys, start=1)
        ]

    @property
    def keys(self) -> Sequence[PublicKey]:
        return [key.public for key in self._keys]

    def detached(self, text: bytes) -> bytes | None:
        return _together(self._signed(text, SignatureMode.DETACHED)) if self._keys else None

    def clearsigned(self, text: bytes) -> bytes | None:
        """The text is the same in the message of each key, so one has the signatures of all."""
        if not self._keys:
            return None
        # The end of the last line is none of the text (RFC 9580, 7.1): it is there in any case.
        made = self._signed(text.removesuffix(b"\n"), SignatureMode.CLEAR)
        messages = [message.partition(_SIGNATURE) for message in made]
        signatures = _together(begin.lstrip() + rest for _, begin, rest in messages)
        return messages[0][0] + b"\n" + signatures

    def _signed(self, text: bytes, mode: SignatureMode) -> list[bytes]:
        """By each key, which is asked anew whether it may sign."""
        return [_signed_by(key, text, mode) for key in self._keys]


def _signed_by(key: SigningKey, text: bytes, mode: SignatureMode) -> bytes:
    try:
        return sign(key.secret.signer(), text, mode=mode)
    except RuntimeError:
        # Not even for the log: see ``SigningFailed``.
        why = why_it_cannot_sign(key.secret)
        raise SigningFailed(key.public.fingerprint, why) from None


def _together(armored: Iterable[bytes]) -> bytes:
    """Signatures one after another in one armor."""
    packets = b"".join(bytes(Sig.from_bytes(each)) for each in armored)
    return armor(packets, ArmorKind.Signature).encode()
