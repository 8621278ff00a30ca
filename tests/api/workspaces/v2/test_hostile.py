"""What is sent to do harm: each case with its answer, and nothing changed by it."""

import json
from base64 import urlsafe_b64encode
from typing import Any

import pytest

from builders.papers import PAPER
from people.person import Person

JSON = {"Content-Type": "application/json"}


@pytest.fixture
def workspace(alice: Person) -> str:
    made = f"/v2/workspaces/{alice.post('/v2/workspaces').get_json()['id']}"
    assert alice.put(f"{made}/files/main.tex", PAPER).status_code == 201
    return made


BODIES = [
    b"[" * 10_000, b'{"metadata":' * 5000, b'{"metadata":' + b"[" * 5000 + b"]" * 5000 + b"}",
    b'{"name": "a\\u0000b"}', b'{"name": "\\ud800"}', b'{"name": "\xff"}', b'{"name": 5}',
    b'{"metadata": {"a": "\\u0000"}}', b'{"metadata": {"\\u0000": 1}}',
    b'{"metadata": {"a": [{"b": "\\udfff"}]}}', b'{"metadata": {"n": 1e999}}',
    b'{"metadata": {"n": NaN}}', b'{"metadata": {"n": ' + b"9" * 5000 + b"}}",
    b'{"metadata": {"n": 99999999999999999999}}', b"[]", b'"text"', b"null", b"{", b"\x00",
    b'{"unknown": 1}', b'{"metadata": {"a": "' + b"x" * 20_000 + b'"}}',
]  # fmt: skip


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_a_body_that_cannot_be_kept_is_422(
    alice: Person, workspace: str, method: str, body: bytes
) -> None:
    before = alice.get("/v2/workspaces").data
    path = "/v2/workspaces" if method == "POST" else workspace

    response = alice.call(method, path, data=body, headers=JSON)

    assert (response.status_code, response.get_json()["code"]) == (422, "malformed_request")
    assert response.get_json()["errors"][0]["detail"]
    assert alice.get("/v2/workspaces").data == before


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/lock", {"reason": "\0"}), ("/lock", {"expires_at": "2999-01-01"}),
        ("/lock", {"expires_at": "9999-12-31T23:59:59-12:00"}), ("/lock", {"expires_at": 5}),
        ("/lock", {"expires_at": "0001-01-01T00:00:00+12:00"}), ("/lock", {"expires_at": "5"}),
        ("/checkpoints", {"name": ""}), ("/checkpoints", {"name": "\0"}),
        ("/checkpoints", {"description": "x" * 4001}), ("/files:undelete", {"path": "\0"}),
        ("/files:move", {"source": "\0", "target": "b"}), ("/files:undelete", {}),
    ],
)  # fmt: skip
def test_a_wish_out_of_bounds_is_422(
    alice: Person, workspace: str, path: str, body: dict[str, Any]
) -> None:
    before = alice.get(workspace).data

    response = alice.post(workspace + path, json=body)

    assert (response.status_code, response.get_json()["code"]) == (422, "malformed_request")
    assert alice.get(workspace).data == before


@pytest.mark.parametrize(
    "query",
    [
        "owner=%00", "status=LOST", "limit=0", "limit=1001", "limit=" + "9" * 5000, "limit=x",
        "updated_since=yesterday", "updated_since=2026-01-01T00:00:00", "cursor=!", "x=1",
        "updated_since=9999-12-31T23:59:59-12:00", "cursor=" + "A" * 4001, "updated_since=1",
    ],
)  # fmt: skip
def test_a_query_out_of_bounds_is_422(alice: Person, query: str) -> None:
    response = alice.get(f"/v2/workspaces?{query}")

    assert (response.status_code, response.mimetype) == (422, "application/problem+json")


@pytest.mark.parametrize(
    "place",
    [None, True, -1, 2**63, "x", [], {"a": 1}, ["source"], ["nowhere", "a"], ["source", 5],
     ["source", "\0"], ["source", "\ud800"], ["source", "a", "b"]],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/v2/workspaces", "{}/entries", "{}/log"])
def test_a_forged_cursor_is_no_harm(
    alice: Person, workspace: str, path: str, place: object
) -> None:
    cursor = urlsafe_b64encode(json.dumps(place).encode()).decode()

    response = alice.get(f"{path.format(workspace)}?cursor={cursor}")

    assert response.status_code == (200 if place is None else 422)


def test_a_deep_cursor_is_422(alice: Person) -> None:
    cursor = urlsafe_b64encode(b"[" * 2900).decode()

    assert alice.get(f"/v2/workspaces?cursor={cursor}").status_code == 422


@pytest.mark.parametrize("query", ["q=%00", "q=" + "x" * 201, "kind=X", "area=X", "revision=%00"])
def test_an_entry_query_out_of_bounds_is_422(alice: Person, workspace: str, query: str) -> None:
    assert alice.get(f"{workspace}/entries?{query}").status_code == 422


@pytest.mark.parametrize("number", ["9223372036854775808", "9" * 4000, "١٢", "-1", "1.0", "0x1"])
def test_an_id_that_is_none_is_404(alice: Person, workspace: str, number: str) -> None:
    found = [
        alice.get(path).status_code
        for path in (f"/v2/workspaces/{number}", f"{workspace}/checkpoints/{number}")
    ]

    assert found == [404, 404]


def test_a_body_of_another_type_is_415(alice: Person) -> None:
    response = alice.post("/v2/workspaces", data=b"name=x", content_type="text/plain")

    assert (response.status_code, response.mimetype) == (415, "application/problem+json")


def test_a_large_body_of_json_is_413(alice: Person) -> None:
    body = b'{"name": "' + b"x" * 70_000 + b'"}'

    response = alice.post("/v2/workspaces", data=body, headers=JSON)

    assert (response.status_code, response.get_json()["code"]) == (413, "request_too_large")


def test_nothing_that_was_sent_comes_back_in_a_refusal(alice: Person) -> None:
    response = alice.post("/v2/workspaces", json={"profile": {"password": "tiger"}})

    assert response.status_code == 422
    assert "tiger" not in response.text


def test_a_method_that_is_none_is_405_and_names_the_others(alice: Person, workspace: str) -> None:
    response = alice.put(workspace, b"")

    assert (response.status_code, response.mimetype) == (405, "application/problem+json")
    assert {"GET", "PATCH", "DELETE"} <= set(response.headers["Allow"].split(", "))


def test_an_unknown_route_is_404_in_the_same_form(alice: Person) -> None:
    response = alice.get("/v2/nothing")

    problem = response.get_json()
    assert (response.status_code, response.mimetype) == (404, "application/problem+json")
    assert set(problem) == {"type", "title", "status", "detail", "code", "request_id"}
    assert problem["request_id"] == response.headers["X-Request-ID"]
    assert problem["type"] == f"http://fooserver.localdomain/docs/problems/{problem['code']}"
