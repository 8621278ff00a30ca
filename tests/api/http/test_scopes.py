"""Scopes: their spellings, their aliases, and what a bound one opens."""

from typing import Any

import jwt
import pytest
from flask.testing import FlaskClient

from builders.papers import PAPER, SECRET, a_session, a_token
from people.answers import DENIED, answer, everything
from people.person import Person

CLIENT = {"owner_id": "system", "client_id": "agent", "name": "Agent", "url": None}


def person(door: FlaskClient, scopes: Any, **claims: Any) -> Person:
    session = {**a_session(), "authorizations": {"classic": 0, "scopes": scopes}, **claims}
    return Person(door, jwt.encode(session, SECRET, algorithm="HS256"))


def scope(action: str, resource: str | int | None = None) -> dict[str, Any]:
    return {"domain": "upload", "action": action, "resource": resource}


@pytest.mark.parametrize(
    "scopes",
    [
        [scope("read")],
        ["upload:read"],
        "upload:read",
        "upload:delete  upload:read",
        [scope("read", "*")],
        ["upload:read:*"],
        "upload:read:*",
        [scope("read", "1")],
        [scope("read", 1)],
        ["upload:read:1"],
        ["upload:admin"],
        ["upload:read", scope("delete")],
    ],
)
def test_every_spelling_opens(client: FlaskClient, alice: Person, scopes: Any) -> None:
    alice.create("main.tex", PAPER)

    assert person(client, scopes).get("/1").status_code == 200


@pytest.mark.parametrize(
    "scopes",
    [
        [],
        "",
        None,
        ["upload"],
        ["read"],
        ["upload:"],
        ["upload:READ"],
        ["upload:read_logs"],
        ["other:read"],
        ["upload:read:2"],
        ["upload:read:01"],
        [scope("read", "")],
        [scope("read", "other")],
        ["upload:update", "upload:write"],
    ],
)
def test_anything_else_is_403(client: FlaskClient, alice: Person, bob: Person, scopes: Any) -> None:
    alice.create("main.tex", PAPER)
    before = everything(bob)

    response = person(client, scopes).get("/1")

    assert answer(response) == DENIED
    challenge = 'Bearer error="insufficient_scope", scope="upload:read"'
    assert response.headers["WWW-Authenticate"] == challenge
    assert everything(bob) == before


def test_no_authorizations_are_403(client: FlaskClient, alice: Person) -> None:
    alice.create("main.tex", PAPER)

    response = person(client, [], authorizations=None).get("/1")

    assert answer(response) == DENIED


@pytest.mark.parametrize(
    ("method", "path", "held"),
    [
        ("POST", "/1/lock", "upload:update"),
        ("POST", "/1/lock", "upload:write"),
        ("POST", "/1/release", "upload:release"),
        ("POST", "/1/release", "upload:update"),
        ("POST", "/1/release", "upload:write"),
        ("DELETE", "/1/main.tex", "upload:delete"),
        ("DELETE", "/1", "upload:delete_workspace"),
    ],
)
def test_a_scope_or_its_older_alias_opens(
    client: FlaskClient, alice: Person, method: str, path: str, held: str
) -> None:
    alice.create("main.tex", PAPER)

    assert person(client, [held]).call(method, path).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "held"),
    [
        ("POST", "/1/lock", "upload:release"),
        ("POST", "/1/lock", "upload:create"),
        ("DELETE", "/1/main.tex", "upload:update"),
        ("DELETE", "/1", "upload:delete"),
        ("GET", "/1/log", "upload:read"),
        ("POST", "/1/checkpoint", "upload:update"),
        ("GET", "/1/list_checkpoints", "upload:read"),
    ],
)
def test_an_alias_goes_one_way(
    client: FlaskClient, alice: Person, method: str, path: str, held: str
) -> None:
    alice.create("main.tex", PAPER)

    assert answer(person(client, [held]).call(method, path)) == DENIED


