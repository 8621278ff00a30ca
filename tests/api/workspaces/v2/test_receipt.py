"""The receipt of a workspace by v2: signed, and checked against the files offline."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from builders.papers import a_token
from builders.statements import PRIVATE_KEY
from filemanager.client.verifying import StatementRefused, Verified, Wrong, verify
from filemanager.settings.packages import PackagesSettings
from people.person import Person
from people.surfers import Surfer

FILES = {
    "a.txt": b"a", "fig/r\u00fcngs b.txt": b"rings", "anc/data.csv": b"1,2\n", "data/x.txt": b"x",
}  # fmt: skip


@pytest.fixture
def special() -> dict[str, Any]:
    return {"packages": PackagesSettings(statement_key=PRIVATE_KEY)}


@pytest.fixture
def number(alice: Person) -> int:
    made = int(alice.post("/v2/workspaces", json={"profile": "generic"}).get_json()["id"])
    for path, data in FILES.items():
        assert alice.put(f"/v2/workspaces/{made}/files/{quote(path)}", data).status_code == 201
    return made


@pytest.fixture
def locked(alice: Person, number: int) -> int:
    alice.post(f"/v2/workspaces/{number}/lock", json={"reason": "Handed in"})
    return number


@pytest.fixture
def place(tmp_path: Path, client: FlaskClient) -> Path:
    """The files as somebody kept them, beside the keys of the service."""
    for path, data in FILES.items():
        kept = tmp_path / "kept" / path
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(data)
    (tmp_path / "keys.json").write_text(client.get("/.well-known/filemanager-keys.json").text)
    return tmp_path


def of(number: int) -> str:
    return f"/v2/workspaces/{number}/receipt.json"


def checked(place: Path, receipt: str) -> tuple[Verified, list[Wrong]]:
    told: list[Wrong] = []
    (place / "receipt.json").write_text(receipt)
    found = verify(place / "kept", place / "keys.json", told.append, place / "receipt.json")
    return found, told


def test_it_works(alice: Person, locked: int, place: Path) -> None:
    answer = alice.get(of(locked))

    assert (answer.status_code, answer.mimetype) == (200, "application/vnd.dsse.envelope.v1+json")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="receipt-{locked}.json"'
    assert checked(place, answer.text) == (Verified(files=len(FILES), wrong=0, pending=0), [])


def test_a_changed_byte_is_told_and_a_changed_receipt_refused(
    alice: Person, locked: int, place: Path
) -> None:
    receipt = alice.get(of(locked)).get_json(force=True)
    (place / "kept" / "a.txt").write_bytes(b"b")

    assert checked(place, json.dumps(receipt))[1] == [Wrong("a.txt", "it has another SHA-256")]
    receipt["payload"] = f"{receipt['payload'][:-8]}AAAAAAA="
    with pytest.raises(StatementRefused):
        checked(place, json.dumps(receipt))


def test_it_is_the_same_until_something_changes(alice: Person, locked: int) -> None:
    first, again = alice.get(of(locked)), alice.get(of(locked))
    tag = first.headers["ETag"]

    unchanged = alice.get(of(locked), headers={"If-None-Match": tag})
    alice.post(f"/v2/workspaces/{locked}/unlock", json={})
    alice.put(f"/v2/workspaces/{locked}/files/b.txt", b"b")
    alice.post(f"/v2/workspaces/{locked}/lock", json={})
    later = alice.get(of(locked), headers={"If-None-Match": tag})

    assert first.data == again.data
    assert (unchanged.status_code, unchanged.data) == (304, b"")
    assert later.status_code == 200
    assert later.data != first.data


def test_it_is_that_of_the_page(alice: Person, locked: int, client: FlaskClient) -> None:
    surfer = Surfer(client)
    surfer.sign_in(a_token("1"))

    page = surfer.get(f"/w/{locked}/receipt.json")

    assert page.get_json() == alice.get(of(locked)).get_json(force=True)


def test_a_released_one_has_one(alice: Person, number: int, place: Path) -> None:
    alice.post(f"/v2/workspaces/{number}/release", json={})

    assert checked(place, alice.get(of(number)).text)[0].files == len(FILES)


def test_an_open_one_has_none(alice: Person, number: int) -> None:
    refused = alice.get(of(number))

    assert (refused.status_code, refused.get_json()["code"]) == (409, "workspace_open")
    assert refused.mimetype == "application/problem+json"


@pytest.mark.parametrize("special", [{}], ids=["no-key"])
def test_without_a_key_there_is_none(alice: Person, locked: int) -> None:
    refused = alice.get(of(locked))

    assert (refused.status_code, refused.get_json()["code"]) == (404, "no_statements")


def test_it_is_for_who_reads_the_workspace(
    alice: Person, charlie: Person, client: FlaskClient, locked: int
) -> None:
    without = Person(client, a_token("1", "upload:update"))
    bound = Person(client, a_token("9", f"upload:read:{locked}"))

    assert Person(client, None).get(of(locked)).status_code == 401
    assert without.get(of(locked)).status_code == 403
    assert charlie.get(of(locked)).status_code in (403, 404)
    assert bound.get(of(locked)).status_code == 200
    assert alice.get(of(locked + 1)).status_code == 404
