"""Publications over HTTP: told, compared, gone back to."""

from collections.abc import Callable
from typing import Any

import pytest

from people.following import led_to, next_of
from people.keepers import API, Caretaker

FOCAL = "live/2.8/ubuntu/focal"

pytestmark = pytest.mark.usefixtures("filled")


def told(response: Any) -> list[tuple[str, str]]:
    return [(one["change"], one["package"]["name"]) for one in response.get_json()["changes"]]


def test_publications_are_told_the_newest_first(visitor: Caretaker) -> None:
    first = visitor.get("/publications?limit=1")
    last = visitor.client.get(next_of(first))

    (newest,) = first.get_json()["publications"]
    (oldest,) = last.get_json()["publications"]
    assert newest.pop("published_at") >= oldest.pop("published_at")
    assert newest == {"revision": 2, "published_through": 2, "came": 1, "went": 0}
    assert oldest == {"revision": 1, "published_through": 1, "came": 1, "went": 0}
    assert next_of(last) == ""


def test_a_publication_is_shown_with_what_it_changed(visitor: Caretaker) -> None:
    assert visitor.json("/publications/2")["revision"] == 2
    assert told(visitor.get("/publications/1/changes")) == [("came", "tiny")]
    assert told(visitor.get("/publications/2/changes")) == [("came", "other")]


def test_two_publications_are_compared(visitor: Caretaker) -> None:
    there = visitor.get("/diff?from=1&to=2")
    back = visitor.get("/diff?from=2&to=1")

    assert (told(there), told(back)) == ([("came", "other")], [("went", "other")])
    assert (back.get_json()["from_revision"], back.get_json()["to_revision"]) == (2, 1)
    assert visitor.get("/diff?from=1").status_code == 422


def test_differences_come_a_page_at_a_time(
    visitor: Caretaker, admin: Caretaker, publish: Callable[[], None]
) -> None:
    for one in admin.json("/packages")["packages"]:
        admin.call("DELETE", f"/packages/{one['id']}")
    publish()

    first = visitor.get("/diff?from=2&to=3&limit=1")
    last = visitor.client.get(next_of(first))

    assert told(first) + told(last) == [("went", "tiny"), ("went", "other")]
    assert next_of(last) == ""


@pytest.mark.parametrize("edition", ["0", "9", "stable", "1" * 80])
def test_what_was_never_published_is_not_found(admin: Caretaker, edition: str) -> None:
    for method, rest in (
        ("GET", f"/publications/{edition}"),
        ("GET", f"/publications/{edition}/changes"),
        ("POST", f"/publications/{edition}:restore"),
    ):
        response = admin.call(method, rest)
        assert (response.status_code, response.get_json()["code"]) == (404, "snapshot_unknown")


def test_a_publication_is_restored(
    admin: Caretaker, visitor: Caretaker, publish: Callable[[], None]
) -> None:
    key = {"Idempotency-Key": "back"}

    response = admin.post("/publications/1:restore", headers=key)
    again = admin.post("/publications/1:restore", headers=key)
    publish()

    assert (response.status_code, response.get_json()["pushes"]) == (200, 3)
    assert again.get_json() == response.get_json()
    assert told(visitor.get("/publications/3/changes")) == [("went", "other")]


@pytest.mark.usefixtures("no_pause")
def test_who_waits_in_vain_is_told_where_to_look(admin: Caretaker) -> None:
    response = admin.post("/publications/1:restore?wait=true")

    assert (response.status_code, led_to(response)) == (202, f"{API}/{FOCAL}")
    assert response.get_json()["published_through"] == 2


def test_a_repository_that_changed_meanwhile_is_not_restored(admin: Caretaker) -> None:
    seen = admin.get().headers["ETag"]
    admin.patch(keep_latest=7)

    response = admin.post("/publications/1:restore", headers={"If-Match": seen})

    assert response.status_code == 412
    assert len(admin.json("/packages")["packages"]) == 2


def test_only_admins_restore(publisher: Caretaker, visitor: Caretaker) -> None:
    answers = [one.post("/publications/1:restore") for one in (publisher, visitor)]

    assert [one.status_code for one in answers] == [403, 401]