@pytest.mark.parametrize("held", ["upload:create", "upload:update", "upload:write"])
def test_a_workspace_is_made_with_each_of_three_scopes(client: FlaskClient, held: str) -> None:
    assert person(client, [held]).upload("/", "main.tex", PAPER).status_code == 201


def test_a_scope_for_one_workspace_opens_it_whoever_owns_it(
    client: FlaskClient, alice: Person
) -> None:
    alice.create("main.tex", PAPER)
    alice.create("main.tex", PAPER)
    agent = person(client, "upload:read:2", user=None, client=CLIENT)

    opened = agent.get("/2/content")

    assert opened.status_code == 200
    assert opened.headers["ARXIV-OWNER"] == "1"
    assert answer(agent.get("/1/content")) == DENIED
    assert answer(agent.get("/999/content")) == DENIED
    assert answer(agent.get("/2/log")) == DENIED
    assert answer(agent.delete("/2/main.tex")) == DENIED


@pytest.mark.parametrize("held", ["upload:create:1", "upload:update:1", "upload:write:1"])
def test_a_scope_for_one_workspace_makes_none(client: FlaskClient, bob: Person, held: str) -> None:
    response = person(client, [held]).upload("/", "main.tex", PAPER)

    assert answer(response) == DENIED
    assert everything(bob)["workspaces"] == []


def test_a_scope_for_one_workspace_lists_none(client: FlaskClient, alice: Person) -> None:
    alice.create("main.tex", PAPER)

    response = person(client, ["upload:read:1"]).get("/v2/workspaces")

    assert response.status_code == 403


def test_a_global_scope_opens_every_workspace_and_no_other_route(
    client: FlaskClient, alice: Person
) -> None:
    alice.create("main.tex", PAPER)
    reader = Person(client, a_token("77", "upload:read:*"))

    assert reader.get("/1").status_code == 200
    assert answer(reader.post("/1/lock")) == DENIED


def test_a_session_with_only_a_client_works_everywhere(client: FlaskClient) -> None:
    agent = person(client, [scope(action) for action in (
        "create", "read", "update", "delete", "release", "read_logs", "create_checkpoint",
        "read_checkpoints", "restore_checkpoint", "delete_checkpoint", "delete_workspace",
        "read_service_logs",
    )], user=None, client=CLIENT)  # fmt: skip

    created = agent.upload("/", "main.tex", PAPER)
    checkpoint = agent.post("/1/checkpoint")
    listed = agent.get("/1/list_checkpoints").get_json()["checkpoints"]
    statuses = [
        agent.upload("/1", "b.txt", b"b\n").status_code,
        agent.post(f"/1/restore_checkpoint/{checkpoint.headers['ETag']}").status_code,
        agent.post("/1/delete_all_checkpoints").status_code,
        agent.post("/1/release").status_code,
        agent.get("/1/content").status_code,
        agent.get("/1/log").status_code,
    ]

    assert created.headers["ARXIV-OWNER"] == "system"
    assert [one["name"] for one in listed] == ["checkpoint_1.tar.gz"]
    assert statuses == [201, 200, 200, 200, 200, 200]
    assert "Uploaded 'b.txt' (2 bytes) [client:agent]." in agent.get("/1/log").text
    assert "1: Release workspace [client:agent]." in agent.get("/log").text


def test_with_both_the_user_is_the_principal(client: FlaskClient, alice: Person) -> None:
    both = person(client, ["upload:create", "upload:read"], client=CLIENT)

    created = both.upload("/", "main.tex", PAPER)

    assert created.headers["ARXIV-OWNER"] == "1"
    assert alice.get("/1").status_code == 200


def test_a_client_is_not_the_user_of_its_number(client: FlaskClient, alice: Person) -> None:
    alice.create("main.tex", PAPER)
    agent = person(client, ["upload:read"], user=None, client={**CLIENT, "owner_id": "3"})

    assert answer(agent.get("/1")) == DENIED
