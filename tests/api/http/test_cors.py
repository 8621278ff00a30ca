"""Pages of named origins use v2, jobs and uploads; the rest stays among our own."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from builders.papers import a_token
from filemanager.api.about.openapi import operations
from people.depositors import door_settings

PAGE = "https://data.example.org"
NAMED = pytest.mark.parametrize("special", [door_settings(CORS_ORIGINS=PAGE)])
OPEN = ("/uploads", "/jobs", "/filemanager/api/v2", "/rawstore")
SAFE = {"Cache-Control"}
"""A page may read these anyway."""


def is_open(path: str) -> bool:
    return path.startswith(OPEN)


def preflight(client: FlaskClient, path: str, method: str) -> dict[str, str]:
    asked = {"Origin": PAGE, "Access-Control-Request-Method": method}
    return dict(client.options(path, headers=asked).headers)


@NAMED
def test_every_method_of_open_routes_may_be_asked_for_and_of_others_none(
    app: Flask, client: FlaskClient
) -> None:
    with app.test_request_context():
        found = [(rule.rule, method) for rule, method, _ in operations(app)]

    for rule, method in found:
        path = rule.replace("<id:", "<").replace("<public_path:", "<")
        path = "/".join("1" if part.startswith("<") else part for part in path.split("/"))
        told = preflight(client, path, method)
        if is_open(rule):
            assert told["Access-Control-Allow-Origin"] == PAGE, rule
            assert method in told["Access-Control-Allow-Methods"].split(", "), rule
        else:
            assert "Access-Control-Allow-Origin" not in told, rule


@NAMED
def test_every_header_of_open_routes_may_be_sent_and_read(app: Flask, client: FlaskClient) -> None:
    told = preflight(client, "/jobs/1", "GET")
    allowed = set(told["Access-Control-Allow-Headers"].split(", "))
    exposed = set(told["Access-Control-Expose-Headers"].split(", ")) | SAFE

    for rule, method, operation in operations(app):
        if is_open(rule.rule):
            answered = {name for answer in operation.answers.values() for name in answer.headers}
            assert set(operation.accepts) <= allowed, f"{method} {rule.rule}"
            assert answered <= exposed, f"{method} {rule.rule}"


@NAMED
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/filemanager/api/v2/workspaces", 200),
        ("GET", "/filemanager/api/v2/nothing", 404),
        ("GET", "/filemanager/api/v2/workspaces/9", 404),
        ("PUT", "/jobs/1", 405),
        ("GET", f"/jobs/{'0' * 32}/events", 404),
    ],
)
def test_refusals_may_be_read_too(client: FlaskClient, method: str, path: str, status: int) -> None:
    headers = {"Origin": PAGE, "Authorization": a_token("1")}

    told = client.open(path, method=method, headers=headers)

    assert (told.status_code, told.headers["Access-Control-Allow-Origin"]) == (status, PAGE)
    assert "Access-Control-Allow-Credentials" not in told.headers
