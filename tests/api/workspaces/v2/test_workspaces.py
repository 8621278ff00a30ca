"""/v2/workspaces: listed, made, described, locked, released, deleted."""

from typing import Any

import pytest

from builders.papers import PAPER, a_token
from people.following import led_to, next_of
from people.person import API, Person

V2 = "/v2/workspaces"


def made(person: Person, **wishes: Any) -> str:
    """The path of a new workspace."""
    response = person.post(V2, json=wishes)
    assert response.status_code == 201, response.text
    return f"{V2}/{response.get_json()['id']}"


def test_it_works(alice: Person) -> None:
    wishes = {"name": "My paper", "profile": "generic", "metadata": {"kind": "paper", "n": [1]}}

    response = alice.post(V2, json=wishes)

    shown = response.get_json()
    assert response.status_code == 201
    assert led_to(response) == f"{API}{V2}/{shown['id']}"
    assert response.headers["ETag"] == f'"{shown["revision"]}"'
    assert {key: shown[key] for key in wishes} == wishes
    assert (shown["owner"], shown["status"], shown["lock"]) == ("1", "ACTIVE", None)
    assert (shown["file_count"], shown["total_bytes"]) == (0, 0)


def test_no_body_makes_a_workspace_with_the_default_profile(alice: Person) -> None:
    response = alice.post(V2)

    assert (response.status_code, response.get_json()["profile"]) == (201, "arxiv")


def test_an_unknown_profile_is_400(alice: Person) -> None:
    response = alice.post(V2, json={"profile": "nothing"})

    assert response.status_code == 400
    assert response.mimetype == "application/problem+json"
    assert response.get_json()["code"] == "profile_unknown"
    assert alice.get(V2).get_json() == {"workspaces": []}


def test_the_profiles_are_listed(alice: Person) -> None:
    response = alice.get("/v2/profiles")

    assert [one["name"] for one in response.get_json()["profiles"]] == ["arxiv", "generic"]


def test_a_token_for_one_workspace_opens_it_and_no_list(alice: Person) -> None:
    workspace = made(alice)
    helper = Person(alice.client, a_token("7", f"upload:read:{workspace.rpartition('/')[2]}"))

    found = [helper.get(path).status_code for path in (workspace, made(alice), V2)]

    assert found == [200, 403, 403]


def test_a_read_of_a_known_state_is_304(alice: Person) -> None:
    workspace = made(alice)
    tag = alice.get(workspace).headers["ETag"]

    same = alice.get(workspace, headers={"If-None-Match": tag})
    alice.patch(workspace, json={"name": "x"})
    other = alice.get(workspace, headers={"If-None-Match": tag})

    assert (same.status_code, same.data, same.headers["ETag"]) == (304, b"", tag)
    assert other.status_code == 200


@pytest.mark.parametrize(
    "path", ["", "/entries", "/findings", "/changes", "/checkpoints", "/log", "/diff?from=0"]
)
def test_every_read_has_a_tag_that_is_taken_back(alice: Person, path: str) -> None:
    workspace = made(alice)
    alice.put(f"{workspace}/files/a.tex", PAPER)

    first = alice.get(workspace + path)
    again = alice.get(workspace + path, headers={"If-None-Match": first.headers["ETag"]})
    head = alice.head(workspace + path)

    assert (first.status_code, again.status_code, again.data) == (200, 304, b"")
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["ETag"] == first.headers["ETag"]
    assert head.headers["Content-Length"] == str(len(first.data))


def test_name_and_metadata_are_changed_alone(alice: Person) -> None:
    workspace = made(alice, name="old", metadata={"a": 1})

    first = alice.patch(workspace, json={"name": "new"}).get_json()
    second = alice.patch(workspace, json={"metadata": {"b": None}}).get_json()

    assert (first["name"], first["metadata"]) == ("new", {"a": 1})
    assert (second["name"], second["metadata"]) == ("new", {"b": None})
    assert second["revision"] == first["revision"] + 1


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PATCH", ""), ("POST", "/lock"), ("POST", "/unlock"), ("POST", "/release"),
        ("POST", "/unrelease"), ("POST", "/check"), ("POST", "/checkpoints"), ("DELETE", ""),
    ],
)  # fmt: skip
def test_a_change_of_a_stale_state_is_412(alice: Person, method: str, path: str) -> None:
    workspace = made(alice)
    alice.put(f"{workspace}/files/a.tex", PAPER)
    before = alice.get(workspace)
    body = {"name": "x"} if method == "PATCH" else None

    stale = alice.call(method, workspace + path, json=body, headers={"If-Match": '"0"'})
    after = alice.get(workspace)
    fresh = {"If-Match": f'"999", {before.headers["ETag"]}'}
    good = alice.call(method, workspace + path, json=body, headers=fresh)

    assert (stale.status_code, stale.get_json()["code"]) == (412, "workspace_changed")
    assert after.data == before.data
    assert good.status_code < 300, good.text


