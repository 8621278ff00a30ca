"""Snapshots over HTTP: made, read, deleted."""

import pytest

from people.following import led_to
from people.keepers import API, Caretaker
from people.pushers import Pusher

FOCAL = "live/2.8/ubuntu/focal"
INDEX = "live/2.8/ubuntu/dists/focal/main/binary-amd64/Packages"

pytestmark = pytest.mark.usefixtures("filled")


def test_it_works(publisher: Caretaker, visitor: Caretaker, reader: Pusher) -> None:
    made = publisher.post("/snapshots", {"name": "stable", "edition": "1"})

    assert (made.status_code, led_to(made)) == (201, f"{API}/{FOCAL}/snapshots/stable")
    assert (made.get_json()["name"], made.get_json()["revision"]) == ("stable", 1)
    shown = visitor.get("/snapshots/stable")
    assert (shown.get_json(), shown.headers["ETag"]) == (made.get_json(), made.headers["ETag"])
    assert visitor.json("/snapshots") == {"snapshots": [made.get_json()]}
    assert reader.get(f"@stable/{INDEX}").data == reader.get(f"@1/{INDEX}").data
    assert "Package: other" not in reader.get(f"@stable/{INDEX}").text


def test_the_newest_publication_is_named_unless_told(publisher: Caretaker) -> None:
    assert publisher.post("/snapshots", {"name": "now"}).get_json()["revision"] == 2


def test_a_name_is_given_once_however_often_it_is_sent_with_its_key(
    publisher: Caretaker,
) -> None:
    key = {"Idempotency-Key": "name"}

    first = publisher.post("/snapshots", {"name": "stable"}, headers=key)
    again = publisher.post("/snapshots", {"name": "stable"}, headers=key)
    other = publisher.post("/snapshots", {"name": "stable"})

    assert (again.status_code, again.get_json()) == (201, first.get_json())
    assert (other.status_code, other.get_json()["code"]) == (409, "snapshot_exists")


@pytest.mark.parametrize("name", ["12", "-x", "a b", "a/b", "@x"])
def test_a_name_that_no_address_could_tell_is_refused(publisher: Caretaker, name: str) -> None:
    response = publisher.post("/snapshots", {"name": name})

    assert (response.status_code, response.get_json()["code"]) == (400, "snapshot_name_refused")


def test_what_was_never_published_gets_no_name(publisher: Caretaker) -> None:
    response = publisher.post("/snapshots", {"name": "stable", "edition": "9"})

    assert (response.status_code, response.get_json()["code"]) == (404, "snapshot_unknown")


def test_a_snapshot_is_deleted(publisher: Caretaker, admin: Caretaker, reader: Pusher) -> None:
    made = publisher.post("/snapshots", {"name": "stable"})
    stale = admin.call("DELETE", "/snapshots/stable", headers={"If-Match": '"0-0"'})
    right = {"If-Match": made.headers["ETag"]}

    deleted = admin.call("DELETE", "/snapshots/stable", headers=right)

    assert (stale.status_code, deleted.status_code) == (412, 204)
    assert admin.get("/snapshots/stable").status_code == 404
    assert admin.call("DELETE", "/snapshots/stable").status_code == 404
    assert reader.get(f"@stable/{INDEX}").status_code == 404


def test_who_may_not_is_told_so(
    publisher: Caretaker, visitor: Caretaker, stranger: Caretaker
) -> None:
    publisher.post("/snapshots", {"name": "stable"})

    made = [one.post("/snapshots", {"name": "mine"}) for one in (visitor, stranger)]
    deleted = [one.call("DELETE", "/snapshots/stable") for one in (visitor, publisher)]

    assert [one.status_code for one in (*made, *deleted)] == [401, 403, 401, 403]
