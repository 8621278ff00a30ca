"""The port of what signs: OpenPGP keys, and the public halves that clients verify with."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from filemanager.domain.errors import FilemanagerError, Rejected


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKey:
    """``fingerprint`` in upper-case hex; ``armored`` is what clients import."""

    fingerprint: str
    user_id: str
    algorithm: str
    armored: str


class SigningFailed(FilemanagerError):
    """Told to operators, of whom one must do something. ``why`` is the rest of a sentence about the
    key, in our words: those of the library may hold what it was given.
    """

    code = "signing_failed"

    def __init__(self, key: str, why: str) -> None:
        super().__init__(
            f"The repository could not be signed: key {key} {why}. Configure one that signs, and"
            " start the service anew: what was pushed is published then."
        )


class SigningKeyRefused(ValueError):
    """A key of the configuration that cannot sign, or that clients would not take.

    ``why`` is the rest of a sentence about the key; nothing secret is in it.
    """

    def __init__(self, key: str, why: str) -> None:
        super().__init__(f"{key} {why}")
        self.why = why


class SignatureRefused(Rejected):
    """Nobody whose word is taken has signed a document."""

    code = "signature_refused"

    def __init__(self, file: str) -> None:
        super().__init__(
            f"{file}: it is not signed in clear by one of the keys that are demanded here."
            " Nothing was published."
        )


class Verifier(Protocol):
    """Those whose word is taken for what is to be published."""

    def signed_text(self, file: str, document: bytes) -> bytes:
        """What one of them has signed in *document*, which is in the cleartext signature framework
        (RFC 9580, 7). Raises ``SignatureRefused``.
        """


class Signer(Protocol):
    """One key or, while keys are changed, two: everything is signed by all of them.

    No keys: nothing is signed, both methods return None. Each raises ``SigningFailed``.
    """

    @property
    def keys(self) -> Sequence[PublicKey]: ...

    def detached(self, text: bytes) -> bytes | None:
        """An armored signature over *text* as it stands (RFC 9580, 10.4); of several keys their
        signatures in one armor.
        """

    def clearsigned(self, text: bytes) -> bytes | None:
        """*text* in the cleartext signature framework (RFC 9580, 7); one message, all signatures in
        it.
        """
