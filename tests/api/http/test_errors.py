"""Errors outside of routes, and those nobody foresaw: JSON without internals."""

import logging
from dataclasses import replace

import pytest
import structlog
from flask import Flask

from builders.papers import PAPER
from filemanager.api.http.context import EXTENSION
from filemanager.settings.service import Settings
from people.answers import Answer, answer
from people.person import API, Person

INTERNAL: Answer = (
    500,
    {
        "reason": "Something went wrong inside the service. It has been logged under this request's"
        " id."
    },
)


def test_a_fault_of_ours_is_500_logged_once_with_its_request_id(app: Flask, alice: Person) -> None:
    app.extensions[EXTENSION] = None

    with structlog.testing.capture_logs(
        processors=[structlog.contextvars.merge_contextvars]
    ) as events:
        response = alice.get("/1", headers={"X-Request-ID": "mine-1"})

    assert answer(response) == INTERNAL
    assert response.headers["X-Request-ID"] == "mine-1"
    told = [(event["event"], event["log_level"], event["request_id"]) for event in events]
    assert told == [("unexpected", "error", "mine-1"), ("request", "info", "mine-1")]


def test_a_fault_below_v2_is_a_problem(app: Flask, alice: Person) -> None:
    app.extensions[EXTENSION] = replace(app.extensions[EXTENSION], doors={})

    response = alice.get("/v2/workspaces")

    assert response.status_code == 500
    assert response.mimetype == "application/problem+json"
    assert response.get_json()["code"] == "internal"


def test_a_database_that_does_not_answer_is_503(settings: Settings, alice: Person) -> None:
    database = settings.data_dir / "filemanager.db"
    database.unlink()
    database.mkdir()

    response = alice.get("/1")

    reason = "There was a problem connecting to the database."
    assert answer(response) == (503, {"reason": reason})
    assert response.headers["Retry-After"] == "5"


@pytest.mark.parametrize("sent", ["", "a b", "x" * 65, "a/b", "\xe9", "a;b=c"])
def test_an_odd_request_id_is_made_anew(alice: Person, sent: str) -> None:
    response = alice.get("/status", headers={"X-Request-ID": sent})

    assert response.headers["X-Request-ID"] != sent
    assert len(response.headers["X-Request-ID"]) == 16


def test_a_path_of_another_service_is_a_problem(app: Flask) -> None:
    response = app.test_client().get("/elsewhere")

    assert response.status_code == 404
    assert response.mimetype == "application/problem+json"


def test_a_path_that_only_begins_alike_is_no_drop_in_route(app: Flask) -> None:
    response = app.test_client().get(f"{API}x")

    assert response.status_code == 404
    assert response.mimetype == "application/problem+json"


def test_no_event_holds_the_token_or_the_query(
    alice: Person, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    token = alice.token or ""

    with structlog.testing.capture_logs() as events:
        alice.create("main.tex", PAPER)
        alice.get("/1?secret=in-the-query", headers={"Authorization": f"Bearer {token}"})
        alice.get("/none", headers={"Authorization": f"{token}x"})
        alice.get("/1", headers={"Authorization": f"{token}x"})
        alice.get("/1/content")

    told = repr(events) + caplog.text + "".join(capfd.readouterr())
    assert [event["event"] for event in events] == ["request"] * 5
    assert token[-20:] not in told
    assert token[:60] not in told
    assert "in-the-query" not in told
    assert "Hello." not in told
