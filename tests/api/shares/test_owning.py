"""What owners do with their shares, and what nobody else does."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from api.shares.conftest import Sharer
from builders.papers import a_token
from filemanager.domain.shares.share import MAX_SHARES


def _later(**by: int) -> str:
    return (datetime.now(UTC) + timedelta(**by)).isoformat()


def test_a_share_is_made_and_told_without_what_opens_it(sharer: Sharer) -> None:
    expires = _later(days=3)
    wish = {"version": 1, "password": "open sesame", "max_visits": 5, "expires": expires}

    answer = sharer.call("POST", json=wish)

    told = answer.get_json()
    assert answer.status_code == 201
    assert len(told["slug"]) == 32
    assert told["url"] == f"http://fooserver.localdomain/s/{told['slug']}/"
    assert (told["version"], told["has_password"], told["visits"]) == (1, True, 0)
    assert "sesame" not in answer.text
    assert "argon2" not in answer.text
    assert set(told) == {
        "slug", "url", "version", "expires", "has_password", "description", "listing", "audience",
        "visits", "max_visits", "created_at",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("wish", "status", "code"),
    [
        ({"version": 2}, 404, "version_not_found"),
        ({"version": 0}, 422, "malformed_request"),
        ({}, 422, "malformed_request"),
        ({"version": 1, "slug": "ab"}, 422, "malformed"),
        ({"version": 1, "slug": ".abc"}, 422, "malformed"),
        ({"version": 1, "slug": "Iris"}, 422, "malformed"),
        ({"version": 1, "slug": "a/b"}, 422, "malformed"),
        ({"version": 1, "slug": "a" * 65}, 422, "malformed"),
        ({"version": 1, "password": ""}, 422, "malformed_request"),
        ({"version": 1, "password": "\u00e4" * 129}, 422, "malformed"),
        ({"version": 1, "expires": "2020-01-01T00:00:00Z"}, 422, "malformed"),
        ({"version": 1, "expires": -5}, 422, "malformed_request"),
        ({"version": 1, "max_visits": 0}, 422, "malformed_request"),
        ({"version": 1, "audience": ["nobody"]}, 422, "malformed_request"),
        ({"version": 1, "grant": "all"}, 422, "malformed_request"),
    ],
)
def test_what_is_refused(sharer: Sharer, wish: dict[str, Any], status: int, code: str) -> None:
    answer = sharer.call("POST", json=wish)

    assert (answer.status_code, answer.get_json()["code"]) == (status, code)
    assert sharer.call("GET").get_json() == {"shares": []}


def test_a_name_that_is_taken(sharer: Sharer) -> None:
    sharer.share()
    sharer.call("DELETE", "/iris")

    answer = sharer.call("POST", json={"version": "latest", "slug": "iris"})

    assert (answer.status_code, answer.get_json()["code"]) == (409, "slug_taken")


@pytest.mark.parametrize("host", ["a b", "x@evil.test", "evil.test/x", "evil.test:99999", ""])
def test_no_odd_host_becomes_the_address_of_a_share(sharer: Sharer, host: str) -> None:
    answer = sharer.call("POST", json={"version": 1}, headers={"Host": host})

    assert (answer.status_code, answer.get_json()["code"]) == (421, "host_unknown")
    assert sharer.call("GET").get_json()["shares"] == []


def test_shares_have_a_limit(sharer: Sharer) -> None:
    for _ in range(MAX_SHARES):
        sharer.call("POST", json={"version": 1})

    answer = sharer.call("POST", json={"version": 1})

    assert (answer.status_code, answer.get_json()["code"]) == (409, "too_many_shares")


def test_shares_are_listed_in_pages(sharer: Sharer) -> None:
    for slug in ("one", "two", "three"):
        sharer.share(slug=slug)

    first = sharer.call("GET", "?limit=2")
    link = first.headers["Link"].partition(">")[0].lstrip("<")
    second = sharer.call("GET", link)

    mine = _own(sharer, "1")
    pages = [
        [one["slug"] for one in page.get_json()["shares"]]
        for page in (first, second, mine, _own(sharer, "2"))
    ]
    assert pages == [["one", "two"], ["three"], ["one", "two", "three"], []]


def _own(sharer: Sharer, user: str) -> TestResponse:
    """Over all packages."""
    headers = {"Authorization": a_token(user, "package:share")}
    return sharer.client.get("/packages/api/shares", headers=headers)


def test_editing_changes_what_is_sent_alone(sharer: Sharer) -> None:
    sharer.share(password="secret", description="old", max_visits=3)

    edited = sharer.call("PATCH", "/iris", json={"description": "new", "max_visits": None})

    told = edited.get_json()
    assert (told["description"], told["max_visits"], told["has_password"]) == ("new", None, True)
    assert (
        sharer.call("PATCH", "/iris", json={"password": None}).get_json()["has_password"] is False
    )
    assert sharer.call("PATCH", "/iris", json={"version": 9}).status_code == 404
    assert sharer.call("GET", "/iris").get_json()["version"] == 1


def test_a_rotated_share_has_another_name(sharer: Sharer) -> None:
    guest = sharer.share()

    rotated = sharer.call("POST", "/iris:rotate", json={})

    slug = rotated.get_json()["slug"]
    assert len(slug) == 32
    assert guest.get("urls.txt").status_code == 404
    assert guest.at(f"/s/{slug}/").get("urls.txt").status_code == 200


def test_a_revoked_share_says_so(sharer: Sharer) -> None:
    guest = sharer.share()

    assert sharer.call("DELETE", "/iris").status_code == 204
    refused = guest.get("f/README.md")

    assert (refused.status_code, refused.get_json()["code"]) == (410, "share_revoked")
    assert sharer.call("DELETE", "/iris").status_code == 404
    assert sharer.call("GET", "/iris").status_code == 404


def test_an_access_key_opens_what_has_a_password_until_it_is_revoked(sharer: Sharer) -> None:
    guest = sharer.share(password="secret")
    made = sharer.call("POST", "/iris/keys", json={"name": "nightly"})
    base = made.get_json()["base"]
    machine = guest.at(base.removeprefix("http://fooserver.localdomain"))

    opened = machine.get("f/README.md")
    listed = sharer.call("GET", "/iris/keys").get_json()["keys"]
    revoked = sharer.call("DELETE", f"/iris/keys/{listed[0]['id']}")

    assert (made.status_code, opened.status_code, revoked.status_code) == (201, 200, 204)
    assert [(one["name"], one["is_alive"]) for one in listed] == [("nightly", True)]
    assert "base" not in listed[0]
    assert machine.get("f/README.md").status_code == 404
    assert sharer.call("DELETE", f"/iris/keys/{listed[0]['id']}").status_code == 404


@pytest.mark.parametrize("number", [0, 2**63, 10**19 - 1])
def test_a_key_that_cannot_be_is_not_there(sharer: Sharer, number: int) -> None:
    sharer.share()

    assert sharer.call("DELETE", f"/iris/keys/{number}").status_code == 404


def test_the_log_is_the_owners(sharer: Sharer) -> None:
    guest = sharer.share()
    guest.get("f/README.md", headers={"User-Agent": "wget/1.21"})
    guest.head("f/README.md")

    (only,) = sharer.call("GET", "/iris/log").get_json()["accesses"]

    assert (only["item"], only["agent"], only["network"]) == (
        "f/README.md", "wget/1.21", "127.0.0.0/24",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "", {"version": 1}),
        ("GET", "", None),
        ("GET", "/iris", None),
        ("PATCH", "/iris", {"description": "mine"}),
        ("POST", "/iris:rotate", {}),
        ("DELETE", "/iris", None),
        ("GET", "/iris/log", None),
        ("GET", "/iris/keys", None),
        ("POST", "/iris/keys", {"name": "mine"}),
        ("DELETE", "/iris/keys/1", None),
    ],
)
def test_a_stranger_is_told_that_there_is_no_such_package(
    sharer: Sharer, method: str, path: str, body: Any
) -> None:
    sharer.share()
    before = sharer.call("GET", "/iris").get_json()

    stranger = {"Authorization": a_token("2", "package:share")}
    refused = sharer.call(method, path, json=body, headers=stranger)

    assert (refused.status_code, refused.get_json()["code"]) == (404, "data_package_not_found")
    assert sharer.call("GET", "/iris").get_json() == before


def test_a_share_of_another_package_is_not_there(sharer: Sharer) -> None:
    sharer.share()
    other = Sharer(sharer.client, sharer.study, sharer.study.create("other").id)

    assert other.call("GET", "/iris").status_code == 404
    assert other.call("DELETE", "/iris").status_code == 404
