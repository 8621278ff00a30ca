"""Pages of other origins: those that a setting names, and never with credentials."""

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from people.depositors import Depositor, door_settings

PAGE = "https://data.example.org"
NAMED = pytest.mark.parametrize(
    "special", [door_settings(CORS_ORIGINS=f"{PAGE},http://localhost:3000")]
)
PATHS = ("/authorize", "/", "/info", "/presign", "/objects", "/storage/owner/alice", "/x")


def preflight(client: FlaskClient, path: str, origin: str) -> TestResponse:
    headers = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "auth-token",
    }
    return client.options(f"/rawstore{path}", headers=headers)


def allowed(response: TestResponse) -> dict[str, str]:
    headers = response.headers
    return {name: text for name, text in headers.items() if name.startswith("Access-Control")}


@NAMED
@pytest.mark.parametrize("path", PATHS)
def test_a_named_origin_may_ask(client: FlaskClient, path: str) -> None:
    told = preflight(client, path, PAGE)

    assert told.status_code == 200
    assert told.headers["Access-Control-Allow-Origin"] == PAGE
    assert "Auth-Token" in told.headers["Access-Control-Allow-Headers"]
    assert "POST" in told.headers["Access-Control-Allow-Methods"]
    assert "Access-Control-Allow-Credentials" not in told.headers
    assert "Origin" in told.headers["Vary"]


@NAMED
def test_a_named_origin_may_read_answers_and_refusals(ann: Depositor) -> None:
    for path, status in (("/info", 200), ("/x", 404), ("/storage/owner/bob", 403)):
        told = ann.get(path, headers={"Origin": PAGE})

        assert told.status_code == status
        assert told.headers["Access-Control-Allow-Origin"] == PAGE
        assert "Access-Control-Allow-Credentials" not in told.headers


@NAMED
@pytest.mark.parametrize(
    ("told", "names"),
    [
        (
            "Access-Control-Allow-Headers",
            ("Prefer", "Idempotency-Key", "Content-Digest", "Repr-Digest", "If-Range"),
        ),
        (
            "Access-Control-Expose-Headers",
            (
                "Repr-Digest",
                "Content-Disposition",
                "Preference-Applied",
                "RateLimit",
                "RateLimit-Policy",
            ),
        ),
    ],
)
def test_pages_may_send_and_read_the_headers_of_every_door(
    client: FlaskClient, told: str, names: tuple[str, ...]
) -> None:
    listed = preflight(client, "/authorize", PAGE).headers[told].split(", ")

    assert set(names) <= set(listed)
    assert len(listed) == len(set(listed))


@NAMED
@pytest.mark.parametrize("origin", ["https://evil.example", f"{PAGE}.evil.example", "null", ""])
def test_other_origins_may_not(client: FlaskClient, origin: str) -> None:
    assert allowed(preflight(client, "/authorize", origin)) == {}


def test_no_origin_may_by_default(client: FlaskClient) -> None:
    assert allowed(preflight(client, "/authorize", PAGE)) == {}
