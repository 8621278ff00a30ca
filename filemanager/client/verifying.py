"""Checking files against a signed statement of them, without the service."""

import base64
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from filemanager.client.errors import ClientError
from filemanager.client.folders.local_files import sha256_of

STATEMENT = "statement.json"
PAYLOADS = ("", "data")
"""Where the files of a version lie in a download: in it, or in the payload of a bag (RFC 8493)."""

RECEIPT_TYPE = "urn:filemanager:receipt:1"

_PAYLOAD_TYPE = "application/vnd.in-toto+json"
_MOST_BYTES = 512 << 20


class StatementRefused(ClientError):
    """The statement is none of ours, or was signed by nobody of the keys."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """``detail`` ends the sentence about the file at ``path``."""

    path: str
    detail: str


@dataclass(slots=True)
class Verified:
    """How many files are what the statement says, and how many are not. ``pending`` had no digest
    when it was made, so that nothing can be said of them.
    """

    files: int = 0
    wrong: int = 0
    pending: int = 0


@dataclass(frozen=True, slots=True)
class _Stated:
    """Names with their SHA-256, and how many more there are without."""

    files: Sequence[tuple[str, str]]
    pending: int


def verify(
    directory: Path, keys: Path, tell: Callable[[Wrong], None], statement: Path | None = None
) -> Verified:
    """Check every file in *directory* that the statement names; *keys* is a JWK set.

    *statement* is a receipt, of what its guest sent; None: that of a version, in *directory*.
    Raises ``StatementRefused`` unless one of *keys* has signed it, and ``ClientError`` for what
    cannot be read.
    """
    place = directory / STATEMENT if statement is None else statement
    payload = _signed_payload(_json(place), list(_public_keys(_json(keys))))
    stated = _stated(payload)
    verified = Verified(pending=stated.pending)
    for name, sha256 in stated.files:
        wrong = _compared(directory, name, sha256)
        verified.files += wrong is None
        verified.wrong += wrong is not None
        if wrong is not None:
            tell(wrong)
    return verified


def _compared(directory: Path, name: str, sha256: str) -> Wrong | None:
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or ".." in parts:
        return Wrong(name, "it leads out of the download")
    places = (directory.joinpath(payload, *parts) for payload in PAYLOADS)
    place = next((one for one in places if one.is_file()), None)
    if place is None:
        return Wrong(name, "it is missing")
    try:
        with place.open("rb") as stream:
            found = sha256_of(stream, lambda _: None)
    except OSError as error:
        return Wrong(name, f"it cannot be read: {error.strerror}")
    return None if found == sha256 else Wrong(name, "it has another SHA-256")


def _signed_payload(envelope: Any, keys: list[tuple[str, Ed25519PublicKey]]) -> bytes:
    """DSSE v1: one good signature is enough."""
    try:
        kind, payload = envelope["payloadType"], _decoded(envelope["payload"])
        signatures = [(one["keyid"], _decoded(one["sig"])) for one in envelope["signatures"]]
    except (KeyError, TypeError, ValueError) as error:
        raise StatementRefused("The statement is no DSSE envelope.") from error
    if kind != _PAYLOAD_TYPE:
        raise StatementRefused("The statement is no in-toto statement.")
    message = b"DSSEv1 %d %b %d %b" % (len(kind), kind.encode(), len(payload), payload)
    for key_id, signature in signatures:
        if any(_is_by(key, signature, message) for name, key in keys if name == key_id):
            return payload
    raise StatementRefused("None of the keys has signed the statement.")


def _is_by(key: Ed25519PublicKey, signature: bytes, message: bytes) -> bool:
    try:
        key.verify(signature, message)
    except InvalidSignature:
        return False
    return True


def _public_keys(jwks: Any) -> Iterator[tuple[str, Ed25519PublicKey]]:
    """RFC 8037; other kinds of keys are passed over."""
    try:
        for key in jwks["keys"]:
            if (key["kty"], key.get("crv")) == ("OKP", "Ed25519"):
                padded = key["x"] + "=" * (-len(key["x"]) % 4)
                raw = base64.urlsafe_b64decode(padded)
                yield str(key["kid"]), Ed25519PublicKey.from_public_bytes(raw)
    except (KeyError, TypeError, ValueError) as error:
        raise ClientError("The keys are no JWK set with keys of Ed25519.") from error


def _stated(payload: bytes) -> _Stated:
    """What was signed is a service's: of another shape it is of another kind."""
    try:
        statement = json.loads(payload)
        subjects, predicate = statement["subject"], statement["predicate"]
        files = [(str(one["name"]), str(one["digest"]["sha256"])) for one in subjects]
        is_receipt = statement.get("predicateType") == RECEIPT_TYPE
        return _Stated(files, 0 if is_receipt else int(predicate["pending"]))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise StatementRefused("The statement is neither of a version nor a receipt.") from error


def _json(place: Path) -> Any:
    try:
        with place.open("rb") as stream:
            text = stream.read(_MOST_BYTES + 1)
    except OSError as error:
        raise ClientError(f"{place} cannot be read: {error.strerror}.") from error
    if len(text) > _MOST_BYTES:
        raise ClientError(f"{place} is larger than the {_MOST_BYTES} bytes that are read.")
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ClientError(f"{place} is not JSON.") from error


def _decoded(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
