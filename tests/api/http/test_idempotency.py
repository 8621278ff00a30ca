"""Idempotency-Key on the JSON POSTs of v2."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from builders.papers import PAPER, a_token
from filemanager.api.http.operations import ATTRIBUTE
from filemanager.api.workspaces.door import V2 as V2_ROUTES
from filemanager.domain.blobs.blob import SMALL_PACK_BYTES
from filemanager.domain.caller import owner_of
from filemanager.domain.requests.idempotency import KeyPlace
from filemanager.factory.parts import clock, parts_of
from filemanager.services.idempotency import IdempotencyService
from filemanager.settings.service import Settings
from people.answers import everything
from people.following import led_to
from people.person import API, Person

V2 = "/v2/workspaces"
KEY = {"Idempotency-Key": '"8e03978e"'}


@pytest.fixture
def workspace(alice: Person) -> str:
    """The path of a workspace with two files."""
    made = f"{V2}/{alice.post(V2, json={}).get_json()['id']}"
    for name in ("main.tex", "other.tex"):
        assert alice.put(f"{made}/files/{name}", PAPER).status_code == 201
    return made


def refusal(response: TestResponse) -> tuple[int, str]:
    assert response.mimetype == "application/problem+json"
    return response.status_code, response.get_json()["code"]


def shown(response: TestResponse) -> tuple[Any, ...]:
    """All of an answer but what every answer has anew."""
    headers = {name: value for name, value in response.headers if name != "X-Request-ID"}
    return response.status_code, response.get_json(), headers


def test_it_works(alice: Person) -> None:
    first = alice.post(V2, json={"name": "x"}, headers=KEY)
    again = alice.post(V2, json={"name": "x"}, headers={"Idempotency-Key": "8e03978e"})

    assert first.status_code == 201
    assert shown(again) == shown(first)
    assert len(alice.get(V2).get_json()["workspaces"]) == 1


def test_without_a_key_each_request_is_run(alice: Person) -> None:
    for _ in range(2):
        assert alice.post(V2, json={}).status_code == 201

    assert len(alice.get(V2).get_json()["workspaces"]) == 2


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/checkpoints", {"name": "first"}), ("/lock", {"reason": "x"}), ("/unlock", None),
        ("/release", None), ("/unrelease", None), ("/check", None), ("/check?dry_run=1", None),
        ("/files:move", {"source": "main.tex", "target": "a.tex"}),
    ],
)  # fmt: skip
def test_an_action_sent_again_is_answered_alike_and_done_once(
    alice: Person, bob: Person, workspace: str, path: str, body: object
) -> None:
    first = alice.post(f"{workspace}{path}", json=body, headers=KEY)
    before = everything(bob)
    again = alice.post(f"{workspace}{path}", json=body, headers=KEY)

    assert first.status_code in (200, 201), first.text
    assert shown(again) == shown(first)
    assert everything(bob) == before


def test_what_is_deleted_and_brought_back_is_brought_back_once(
    alice: Person, bob: Person, workspace: str
) -> None:
    alice.delete(f"{workspace}/files/main.tex")
    sent = {"json": {"path": "main.tex"}, "headers": KEY}
    first = alice.post(f"{workspace}/files:undelete", **sent)
    before = everything(bob)

    again = alice.post(f"{workspace}/files:undelete", **sent)

    assert first.status_code == 200
    assert shown(again) == shown(first)
    assert everything(bob) == before


def test_a_restored_checkpoint_is_restored_once(alice: Person, workspace: str) -> None:
    made = led_to(alice.post(f"{workspace}/checkpoints", json={})).removeprefix(API)
    state = alice.get(workspace).headers["ETag"]
    headers = {**KEY, "If-Match": state}

    first = alice.post(f"{made}:restore", headers=headers)
    again = alice.post(f"{made}:restore", headers=headers)

    assert first.status_code == 200
    assert shown(again) == shown(first)


def test_a_promised_job_is_the_same_job(alice: Person, workspace: str) -> None:
    headers = {**KEY, "Prefer": "respond-async"}

    first = alice.post(f"{workspace}/check", headers=headers)
    again = alice.post(f"{workspace}/check", headers=headers)

    assert first.status_code == 202
    assert shown(again) == shown(first)


def test_a_check_made_is_told_with_its_changes_again(alice: Person) -> None:
    place = f"{V2}/{alice.post(V2, json={}).get_json()['id']}"
    alice.put(f"{place}/files/a%20b.tex", PAPER)

    first, again = (alice.post(f"{place}/check", headers=KEY) for _ in range(2))

    assert shown(again) == shown(first)


@pytest.mark.parametrize(
    "other",
    [
        lambda alice, place: alice.post(f"{place}/lock", json={"reason": "y"}, headers=KEY),
        lambda alice, place: alice.post(f"{place}/lock?x=1", json={"reason": "x"}, headers=KEY),
        lambda alice, _: alice.post(
            f"{V2}/{alice.post(V2).get_json()['id']}/lock", json={"reason": "x"}, headers=KEY
        ),
    ],
    ids=["body", "query", "workspace"],
)
def test_the_same_key_with_another_request_is_422(
    alice: Person, workspace: str, other: Callable[[Person, str], TestResponse]
) -> None:
    assert alice.post(f"{workspace}/lock", json={"reason": "x"}, headers=KEY).status_code == 200

    response = other(alice, workspace)

    assert refusal(response) == (422, "idempotency_key_reused")
    assert alice.get(workspace).get_json()["lock"]["reason"] == "x"


def test_a_request_that_still_runs_is_409_and_to_be_asked_again(
    alice: Person, settings: Settings
) -> None:
    keys = IdempotencyService(parts_of(settings).database, clock)
    place = KeyPlace(
        owner_of(settings.jwt_issuer, "1"), "v2.workspaces.create_workspace", "8e03978e"
    )
    keys.begin(place, (f"{API}{V2}".encode(), b"", b""))

    response = alice.post(V2, headers=KEY)

    assert refusal(response) == (409, "request_still_running")
    assert response.headers["Retry-After"] == "2"
    assert alice.get(V2).get_json() == {"workspaces": []}


@pytest.mark.parametrize("key", ["", '"a', "a b", "k" * 256, '"a", "b"'])
def test_a_malformed_key_is_400(alice: Person, key: str) -> None:
    response = alice.post(V2, json={}, headers={"Idempotency-Key": key})

    assert refusal(response) == (400, "idempotency_key_malformed")
    assert alice.get(V2).get_json() == {"workspaces": []}


def test_a_refused_request_does_not_burn_its_key(alice: Person) -> None:
    place = f"{V2}/{alice.post(V2).get_json()['id']}"
    refused = alice.post(f"{place}/checkpoints", json={}, headers=KEY)
    alice.put(f"{place}/files/main.tex", PAPER)

    response = alice.post(f"{place}/checkpoints", json={}, headers=KEY)

    assert refusal(refused) == (400, "workspace_empty")
    assert response.status_code == 201


def test_what_is_unavailable_does_not_burn_its_key(
    alice: Person, workspace: str, settings: Settings
) -> None:
    # What is small lies in rows, and is there whatever becomes of the store.
    large = random.Random(5).randbytes(SMALL_PACK_BYTES + 1)
    assert alice.put(f"{workspace}/files/data.bin", large).status_code == 201
    store = settings.data_dir / "store"
    elsewhere = store.rename(settings.data_dir / "elsewhere")
    down = alice.post(f"{workspace}/check", headers=KEY)
    elsewhere.rename(store)

    response = alice.post(f"{workspace}/check", headers=KEY)

    assert down.status_code == 503
    assert response.status_code == 200


def test_a_body_larger_than_json_may_be_is_413(alice: Person, workspace: str) -> None:
    response = alice.post(f"{workspace}/unlock", data=b"x" * 70_000, headers=KEY)

    assert refusal(response) == (413, "request_too_large")


def test_a_key_is_another_for_another_owner(alice: Person, charlie: Person) -> None:
    made = [person.post(V2, json={}, headers=KEY).get_json() for person in (alice, charlie)]

    assert made[0]["id"] != made[1]["id"]
    assert [one["owner"] for one in made] == ["1", "3"]


def test_a_token_without_the_scope_gets_nothing_by_a_key(alice: Person, nobody: Person) -> None:
    assert alice.post(V2, json={}, headers=KEY).status_code == 201

    response = nobody.post(V2, json={}, headers=KEY)

    assert refusal(response) == (403, "insufficient_scope")


def test_a_result_that_was_deleted_is_404_and_not_made_again(alice: Person) -> None:
    made = alice.post(V2, json={}, headers=KEY).get_json()
    alice.delete(f"{V2}/{made['id']}")

    response = alice.post(V2, json={}, headers=KEY)

    assert refusal(response) == (404, "workspace_not_found")
    assert alice.get(V2).get_json() == {"workspaces": []}


def test_twenty_threads_make_one_workspace(app: Flask) -> None:
    def make(_: int) -> TestResponse:
        return Person(app.test_client(), a_token("1")).post(V2, json={}, headers=KEY)

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(make, range(20)))

    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({a.get_json()["id"] for a in answers if a.status_code == 201}) == 1
    listed = Person(app.test_client(), a_token("1")).get(V2).get_json()
    assert len(listed["workspaces"]) == 1


def test_every_post_of_v2_takes_a_key(app: Flask) -> None:
    without = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(V2_ROUTES)
        and "POST" in (rule.methods or ())
        and "Idempotency-Key" not in getattr(app.view_functions[rule.endpoint], ATTRIBUTE).accepts
    ]

    assert without == []
