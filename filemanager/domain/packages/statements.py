"""Signed statements, of versions and of others: DSSE envelopes over in-toto statements."""

import base64
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from filemanager.domain.packages.data_package import Item, PackageEdition

PAYLOAD_TYPE = "application/vnd.in-toto+json"
STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE = "urn:filemanager:package-version:1"


@dataclass(frozen=True, slots=True)
class StatementKey:
    """Of Ed25519, 32 bytes; ``id`` is the SHA-256 of them in hex."""

    id: str
    bytes: bytes


class StatementSigner(Protocol):
    @property
    def key(self) -> StatementKey: ...

    def sign(self, message: bytes) -> bytes:
        """Ed25519 (RFC 8032): the same bytes for the same message."""


def statement(
    subjects: Sequence[Mapping[str, object]], kind: str, predicate: Mapping[str, object]
) -> bytes:
    """The in-toto Statement v1 that says *predicate*, which is of *kind*, of *subjects*."""
    told = {
        "_type": STATEMENT_TYPE,
        "subject": subjects,
        "predicateType": kind,
        "predicate": predicate,
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def statement_of(version: PackageEdition, items: Iterable[Item]) -> bytes:
    """A subject for each item whose SHA-256 is known, by path."""
    subjects = [
        {"name": str(item.path), "digest": {"sha256": item.sha256}}
        for item in items
        if item.sha256 is not None
    ]
    predicate = {
        "package": version.package_id,
        "name": version.described.name,
        "version": version.number,
        "items": version.items,
        "bytes": version.size_bytes,
        "pending": version.pending,
        "listing": {"sha256": version.digest},
        "frozenAt": version.frozen_at.isoformat(timespec="milliseconds"),
    }
    return statement(subjects, PREDICATE_TYPE, predicate)


def encoded(payload_type: str, payload: bytes) -> bytes:
    """What is signed (DSSE v1, "PAE"): nothing of it can be read in two ways."""
    kind = payload_type.encode()
    return b" ".join((b"DSSEv1", b"%d" % len(kind), kind, b"%d" % len(payload), payload))


def envelope(payload: bytes, signer: StatementSigner) -> Mapping[str, object]:
    signature = signer.sign(encoded(PAYLOAD_TYPE, payload))
    return {
        "payload": base64.b64encode(payload).decode(),
        "payloadType": PAYLOAD_TYPE,
        "signatures": [
            {"keyid": signer.key.id, "sig": base64.b64encode(signature).decode()},
        ],
    }


def key_set(signer: StatementSigner | None) -> Mapping[str, object]:
    """The public keys as a JWK set (RFC 8037)."""
    if signer is None:
        return {"keys": []}
    x = base64.urlsafe_b64encode(signer.key.bytes).rstrip(b"=").decode()
    key = {"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig"}
    return {"keys": [{**key, "kid": signer.key.id, "x": x}]}
