"""Statements of versions: what is signed, and that it is the same each time."""

import base64
import json

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from filemanager.domain.ids import digest_of
from filemanager.domain.packages.data_package import DataPackageNotFound
from filemanager.domain.packages.errors import NoStatements
from filemanager.services.packages.stating import StatementService
from filemanager.signing.statements import Ed25519Signer
from worlds.packages import CURATOR, STRANGER, Study


@pytest.fixture
def signer() -> Ed25519Signer:
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return Ed25519Signer(pem.decode())


@pytest.fixture
def frozen(study: Study) -> Study:
    """A version with a text, and a pointer that was pending."""
    study.object("b.tif")
    package = study.create()
    study.text(package.id, "a.txt", b"text")
    study.point(package.id, "b.tif")
    study.frozen(package.id, is_partial=True)
    return study


def test_a_statement_is_signed_over_every_digest(frozen: Study, signer: Ed25519Signer) -> None:
    (package,) = frozen.keeper.page(CURATOR, 0, 1)
    service = StatementService(frozen.world.database, signer)

    told = service.get(CURATOR, package.id, 1)

    payload = base64.b64decode(str(told["payload"]))
    statement = json.loads(payload)
    assert statement["_type"] == "https://in-toto.io/Statement/v1"
    assert statement["subject"] == [{"name": "a.txt", "digest": {"sha256": digest_of(b"text")}}]
    version = frozen.edition(package.id, 1)
    assert statement["predicate"]["listing"] == {"sha256": version.digest}
    assert statement["predicate"]["pending"] == 1
    assert told == service.get(CURATOR, package.id, 1)


def test_a_statement_is_checked_by_the_key_that_is_told(
    frozen: Study, signer: Ed25519Signer
) -> None:
    (package,) = frozen.keeper.page(CURATOR, 0, 1)
    service = StatementService(frozen.world.database, signer)
    told = json.loads(json.dumps(service.get(CURATOR, package.id, 1)))
    (key,) = json.loads(json.dumps(service.keys))["keys"]
    (signature,) = told["signatures"]
    payload = base64.b64decode(told["payload"])
    message = b"DSSEv1 28 application/vnd.in-toto+json %d %b" % (len(payload), payload)
    public = Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(key["x"] + "="))

    public.verify(base64.b64decode(signature["sig"]), message)
    with pytest.raises(InvalidSignature):
        public.verify(base64.b64decode(signature["sig"]), message + b" ")

    assert signature["keyid"] == key["kid"]


def test_without_a_key_there_are_no_statements(frozen: Study) -> None:
    (package,) = frozen.keeper.page(CURATOR, 0, 1)
    service = StatementService(frozen.world.database, None)

    with pytest.raises(NoStatements):
        service.get(CURATOR, package.id, 1)
    assert service.keys == {"keys": []}


def test_a_stranger_gets_no_statement(frozen: Study, signer: Ed25519Signer) -> None:
    (package,) = frozen.keeper.page(CURATOR, 0, 1)

    with pytest.raises(DataPackageNotFound):
        StatementService(frozen.world.database, signer).get(STRANGER, package.id, 1)
