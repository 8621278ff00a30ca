"""Every route that tells when something changed is asked by that date."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from architecture.routes import routes
from builders.papers import PAPER, a_token
from filemanager.api.about.openapi import operations
from filemanager.api.http.operations import UPLOAD_FORM, Operation
from filemanager.api.http.preconditions import ON_CHANGE, ON_READ
from filemanager.api.workspaces.guard import Owns
from people.answers import everything
from people.person import Person

MAKES = {"/filemanager/api/"}
"""Nothing is there yet that could have changed."""

PAST = "Thu, 01 Jan 1970 00:00:01 GMT"


def has_date(operation: Operation) -> bool:
    return any("Last-Modified" in answer.headers for answer in operation.answers.values())


def dated(app: Flask) -> Iterator[tuple[str, str, Operation]]:
    for rule, method, operation in operations(app):
        if has_date(operation) and rule.rule not in MAKES:
            yield rule.rule, method, operation


def test_routes_with_a_date_say_that_they_take_conditions(app: Flask) -> None:
    found = list(dated(app))

    assert len(found) > 20
    for rule, method, operation in found:
        wanted = ON_READ if method == "GET" else ON_CHANGE
        assert {*wanted} <= {*operation.accepts}, f"{method} {rule}"
        if "Range" in operation.accepts:
            assert "If-Range" in operation.accepts, rule


@pytest.fixture
def checksum(alice: Person) -> str:
    """Of a checkpoint of a workspace with a file."""
    alice.create("main.tex", PAPER)
    return alice.post("/1/checkpoint").headers["ETag"]


def test_a_date_before_the_last_change_is_412_on_all_of_them(
    app: Flask, client: FlaskClient, alice: Person, bob: Person, checksum: str
) -> None:
    values = {"workspace_id": 1, "path": "main.tex", "checksum": checksum}
    adapter = app.url_map.bind("localhost")
    before = everything(bob)
    headers = {"If-Unmodified-Since": PAST}
    found = {}

    for route in routes(app, Owns):
        rule, method, operation = route.rule, route.method, route.operation
        if has_date(operation):
            given = {name: values[name] for name in rule.arguments}
            path = adapter.build(rule.endpoint, given, method)
            if operation.sends == UPLOAD_FORM:
                response = alice.upload(path.removeprefix("/filemanager/api"), "a.tex", PAPER,
                                        headers=headers)  # fmt: skip
            else:
                authorized = {**headers, "Authorization": a_token("1")}
                response = client.open(path, method=method, headers=authorized)
            found[str(route)] = response.status_code

    assert found == dict.fromkeys(found, 412)
    assert everything(bob) == before