def test_any_state_matches_a_star(alice: Person) -> None:
    response = alice.patch(made(alice), json={"name": "x"}, headers={"If-Match": "*"})

    assert response.status_code == 200


def test_a_lock_has_an_owner_a_reason_and_an_end(alice: Person) -> None:
    workspace = made(alice)

    wishes = {"reason": "in review", "expires_at": "2999-01-01T12:00:00+02:00"}
    lock = alice.post(f"{workspace}/lock", json=wishes).get_json()["lock"]
    refused = alice.put(f"{workspace}/files/a.tex", PAPER)
    unlocked = alice.post(f"{workspace}/unlock").get_json()

    until = "2999-01-01T10:00:00Z"
    assert lock == {"by": "theuser", "reason": "in review", "expires_at": until}
    assert (refused.status_code, refused.get_json()["code"]) == (403, "workspace_locked")
    assert unlocked["lock"] is None
    assert alice.put(f"{workspace}/files/a.tex", PAPER).status_code == 201


def test_a_lock_that_has_ended_holds_nobody(alice: Person) -> None:
    workspace = made(alice)
    alice.post(f"{workspace}/lock", json={"expires_at": "2001-01-01T00:00:00Z"})

    assert alice.put(f"{workspace}/files/a.tex", PAPER).status_code == 201


def test_a_released_workspace_refuses_files_until_it_is_taken_back(alice: Person) -> None:
    workspace = made(alice)

    released = alice.post(f"{workspace}/release").get_json()
    refused = alice.put(f"{workspace}/files/a.tex", PAPER)
    back = alice.post(f"{workspace}/unrelease").get_json()

    assert (released["status"], back["status"]) == ("RELEASED", "ACTIVE")
    assert (refused.status_code, refused.get_json()["code"]) == (403, "workspace_not_active")


def test_of_a_deleted_workspace_only_the_log_is_left(alice: Person) -> None:
    workspace = made(alice)
    alice.put(f"{workspace}/files/a.tex", PAPER)

    assert alice.delete(workspace).status_code == 204

    changes = [("DELETE", ""), ("PATCH", ""), ("POST", "/lock"), ("POST", "/unlock")]
    changes += [("POST", "/release"), ("PUT", "/files/b.tex"), ("DELETE", "/files/a.tex")]
    reads = ["", "/entries", "/findings", "/content.tar.gz", "/content.zip", "/files/a.tex"]
    for method, path in [*changes, *(("GET", path) for path in reads)]:
        assert alice.call(method, workspace + path).status_code == 404, (method, path)
    assert alice.get(f"{workspace}/log").get_json()["lines"][-1]["code"] == "delete"


def test_the_list_shows_mine_and_to_staff_everybodys(
    alice: Person, bob: Person, charlie: Person
) -> None:
    mine, theirs = made(alice), made(charlie)

    def ids(person: Person, query: str = "") -> list[str]:
        listed = person.get(f"{V2}{query}").get_json()["workspaces"]
        return [f"{V2}/{one['id']}" for one in listed]

    assert (ids(alice), ids(charlie)) == ([mine], [theirs])
    assert ids(bob) == [mine, theirs]
    assert ids(bob, "?owner=3") == [theirs]
    assert ids(alice, "?owner=1") == [mine]
    assert alice.get(f"{V2}?owner=3").status_code == 403


def test_the_list_is_filtered(alice: Person) -> None:
    first, second = made(alice), made(alice)
    alice.delete(first)
    alice.post(f"{second}/release")

    def count(query: str) -> int:
        return len(alice.get(f"{V2}?{query}").get_json()["workspaces"])

    assert [count("status=DELETED"), count("status=RELEASED"), count("status=ACTIVE")] == [1, 1, 0]
    assert count("updated_since=2999-01-01T00:00:00Z") == 0
    assert count("updated_since=2001-01-01T00:00:00%2B02:00") == 1


def test_a_list_is_walked_by_its_links(alice: Person) -> None:
    wanted = [made(alice) for _ in range(5)]

    found, path = [], f"{V2}?limit=2&status=ACTIVE"
    while path:
        response = alice.get(path)
        found += [f"{V2}/{one['id']}" for one in response.get_json()["workspaces"]]
        path = next_of(response).removeprefix(API)

    assert found == wanted
