"""Checking a download against its signed statement."""

import base64
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from builders.statements import KEYS, enveloped, stated
from filemanager.client.errors import ClientError
from filemanager.client.verifying import RECEIPT_TYPE, StatementRefused, Verified, Wrong, verify


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    place = tmp_path / "keys.json"
    place.write_text(json.dumps(KEYS))
    return place


@pytest.fixture
def download(tmp_path: Path) -> Path:
    """With a text in it, and one in the payload of a bag."""
    made = tmp_path / "download"
    (made / "data").mkdir(parents=True)
    (made / "a.txt").write_bytes(b"a")
    (made / "data" / "b.txt").write_bytes(b"b")
    told = enveloped(stated({"a.txt": b"a", "b.txt": b"b"}, pending=1))
    (made / "statement.json").write_text(json.dumps(told))
    return made


def wrongs(download: Path, keys: Path) -> list[Wrong]:
    told: list[Wrong] = []
    verify(download, keys, told.append)
    return told


def test_a_sound_download_is_verified(download: Path, keys: Path) -> None:
    told: list[Wrong] = []

    assert verify(download, keys, told.append) == Verified(files=2, wrong=0, pending=1)
    assert told == []


def test_what_is_missing_or_another_is_told(download: Path, keys: Path) -> None:
    (download / "a.txt").write_bytes(b"other")
    (download / "data" / "b.txt").unlink()

    assert wrongs(download, keys) == [
        Wrong("a.txt", "it has another SHA-256"),
        Wrong("b.txt", "it is missing"),
    ]


@pytest.mark.parametrize("name", ["../keys.json", "/etc/hostname", "a/../../keys.json", ""])
def test_nothing_is_read_outside_of_the_download(download: Path, keys: Path, name: str) -> None:
    (download / "statement.json").write_text(json.dumps(enveloped(stated({name: b""}))))

    assert wrongs(download, keys) == [Wrong(name, "it leads out of the download")]


def test_a_statement_that_nobody_signed_is_refused(download: Path, keys: Path) -> None:
    told = json.loads((download / "statement.json").read_text())
    forged = json.dumps(stated({})).encode()
    other = Ed25519PrivateKey.from_private_bytes(bytes([1] * 32))

    envelopes: list[object] = [
        {**told, "payload": base64.b64encode(forged).decode()},
        {**told, "payloadType": "text/plain"},
        {**told, "signatures": []},
        {**told, "signatures": [{"keyid": "other", "sig": told["signatures"][0]["sig"]}]},
        {**told, "payload": "é"},
        {},
        [],
        enveloped(stated({}), other),
        enveloped({"subject": []}),
        enveloped({"subject": [{"name": "a"}], "predicate": {"pending": 0}}),
    ]
    for envelope in envelopes:
        (download / "statement.json").write_text(json.dumps(envelope))
        with pytest.raises(StatementRefused):
            wrongs(download, keys)


@pytest.mark.parametrize("text", ["", "[]", '{"keys": [{}]}', "{", '{"keys": [{"kty": "OKP"}]}'])
def test_keys_that_are_none_check_nothing(download: Path, keys: Path, text: str) -> None:
    keys.write_text(text)

    with pytest.raises(ClientError):
        wrongs(download, keys)


def test_a_download_without_a_statement_cannot_be_checked(tmp_path: Path, keys: Path) -> None:
    with pytest.raises(ClientError):
        wrongs(tmp_path / "none", keys)


@pytest.fixture
def receipt(tmp_path: Path, download: Path) -> Path:
    """Of the two files, as it was given to a guest."""
    place = tmp_path / "receipt.json"
    (download / "statement.json").unlink()
    (download / "data" / "b.txt").rename(download / "b.txt")
    told = stated({"a.txt": b"a", "b.txt": b"b"})
    told["predicateType"] = RECEIPT_TYPE
    told["predicate"] = {"confirmedAt": "2026-11-21T12:00:00.000+00:00"}
    place.write_text(json.dumps(enveloped(told)))
    return place


def test_what_was_sent_is_what_the_receipt_says(download: Path, keys: Path, receipt: Path) -> None:
    told: list[Wrong] = []

    assert verify(download, keys, told.append, receipt) == Verified(files=2, wrong=0, pending=0)
    assert told == []


def test_a_byte_or_a_name_that_is_another_fails(download: Path, keys: Path, receipt: Path) -> None:
    (download / "a.txt").write_bytes(b"b")
    (download / "b.txt").rename(download / "c.txt")
    told: list[Wrong] = []

    assert verify(download, keys, told.append, receipt).wrong == 2
    assert told == [Wrong("a.txt", "it has another SHA-256"), Wrong("b.txt", "it is missing")]


@pytest.mark.parametrize(
    "change", [("12:00:00", "12:00:01"), ("a.txt", "c.txt"), ('sha256": "c', 'sha256": "d')],
    ids=["time", "name", "digest"],
)  # fmt: skip
def test_a_receipt_that_was_changed_is_refused(
    download: Path, keys: Path, receipt: Path, change: tuple[str, str]
) -> None:
    told = json.loads(receipt.read_text())
    payload = base64.b64decode(told["payload"]).decode()
    assert change[0] in payload
    forged = payload.replace(*change)
    receipt.write_text(json.dumps({**told, "payload": base64.b64encode(forged.encode()).decode()}))

    with pytest.raises(StatementRefused):
        verify(download, keys, lambda _: None, receipt)
