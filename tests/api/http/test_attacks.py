"""Every operation, asked by those who may not: nothing of another's is shown or changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from builders.papers import PAPER, SECRET, a_session
from filemanager.api.http.guards import Tokens
from filemanager.api.http.operations import ATTRIBUTE, Operation
from filemanager.domain.caller import Scope
from filemanager.domain.ids import digest_of
from people.answers import everything
from people.person import Person
from people.tus_uploader import metadata

MARK = "alices-own-7f3a91"
"""Stands in all that is hers: names, bytes, notes. Nobody else may ever be sent it."""

OPERATORS = {Scope.ADMIN, Scope.READ_SERVICE_LOGS}
EVERY_SCOPE = tuple(str(scope) for scope in Scope if scope not in OPERATORS)


def token(user: str, *scopes: str, **claims: object) -> str:
    session = {**a_session(user), "authorizations": {"scopes": list(scopes)}, **claims}
    return jwt.encode(session, SECRET, algorithm="HS256")


IDENTITIES = {
    "nobody": None,
    "a forged token": token("1", *EVERY_SCOPE)[:-4] + "AAAA",
    "an expired token of hers": token("1", *EVERY_SCOPE, exp=1_000_000_000),
    "her token for another service": token("1", *EVERY_SCOPE, aud="elsewhere"),
    "her token without a scope": token("1"),
    "her token for another workspace": token("1", *(f"{scope}:99" for scope in EVERY_SCOPE)),
    "a stranger with every scope": token("3", *EVERY_SCOPE),
    "a stranger with scopes for another workspace": token(
        "3", *(f"{scope}:99" for scope in EVERY_SCOPE)
    ),
}
WITHOUT_A_SCOPE = tuple(IDENTITIES)[:6]
"""These open nothing at all that a token guards."""


@dataclass(frozen=True, slots=True)
class Prey:
    """What is alice's, by the names that paths have for it."""

    client: FlaskClient
    values: dict[str, Any]

    def ask(self, rule: Rule, method: str, token: str | None) -> TestResponse:
        adapter = self.client.application.url_map.bind("localhost")
        values = {name: self.values.get(name, "1") for name in rule.arguments}
        url = adapter.build(rule.endpoint, values, method)
        headers = {"Tus-Resumable": "1.0.0", "Upload-Length": "3", "Upload-Offset": "0"}
        headers["Upload-Metadata"] = metadata(
            {"workspace": self.values["workspace_id"], "path": "x"}
        )
        if token is not None:
            headers["Authorization"] = token
        if "/tus" in url:
            headers["Content-Type"] = "application/offset+octet-stream"
        body = {
            "workspace": self.values["workspace_id"],
            "files": [{"path": "x", "size": 3, "sha256": digest_of(b"own")}],
            "parts": [{"number": 1}],
            "source": f"{MARK}.tex",
            "target": "y",
            "path": f"{MARK}.tex",
        }
        wanted = _fields(rule, self.client.application, body)
        return self.client.open(url, method=method, headers=headers, json=wanted)


def _fields(rule: Rule, app: Flask, body: dict[str, Any]) -> dict[str, Any] | None:
    """What the route reads of *body*: more would only be malformed."""
    model = operation_of(app, rule).body
    if model is None:
        return None
    return {name: value for name, value in body.items() if name in model.model_fields}


def operation_of(app: Flask, rule: Rule) -> Operation:
    found = getattr(app.view_functions[rule.endpoint], ATTRIBUTE)
    assert isinstance(found, Operation)
    return found


def operations(app: Flask) -> Iterator[tuple[Rule, str, Operation]]:
    for rule in app.url_map.iter_rules():
        if rule.endpoint.rpartition(".")[2] != "static":
            for method in sorted((rule.methods or set()) - {"OPTIONS"}):
                yield rule, method, operation_of(app, rule)


