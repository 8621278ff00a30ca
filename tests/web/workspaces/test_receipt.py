"""The receipt of a workspace that is locked or released: to print, and signed."""

import base64
import hashlib
import json
from typing import Any

import pytest

from builders.statements import PRIVATE_KEY
from filemanager.settings.packages import PackagesSettings
from people.surfers import Surfer
from web.workspaces.conftest import HARM, NAMES, Desk


@pytest.fixture
def profile() -> str:
    return "generic"


@pytest.fixture
def closed(desk: Desk) -> Desk:
    """Locked, with files whose names mean harm."""
    for name in NAMES:
        desk.put(name.replace("%", "%25"), name.encode())
    desk.act("lock", reason=HARM)
    return desk


def signed(desk: Desk) -> dict[str, Any]:
    answer = desk.surfer.get(f"{desk.home}/receipt.json")
    assert answer.status_code == 200, answer.text
    payload: dict[str, Any] = json.loads(base64.b64decode(answer.get_json()["payload"]))
    return payload


def test_it_names_every_file_with_size_and_sum(closed: Desk) -> None:
    shown = closed.surfer.get(f"{closed.home}/receipt").text

    assert "Locked: theuser" in shown
    sums = [hashlib.sha256(name.encode()).hexdigest() for name in NAMES]
    assert [one for one in sums if one not in shown] == []
    assert f"{len(NAMES)} files" in shown
    assert "The signed receipt" not in shown


def test_names_and_words_of_others_do_nothing_on_it(closed: Desk) -> None:
    shown = closed.surfer.get(f"{closed.home}/receipt").text

    assert HARM not in shown
    assert "<img src=x" not in shown
    assert "50% off &amp; more.txt" in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown


SIGNED = pytest.mark.parametrize(
    "special", [{"packages": PackagesSettings(statement_key=PRIVATE_KEY)}], ids=["signed"]
)


@SIGNED
def test_the_signed_one_says_the_same(closed: Desk) -> None:
    told = signed(closed)
    assert "The signed receipt, to keep" in closed.surfer.get(f"{closed.home}/receipt").text

    sums = [hashlib.sha256(name.encode()).hexdigest() for name in NAMES]
    assert [one["name"] for one in told["subject"]] == sorted(closed.paths)
    assert sorted(one["digest"]["sha256"] for one in told["subject"]) == sorted(sums)
    assert told["predicateType"] == "urn:filemanager:receipt:1"
    assert told["predicate"]["lock"] == {"by": "theuser", "reason": HARM}
    assert told["predicate"]["revision"] == int(closed.revision)
    assert told == signed(closed)


def test_a_released_one_has_a_receipt_and_leads_to_it(desk: Desk) -> None:
    desk.put("a.txt", b"a")
    assert "/receipt" not in desk.text

    desk.api.post(f"/v2/workspaces/{desk.number}/release", json={})

    assert f'href="{desk.number}/receipt"' in desk.text
    assert "Released" in desk.surfer.get(f"{desk.home}/receipt").text


def test_an_open_one_has_none_yet(desk: Desk) -> None:
    desk.put("a.txt", b"a")

    refused = desk.surfer.get(f"{desk.home}/receipt")

    assert refused.status_code == 409
    assert "Lock or release it, then ask for the receipt." in refused.text


@SIGNED
def test_an_open_one_has_no_signed_one_either(desk: Desk) -> None:
    assert desk.surfer.get(f"{desk.home}/receipt.json").status_code == 409


def test_a_stranger_gets_none(closed: Desk, mallory: Surfer) -> None:
    for path in ("receipt", "receipt.json"):
        assert mallory.get(f"{closed.home}/{path}").status_code == 404
