"""PUT /uploads/direct/<capability>: bytes by a URL that is leave for them."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from structlog.testing import capture_logs
from werkzeug.test import TestResponse

from builders.papers import a_token
from filemanager.domain.ids import digest_of
from filemanager.factory.parts import parts_of
from filemanager.settings.service import Settings
from people.granting import DIRECT, GRANTS, Sender, a_sender

Put = Callable[..., TestResponse]


@pytest.fixture
def sender(client: FlaskClient) -> Sender:
    return a_sender(client, a_token("1"))


@pytest.fixture
def grant(sender: Sender) -> dict[str, Any]:
    return sender.begun()


@pytest.fixture
def put(client: FlaskClient, grant: dict[str, Any]) -> Put:
    """To the URL of the grant's only file, which is for ``hello``."""
    path = urlsplit(grant["files"][0]["put"]["url"]).path

    def call(data: bytes = b"hello", **headers: str) -> TestResponse:
        return client.put(path, data=data, headers=headers)

    return call


def refusal(response: TestResponse) -> tuple[int, str]:
    assert response.mimetype == "application/problem+json", response.text
    return response.status_code, response.get_json()["code"]


def kept(settings: Settings) -> list[str]:
    return [one.key for one in parts_of(settings).blobs.objects()]


def test_it_works_without_a_token(put: Put, settings: Settings) -> None:
    response = put()

    assert (response.status_code, response.data) == (200, b"")
    assert response.headers["Repr-Digest"].startswith("sha-256=:LPJNul+wow4m6Dsq")
    assert len(kept(settings)) == 1


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (b"", (400, "wrong_length")),
        (b"hell", (400, "wrong_length")),
        (b"hello!", (413, "request_too_large")),
        (b"HELLO", (400, "digest_mismatch")),
    ],
)
def test_other_bytes_are_refused_and_leave_nothing(
    put: Put, settings: Settings, data: bytes, wanted: tuple[int, str]
) -> None:
    response = put(data)

    assert refusal(response) == wanted
    assert kept(settings) == []
    assert put().status_code == 200


def test_it_serves_once(put: Put, settings: Settings) -> None:
    put()

    assert refusal(put()) == (409, "leave_used")
    assert len(kept(settings)) == 1


def test_an_unknown_url_is_404(client: FlaskClient) -> None:
    assert refusal(client.put(f"{DIRECT}unknown", data=b"hello")) == (404, "leave_not_found")


def test_a_url_of_what_was_abandoned_is_404(
    put: Put, sender: Sender, grant: dict[str, Any]
) -> None:
    sender.ask("POST", f"{GRANTS}/{grant['id']}:abandon")

    assert refusal(put()) == (404, "leave_not_found")


@pytest.mark.parametrize(
    "headers", [{"Content-Range": "bytes 0-4/5"}, {"Content-Encoding": "gzip"}]
)
def test_only_the_plain_whole_is_taken(
    put: Put, settings: Settings, headers: Mapping[str, str]
) -> None:
    response = put(**headers)

    assert response.status_code in (400, 415)
    assert kept(settings) == []


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "DELETE"])
def test_nothing_else_can_be_done_with_it(
    client: FlaskClient, grant: dict[str, Any], method: str
) -> None:
    path = urlsplit(grant["files"][0]["put"]["url"]).path

    assert client.open(path, method=method).status_code == 405


def test_the_log_does_not_tell_the_secret(put: Put, grant: dict[str, Any]) -> None:
    secret = grant["files"][0]["put"]["url"].rpartition("/")[2]

    with capture_logs() as lines:
        put()

    (told,) = [line["path"] for line in lines if line["event"] == "request"]
    assert told == f"{DIRECT}{secret[:6]}..."


@pytest.mark.parametrize("behind", ["/", "/more", "%2Fmore", "//", "?a=b"])
@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "OPTIONS", "BREW"])
def test_nor_where_another_route_or_none_was_met(
    client: FlaskClient, grant: dict[str, Any], method: str, behind: str
) -> None:
    secret = grant["files"][0]["put"]["url"].rpartition("/")[2]

    with capture_logs() as lines:
        client.open(f"{DIRECT}{secret}{behind}", method=method)

    assert [line["path"] for line in lines] == [f"{DIRECT}{secret[:6]}..."]
    assert secret not in str(lines)


def test_a_database_does_not_hold_the_secret(settings: Settings, grant: dict[str, Any]) -> None:
    secret = grant["files"][0]["put"]["url"].rpartition("/")[2]

    # What is not in the file yet is in its journal.
    held = b"".join(one.read_bytes() for one in settings.data_dir.glob("filemanager.db*"))

    assert secret.encode() not in held
    assert digest_of(secret.encode()).encode() in held


@pytest.mark.parametrize("special", [{"rawstore": {"cors_origins": "https://pages.example"}}])
def test_pages_of_named_origins_may_put(client: FlaskClient, grant: dict[str, Any]) -> None:
    path = urlsplit(grant["files"][0]["put"]["url"]).path
    asked = {"Access-Control-Request-Method": "PUT"}

    named, other = (
        client.options(path, headers={**asked, "Origin": f"https://{name}.example"})
        for name in ("pages", "other")
    )

    assert named.headers["Access-Control-Allow-Origin"] == "https://pages.example"
    assert "PUT" in named.headers["Access-Control-Allow-Methods"]
    assert "Access-Control-Allow-Origin" not in other.headers
