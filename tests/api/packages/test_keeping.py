"""Data packages over HTTP: made, listed, described, deleted."""

from urllib.parse import urljoin

import pytest
from flask.testing import FlaskClient

from builders.papers import a_token
from people.curators import API, Curator


def test_a_package_is_made_and_shown(curator: Curator) -> None:
    said = {
        "description": "What we saw.",
        "license": "CC-BY-4.0",
        "creators": ["A. Ü."],
        "doi": "10.1/x",
        "keywords": ["sea"],
    }

    made = curator.post("", {"name": "study", **said})

    shown = made.get_json()
    assert made.status_code == 201
    assert {**said, "name": "study"}.items() <= shown.items()
    assert (shown["revision"], shown["items"], shown["bytes"]) == (0, 0, 0)
    place = urljoin(f"http://localhost{API}", made.headers["Location"])
    assert place == f"http://localhost{API}/{shown['id']}"
    assert curator.json(f"/{shown['id']}") == shown
    assert made.headers["ETag"] == '"0"'


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": ""},
        {"name": "x", "creators": "A"},
        {"name": "x", "other": 1},
        {"name": "x" * 201},
        {"name": "x", "keywords": ["k"] * 201},
    ],
)
def test_what_does_not_fit_is_told(curator: Curator, body: object) -> None:
    refused = curator.post("", body)

    assert (refused.status_code, refused.get_json()["code"]) == (422, "malformed_request")


def test_packages_are_listed_for_their_owner_a_page_at_a_time(
    curator: Curator, stranger: Curator
) -> None:
    made = [curator.create(name) for name in ("a", "b", "c")]
    stranger.create("theirs")

    first = curator.get("?limit=2")
    link = first.headers["Link"].partition(">")[0].lstrip("<")
    rest = curator.get(link)

    found = [*first.get_json()["packages"], *rest.get_json()["packages"]]
    assert [one["id"] for one in found] == made
    assert "Link" not in rest.headers


def test_the_description_is_changed_under_a_condition(curator: Curator) -> None:
    package = curator.create(license="MIT")

    changed = curator.call(
        "PATCH", f"/{package}", json={"name": "new"}, headers={"If-Match": '"0"'}
    )
    again = curator.call("PATCH", f"/{package}", json={"doi": "x"}, headers={"If-Match": '"0"'})

    assert (changed.status_code, again.status_code) == (200, 412)
    shown = curator.json(f"/{package}")
    assert (shown["name"], shown["license"], shown["revision"]) == ("new", "MIT", 1)


def test_a_deleted_package_is_gone(curator: Curator) -> None:
    package = curator.create()

    assert curator.call("DELETE", f"/{package}").status_code == 204

    for method, rest in (("GET", ""), ("GET", "/items"), ("DELETE", ""), ("PUT", "/items/a.txt")):
        gone = curator.call(method, f"/{package}{rest}")
        assert (gone.status_code, gone.get_json()["code"]) == (404, "data_package_not_found")
    assert curator.json()["packages"] == []


def test_a_stranger_finds_no_package(curator: Curator, stranger: Curator) -> None:
    package = curator.create()
    curator.text(package, "a.txt")

    for method, rest in (
        ("GET", ""),
        ("PATCH", ""),
        ("DELETE", ""),
        ("GET", "/items"),
        ("GET", "/items/a.txt"),
        ("PUT", "/items/a.txt"),
        ("DELETE", "/items/a.txt"),
        ("POST", "/items:add"),
        ("POST", "/items:move"),
        ("POST", "/items:import"),
        ("POST", ":freeze"),
        ("GET", "/versions"),
        ("GET", "/versions/1"),
        ("GET", "/versions/1/statement.json"),
        ("GET", "/diff"),
        ("GET", "/contents/a.txt"),
    ):
        refused = stranger.call(method, f"/{package}{rest}")
        assert (refused.status_code, refused.get_json()["code"]) == (404, "data_package_not_found")


def test_a_token_may_be_for_one_package(client: FlaskClient, curator: Curator) -> None:
    package, other = curator.create(), curator.create()
    bound = Curator(client, a_token("9", f"package:read:{package}", f"package:write:{package}"))

    assert bound.text(package, "a.txt").status_code == 201
    assert bound.get(f"/{other}").status_code == 403
    assert bound.post("", {"name": "x"}).status_code == 403


def test_a_request_that_is_sent_again_makes_one_package(curator: Curator) -> None:
    headers = {"Idempotency-Key": "one"}

    first, again = (curator.post("", {"name": "x"}, headers=headers) for _ in range(2))

    assert first.get_json() == again.get_json()
    assert len(curator.json()["packages"]) == 1


def test_a_package_is_made_of_a_checkpoint(curator: Curator, client: FlaskClient) -> None:
    headers = {"Authorization": curator.token}
    v2 = "/filemanager/api/v2/workspaces"
    made = client.post(v2, json={"profile": "generic"}, headers=headers).get_json()
    workspace = f"{v2}/{made['id']}"
    client.put(f"{workspace}/files/a.txt", data=b"text", headers=headers)
    named = client.post(f"{workspace}/checkpoints", json={}, headers=headers).get_json()
    asked = {"workspace": made["id"], "checkpoint": named["id"], "name": "paper"}

    package = curator.post(":from-checkpoint", {**asked, "anonymous": True})
    none = curator.post(":from-checkpoint", {**asked, "checkpoint": 99})

    assert package.status_code == 201, package.get_json()
    told = package.get_json()
    assert told == {"id": told["id"], "version": 1}
    assert curator.json(f"/{told['id']}")["anonymous"] is True
    assert curator.paths(told["id"], "?version=1") == ["a.txt"]
    assert (none.status_code, none.get_json()["code"]) == (404, "checkpoint_not_found")


def test_keys_of_statements_are_for_everybody(client: FlaskClient) -> None:
    told = client.get("/.well-known/filemanager-keys.json")

    assert (told.status_code, told.get_json()) == (200, {"keys": []})
