"""The line that each request ends with: who asked from where, and how much went over the wire."""

from typing import Any

import pytest
import structlog
from flask.testing import FlaskClient

from people.person import Person


def line_of(person: Person, method: str, path: str, **sent: Any) -> dict[str, Any]:
    with structlog.testing.capture_logs() as events:
        getattr(person, method)(path, **sent)
    (line,) = [dict(event) for event in events if event["event"] == "request"]
    return line


def test_it_tells_caller_address_and_bytes(alice: Person) -> None:
    workspace = alice.post("/v2/workspaces").get_json()["id"]
    path = f"/v2/workspaces/{workspace}/files/a.tex"

    put = line_of(alice, "put", path, data=b"12345")
    got = line_of(alice, "get", path)

    assert (put["caller"], put["address"]) == ("arxiv:1", "127.0.0.1")
    assert (put["received_bytes"], put["status"]) == (5, 201)
    assert (got["received_bytes"], got["sent_bytes"]) == (0, 5)


def test_it_tells_who_was_refused(alice: Person, charlie: Person) -> None:
    workspace = alice.post("/v2/workspaces").get_json()["id"]

    line = line_of(charlie, "get", f"/v2/workspaces/{workspace}")

    assert (line["status"], line["caller"]) == (404, "arxiv:3")


def test_nobody_is_told_of_a_bad_token(client: FlaskClient) -> None:
    line = line_of(Person(client, "bad"), "get", "/v2/workspaces")

    assert (line["status"], line["caller"]) == (401, None)


def told_path(client: FlaskClient, path: str) -> str:
    with structlog.testing.capture_logs() as events:
        client.get(path)
    (line,) = [event for event in events if event["event"] == "request"]
    return str(line["path"])


@pytest.mark.parametrize(
    "path",
    ["/g/{}/", "/g/{}/files/a", "/login/{}", "/uploads//direct/{}", "/below//uploads//direct/{}"],
)
def test_no_secret_of_a_path_is_told_however_it_is_written(client: FlaskClient, path: str) -> None:
    secret = "kW2vT0q8-Zx3yN6bR1sD4fG7hJ9lM5pQ_cE8uA0iO2w"

    told = told_path(client, path.format(secret))

    assert told.endswith(f"/{secret[:6]}...")


OF_OWNERS = (
    f"/packages/api/packages/{'5f' * 16}/shares/{{}}",
    f"/packages/api/packages/{'5f' * 16}/shares/{{}}:rotate",
    f"/packages/api/packages/{'5f' * 16}/shares/{{}}/keys/1",
    f"/packages/{'5f' * 16}/shares/{{}}",
)


@pytest.mark.parametrize(
    "path",
    ["/u/{}", "/u/{}/begin", "/s/{}/f/a", "/below/u/{}", *OF_OWNERS],
    ids=["page", "form", "share", "prefix", "own", "rotate", "key", "own-page"],
)
def test_a_link_that_nobody_guesses_is_not_told_and_a_chosen_name_is(
    client: FlaskClient, path: str
) -> None:
    unguessed = "0123456789abcdef" * 2

    told = [told_path(client, path.format(name)) for name in (unguessed, "open-call-2027")]

    assert told == [path.format("012345..."), path.format("open-call-2027")]


def test_what_is_no_link_is_told_whole(client: FlaskClient) -> None:
    path = f"/packages/api/packages/{'5f' * 16}/items"

    assert told_path(client, path) == path