@pytest.fixture
def prey(alice: Person, client: FlaskClient) -> Prey:
    workspace = int(alice.create(f"{MARK}.tex", PAPER + f"% {MARK}".encode())["upload_id"])
    named = alice.post(f"/v2/workspaces/{workspace}/checkpoints", json={"name": MARK})
    old = alice.get(f"/{workspace}/list_checkpoints").get_json()["checkpoints"][0]
    own = {"Authorization": alice.token or ""}
    promised = client.post(
        f"/filemanager/api/v2/workspaces/{workspace}/check",
        headers={**own, "Prefer": "respond-async"},
    )
    wanted = metadata({"workspace": workspace, "path": MARK, "batch": MARK})
    begun = client.post(
        "/uploads/tus",
        headers={**own, "Tus-Resumable": "1.0.0", "Upload-Length": "9", "Upload-Metadata": wanted},
    )
    wish = {"path": f"{MARK}.bin", "size": 3, "sha256": digest_of(b"new")}
    granted = client.post(
        "/uploads/grants", headers=own, json={"workspace": workspace, "files": [wish]}
    )
    assert [one.status_code for one in (named, promised, begun, granted)] == [201, 202, 201, 201]
    return Prey(
        client,
        {
            "workspace_id": workspace,
            "path": f"{MARK}.tex",
            "checkpoint_id": named.get_json()["id"],
            "checksum": old["checksum"],
            "job_id": promised.headers["Location"].rpartition("/")[2],
            "upload_id": begun.headers["Location"].rpartition("/")[2],
            "batch_id": MARK,
            "grant_id": granted.get_json()["id"],
            "number": 0,
            "owner": "1",
        },
    )


@pytest.mark.parametrize("identity", IDENTITIES)
def test_nothing_of_hers_is_shown_or_changed(
    app: Flask, prey: Prey, bob: Person, identity: str
) -> None:
    before = everything(bob)

    answers = {
        f"{method} {rule.rule}": prey.ask(rule, method, IDENTITIES[identity])
        for rule, method, _ in operations(app)
    }

    assert len(answers) > 105
    seen = {name for name, one in answers.items() if MARK in _told(one)}
    assert seen == set()
    # 501 is what RWS says to who deletes a directory, or what there is not.
    statuses = {name: one.status_code for name, one in answers.items()}
    assert {name: told for name, told in statuses.items() if told >= 500 and told != 501} == {}
    assert _hers(everything(bob)) == _hers(before)


@pytest.mark.parametrize("identity", WITHOUT_A_SCOPE)
def test_who_holds_no_scope_gets_in_nowhere(app: Flask, prey: Prey, identity: str) -> None:
    opened = {
        f"{method} {rule.rule}": status
        for rule, method, operation in operations(app)
        if operation.guard.tokens is Tokens.NEEDED
        and (status := prey.ask(rule, method, IDENTITIES[identity]).status_code)
        not in (401, 403, 404, 405)
    }

    # Who has a token may list what is his own, which here is nothing, and hand it on to a browser.
    listing = {"GET /uploads", "HEAD /uploads", "POST /uploads/tus", "POST /uploads/known"}
    assert set(opened) <= {*listing, "POST /web/handovers"}


def _told(answer: TestResponse) -> str:
    """All of it, but where it sends to who signs in: there it is what was asked for."""
    location = urlsplit(answer.headers.get("Location", ""))
    wanted = parse_qs(location.query).get("to")
    if location.path.endswith("/login") and wanted == [answer.request.path]:
        return answer.text
    return f"{answer.headers}{answer.text}"


def _hers(shown: dict[str, Any]) -> dict[str, Any]:
    """A stranger with scopes may make workspaces of his own."""
    return {
        "workspaces": [one for one in shown["workspaces"] if one["owner"] == "1"],
        "deleted": [one for one in shown["deleted"] if one["owner"] == "1"],
        "living": {name: one for name, one in shown["living"].items() if MARK in str(one)},
    }
