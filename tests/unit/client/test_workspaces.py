"""Workspaces through the client."""

from datetime import UTC, datetime

import requests

from filemanager.client.workspaces import Workspaces
from worlds.scripted import Scripted, a_workspace_told, answered, connected, problem

V2 = "/filemanager/api/v2/workspaces"


def test_a_workspace_is_made_under_one_key_however_often_it_is_tried() -> None:
    made = answered(201, a_workspace_told(name="x"))
    service = Scripted(requests.ConnectionError(), problem(503, "unavailable"), made)

    workspace = Workspaces(connected(service)).create(name="x")

    assert (workspace.id, workspace.name) == (17, "x")
    assert service.bodies == [b'{"name": "x"}'] * 3
    assert len({one.headers["Idempotency-Key"] for one in service.asked}) == 1


def test_two_calls_have_two_keys() -> None:
    service = Scripted(answered(201, a_workspace_told()), answered(201, a_workspace_told()))
    workspaces = Workspaces(connected(service))

    for _ in range(2):
        workspaces.create()

    assert len({one.headers["Idempotency-Key"] for one in service.asked}) == 2


def test_entries_are_read_page_by_page_at_one_revision() -> None:
    entry = {"path": "a", "sha256": "0" * 64, "size_bytes": 1, "kind": "TEX", "new": True}
    first = answered(
        told={"entries": [entry]}, Link='<http://elsewhere.test/?cursor=abc&limit=1000>; rel="next"'
    )
    service = Scripted(
        answered(told=a_workspace_told(revision=4)), first, answered(told={"entries": [entry]})
    )

    found = list(Workspaces(connected(service)).entries(17))

    assert [one.path for one in found] == ["a", "a"]
    assert service.lines == [
        f"GET {V2}/17",
        f"GET {V2}/17/entries?limit=1000&revision=4",
        f"GET {V2}/17/entries?cursor=abc&limit=1000",
    ]


def test_a_path_is_quoted() -> None:
    service = Scripted(answered(told=a_workspace_told()))

    Workspaces(connected(service)).remove(17, "fig/a b?#é.png")

    assert service.lines == [f"DELETE {V2}/17/files/fig/a%20b%3F%23%C3%A9.png"]


def test_a_checkpoint_has_a_moment() -> None:
    told = {
        "id": 1, "name": "first", "description": None, "revision": 2, "checksum": "x",
        "created_at": "2026-11-21T07:40:31.036000Z",
    }  # fmt: skip

    made = Workspaces(connected(Scripted(answered(201, told)))).checkpoint(17, name="first")

    assert made.created_at == datetime(2026, 11, 21, 7, 40, 31, 36000, UTC)


def test_workspaces_and_their_logs_are_listed() -> None:
    line = {"id": 1, "at": "2026-11-21T07:40:31Z", "code": "create", "text": "Created workspace"}
    service = Scripted(
        answered(told={"workspaces": [a_workspace_told()]}), answered(told={"lines": [line]})
    )
    workspaces = Workspaces(connected(service))

    assert [one.id for one in workspaces.list()] == [17]
    assert [one.text for one in workspaces.log(17)] == ["Created workspace"]
