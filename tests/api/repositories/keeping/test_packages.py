"""Packages over HTTP: searched, removed, promoted, let go."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from builders.debian import FILES, a_deb, a_dsc
from builders.papers import a_token
from people.following import led_to, next_of
from people.keepers import API, Caretaker
from people.pushers import Pusher, basic

FOCAL, JAMMY = "live/2.8/ubuntu/focal", "release/2.8/ubuntu/jammy"
POOL = "live/2.8/ubuntu/pool/focal/main/t/tools"

pytestmark = pytest.mark.usefixtures("filled")


def names(response: Any) -> list[str]:
    return [one["name"] for one in response.get_json()["packages"]]


def test_packages_are_listed_and_searched(visitor: Caretaker) -> None:
    assert names(visitor.get("/packages")) == ["tiny", "other"]
    assert names(visitor.get("/packages?q=TH")) == ["other"]
    assert names(visitor.get("/packages?name=tiny&arch=amd64")) == ["tiny"]
    assert names(visitor.get("/packages?arch=source")) == []
    assert visitor.get("/packages?size=3").status_code == 422


def test_packages_come_a_page_at_a_time(visitor: Caretaker) -> None:
    first = visitor.get("/packages?limit=1")
    last = visitor.client.get(next_of(first))

    assert (names(first), names(last), next_of(last)) == (["tiny"], ["other"], "")


def test_a_package_is_shown_with_its_files(rws: Pusher, visitor: Caretaker, reader: Pusher) -> None:
    rws.push(FOCAL, {"tiny_1.0-1.dsc": a_dsc(), **FILES}, "tools")
    (listed,) = visitor.json("/packages?arch=source")["packages"]

    found = visitor.json(f"/packages/{listed['id']}")

    assert found == listed
    assert (found["version"], found["since"], found["product"]) == ("1.0-1", None, "tools")
    assert sorted(file["path"] for file in found["files"]) == sorted(
        f"{POOL}/{name}" for name in ("tiny_1.0-1.dsc", *FILES)
    )
    assert reader.get(f"{POOL}/tiny_1.0-1_amd64.deb").status_code == 200


def test_a_package_is_removed(
    admin: Caretaker, reader: Pusher, publish: Callable[[], None]
) -> None:
    (tiny,) = admin.json("/packages?name=tiny")["packages"]
    seen = admin.get(f"/packages/{tiny['id']}").headers["ETag"]

    removed = admin.call("DELETE", f"/packages/{tiny['id']}", headers={"If-Match": seen})
    again = admin.call("DELETE", f"/packages/{tiny['id']}", headers={"If-Match": seen})
    publish()

    assert (removed.status_code, removed.data, again.status_code) == (204, b"", 412)
    assert names(admin.get("/packages")) == ["other"]
    gone = admin.json(f"/packages/{tiny['id']}")
    assert (gone["since"], gone["until"]) == (1, 3)
    index = reader.get("live/2.8/ubuntu/dists/focal/main/binary-amd64/Packages").text
    assert "Package: tiny" not in index


def test_a_package_is_purged(admin: Caretaker, reader: Pusher, publish: Callable[[], None]) -> None:
    (tiny,) = admin.json("/packages?name=tiny")["packages"]
    place = f"/packages/{tiny['id']}"
    seen = {"If-Match": admin.get(place).headers["ETag"]}

    purged = admin.call("DELETE", f"{place}?purge=true", headers=seen)
    publish()

    again = admin.get(place), admin.call("DELETE", f"{place}?purge=true")
    assert purged.status_code == 204
    for one in again:
        assert (one.status_code, one.get_json()["code"]) == (410, "package_purged")
    for edition in ("", "@1/", "@2/"):
        gone = reader.get(f"{edition}{POOL}/tiny_1.0-1_amd64.deb")
        assert gone.status_code == 410
        assert "purged" in gone.get_json()["message"]


def test_a_package_is_purged_by_the_path_of_its_file(client: FlaskClient, rws: Pusher) -> None:
    admin = Pusher(client, a_token("9", f"repository:admin:{FOCAL}"))
    path = f"{POOL}/tiny_1.0-1_amd64.deb"

    answers = [who.call("DELETE", f"{path}?purge=true") for who in (rws, admin, admin)]

    assert [one.status_code for one in answers] == [403, 200, 410]
    assert rws.get(path).status_code == 410
    same = {"tiny_1.0-1_amd64.deb": a_deb({"Package": "tiny"})}
    assert rws.push(FOCAL, same, "tools").status_code == 410


@pytest.mark.usefixtures("no_pause")
def test_who_waits_in_vain_is_told_where_to_look(admin: Caretaker) -> None:
    (tiny,) = admin.json("/packages?name=tiny")["packages"]

    response = admin.call("DELETE", f"/packages/{tiny['id']}?wait=true")

    assert (response.status_code, led_to(response)) == (202, f"{API}/{FOCAL}")


@pytest.mark.parametrize("number", [99, 2**63 - 1, 2**63])
def test_an_unknown_package_is_not_found(admin: Caretaker, number: int) -> None:
    for method in ("GET", "DELETE"):
        response = admin.call(method, f"/packages/{number}")
        assert (response.status_code, response.get_json()["code"]) == (404, "package_unknown")


def test_only_admins_remove(publisher: Caretaker, visitor: Caretaker) -> None:
    (tiny,) = visitor.json("/packages?name=tiny")["packages"]

    answers = [one.call("DELETE", f"/packages/{tiny['id']}") for one in (publisher, visitor)]

    assert [one.status_code for one in answers] == [403, 401]
    assert names(visitor.get("/packages")) == ["tiny", "other"]


def test_packages_are_promoted(
    client: FlaskClient, visitor: Caretaker, reader: Pusher, publish: Callable[[], None]
) -> None:
    publisher = Caretaker(client, basic(), JAMMY)
    (tiny,) = visitor.json("/packages?name=tiny")["packages"]

    some = publisher.post("/packages:promote", {"from": FOCAL, "packages": [tiny["id"]]})
    all_of_it = publisher.post("/packages:promote", {"from": FOCAL, "edition": "2"})
    publish()

    assert (some.status_code, some.get_json()["pushes"]) == (200, 1)
    assert (all_of_it.status_code, all_of_it.get_json()["pushes"]) == (200, 2)
    assert names(publisher.get("/packages")) == ["tiny", "other"]
    pool = "release/2.8/ubuntu/pool/jammy/main/t/tools"
    assert reader.get(f"{pool}/tiny_1.0-1_amd64.deb").data == a_deb({"Package": "tiny"})


def test_a_promotion_sent_again_with_its_key_is_done_once(client: FlaskClient) -> None:
    publisher = Caretaker(client, basic(), JAMMY)
    key = {"Idempotency-Key": "once"}
    wish = {"from": FOCAL, "edition": "1"}

    first = publisher.post("/packages:promote", wish, headers=key)
    again = publisher.post("/packages:promote", wish, headers=key)
    other = publisher.post("/packages:promote", {**wish, "edition": "2"}, headers=key)

    assert first.get_json() == again.get_json()
    assert (other.status_code, other.get_json()["code"]) == (422, "idempotency_key_reused")


@pytest.mark.parametrize(
    ("wish", "status", "code"),
    [
        ({"from": FOCAL}, 422, "malformed_request"),
        ({"from": FOCAL, "packages": [1], "edition": "1"}, 422, "malformed_request"),
        ({"from": FOCAL, "packages": []}, 422, "malformed_request"),
        ({"from": FOCAL, "packages": [99]}, 404, "package_unknown"),
        ({"from": FOCAL, "edition": "9"}, 404, "snapshot_unknown"),
        ({"from": "live/2.8/ubuntu", "edition": "1"}, 404, "repository_unknown"),
        ({"from": "live/2.8/el/9", "edition": "1"}, 400, "other_base"),
    ],
)
def test_what_cannot_be_promoted_is_told(
    client: FlaskClient, wish: dict[str, object], status: int, code: str
) -> None:
    publisher = Caretaker(client, basic(), JAMMY)

    response = publisher.post("/packages:promote", wish)

    assert (response.status_code, response.get_json()["code"]) == (status, code)


def test_the_same_version_with_other_bytes_is_a_conflict(client: FlaskClient, rws: Pusher) -> None:
    other = a_deb({"Description": "other"})
    rws.push(JAMMY, {"tiny_1.0-1_amd64.deb": other}, "tools")

    response = Caretaker(client, basic(), JAMMY).post(
        "/packages:promote", {"from": FOCAL, "edition": "2"}
    )

    assert (response.status_code, response.get_json()["code"]) == (409, "path_taken")


def test_who_publishes_elsewhere_does_not_promote(client: FlaskClient) -> None:
    elsewhere = Caretaker(client, a_token("6", "repository:publish:live"), JAMMY)

    response = elsewhere.post("/packages:promote", {"from": FOCAL, "edition": "1"})

    assert response.status_code == 403


def test_outdated_packages_go(admin: Caretaker, rws: Pusher) -> None:
    rws.push(FOCAL, {"tiny_2.0-1_amd64.deb": a_deb({"Version": "2.0-1"})}, "tools")

    foreseen = admin.post("/packages:retain?keep=1&dry_run=true")
    before = names(admin.get("/packages"))
    done = admin.post("/packages:retain?keep=1")
    again = admin.post("/packages:retain?keep=1")

    assert foreseen.status_code == done.status_code == 200
    assert (foreseen.get_json(), before) == (done.get_json(), ["tiny", "other", "tiny"])
    assert [(one["name"], one["version"]) for one in done.get_json()["packages"]] == [
        ("tiny", "1.0-1")
    ]
    assert (done.get_json()["count"], again.get_json()["count"]) == (1, 0)


def test_only_admins_let_packages_go(publisher: Caretaker, visitor: Caretaker) -> None:
    answers = [one.post("/packages:retain?keep=1") for one in (publisher, visitor)]

    assert [one.status_code for one in answers] == [403, 401]
    assert publisher.post("/packages:retain?keep=0").status_code == 403
