"""Repositories over HTTP: listed, shown, changed."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from builders.debian import a_deb
from builders.papers import a_token
from people.following import next_of
from people.keepers import API, Caretaker
from people.pushers import Pusher, basic

FOCAL = "live/2.8/ubuntu/focal"
EL9 = "live/2.8/el/9"
PRIVATE = {"visibility": "private"}


def paths(response: object) -> list[str]:
    return [one["path"] for one in response.get_json()["repositories"]]  # type: ignore[attr-defined]  # an answer


@pytest.mark.usefixtures("filled")
def test_it_works(visitor: Caretaker) -> None:
    found = visitor.json()

    assert found.pop("published_at")
    assert found == {
        "path": FOCAL,
        "base": "deb",
        "visibility": "public",
        "pushes": 2,
        "published_through": 2,
        "revision": 2,
        "rpm_keys": [],
        "keep_latest": None,
    }


def test_a_push_is_seen_until_it_is_published(
    rws: Pusher, visitor: Caretaker, publish: Callable[[], None]
) -> None:
    rws.push(FOCAL, {"tiny_1.0-1_amd64.deb": a_deb()}, "tools")
    pushed = visitor.json()
    publish()
    published = visitor.json()

    assert [(one["pushes"], one["published_through"]) for one in (pushed, published)] == [
        (1, 0),
        (1, 1),
    ]
    assert (pushed["revision"], pushed["published_at"]) == (None, None)


def test_all_that_are_configured_are_listed_a_page_at_a_time(visitor: Caretaker) -> None:
    first = visitor.at("GET", "?limit=8")
    second = visitor.client.get(next_of(first))
    last = visitor.client.get(next_of(second))
    found = [*paths(first), *paths(second), *paths(last)]

    assert (len(found), found, next_of(last)) == (24, sorted(found), "")
    assert FOCAL in found


def test_a_private_repository_is_not_there_for_whom_it_is_not(
    admin: Caretaker, visitor: Caretaker, stranger: Caretaker, client: FlaskClient
) -> None:
    assert admin.patch(**PRIVATE).get_json()["visibility"] == "private"
    reader = Caretaker(client, a_token("6", f"repository:read:{FOCAL}"), FOCAL)

    for one in (visitor, stranger):
        nothing = one.call("GET", "")
        assert (nothing.status_code, nothing.get_json()["code"]) == (404, "repository_unknown")
        assert FOCAL not in paths(one.at("GET", ""))
        for rest in ("/packages", "/publications", "/snapshots", "/publications/1/changes"):
            assert one.get(rest).get_json()["code"] == "repository_unknown"
    for one in (admin, reader):
        assert one.json()["visibility"] == "private"
        assert FOCAL in paths(one.at("GET", ""))


def test_what_fills_a_private_repository_sees_how_far_it_is_published(
    admin: Caretaker, client: FlaskClient
) -> None:
    admin.patch(**PRIVATE)
    publisher = Caretaker(client, a_token("6", f"repository:publish:{FOCAL}"), FOCAL)

    assert publisher.json()["pushes"] == 0
    assert publisher.get("/packages").status_code == 404


def test_rules_are_changed_one_by_one(client: FlaskClient) -> None:
    admin = Caretaker(client, a_token("9", "repository:admin"), EL9)
    fingerprint = "0123456789abcdef0123456789abcdef01234567"

    admin.patch(rpm_keys=[fingerprint, "FEDCBA9876543210"])
    admin.patch(keep_latest=3)
    lifted = admin.patch(keep_latest=0).get_json()

    assert lifted["rpm_keys"] == ["89ABCDEF01234567", "FEDCBA9876543210"]
    assert (lifted["keep_latest"], lifted["visibility"]) == (None, "public")
    assert admin.json() == lifted


@pytest.mark.parametrize(
    "rules",
    [
        {"visibility": "secret"},
        {"rpm_keys": ["ABCD"]},
        {"rpm_keys": ["g" * 16]},
        {"rpm_keys": ["A" * 16] * 21},
        {"keep_latest": -1},
        {"keep_latest": "many"},
        {"pushes": 7},
    ],
)
def test_rules_that_are_none_are_malformed(admin: Caretaker, rules: dict[str, object]) -> None:
    response = admin.patch(**rules)

    assert (response.status_code, response.get_json()["code"]) == (422, "malformed_request")


def test_keys_of_rpms_are_refused_where_there_are_none(admin: Caretaker) -> None:
    response = admin.patch(rpm_keys=["A" * 16])

    assert (response.status_code, response.get_json()["code"]) == (400, "rule_refused")


def test_rules_are_changed_only_as_they_were_seen(admin: Caretaker) -> None:
    seen = admin.get().headers["ETag"]
    changed = admin.call("PATCH", json={"keep_latest": 5}, headers={"If-Match": seen})
    late = admin.call("PATCH", json=PRIVATE, headers={"If-Match": seen})

    assert (changed.status_code, late.status_code) == (200, 412)
    assert admin.json()["visibility"] == "public"
    assert changed.headers["ETag"] == admin.get().headers["ETag"] != seen
    known = {"If-None-Match": changed.headers["ETag"]}
    assert admin.get(headers=known).status_code == 304


def test_who_may_not_is_told_so(
    publisher: Caretaker, visitor: Caretaker, stranger: Caretaker
) -> None:
    assert visitor.patch(**PRIVATE).status_code == 401
    for one in (publisher, stranger):
        response = one.patch(**PRIVATE)
        assert (response.status_code, response.get_json()["code"]) == (403, "insufficient_scope")
        assert 'scope="repository:admin"' in response.headers["WWW-Authenticate"]


@pytest.mark.parametrize("path", ["live/2.8/ubuntu/noble", "live/2.8/ubuntu", "a/b/c/d/e"])
@pytest.mark.parametrize("method", ["GET", "PATCH"])
def test_what_is_not_configured_is_not_found(client: FlaskClient, path: str, method: str) -> None:
    """As what is private, so that nobody tells one from the other."""
    nobody = Caretaker(client, a_token("5", "repository:read"), path)

    response = nobody.call(method)

    assert response.status_code in (404, 405)
    assert response.mimetype == "application/problem+json"


def test_a_wrong_password_is_told(client: FlaskClient) -> None:
    wrong = Caretaker(client, basic(password="wrong"), FOCAL)

    assert wrong.patch(**PRIVATE).status_code == 401
    # Where nothing depends on who it is, nobody looks.
    assert wrong.get().status_code == 200
    assert wrong.at("GET", "").status_code == 401


def test_a_page_of_another_site_does_not_use_a_password(publisher: Caretaker) -> None:
    response = publisher.post(
        "/snapshots", {"name": "stable"}, headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert response.status_code == 403
    assert response.get_json()["code"] == "cross_site_write"


def test_a_cursor_of_another_list_is_malformed(visitor: Caretaker) -> None:
    for cursor in ("MTc=", "nonsense", "e30="):
        assert visitor.client.get(f"{API}?cursor={cursor}").status_code == 422
