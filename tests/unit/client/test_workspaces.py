"""Workspaces through the client."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import requests

from filemanager.client.errors import Refused
from filemanager.client.values import Lock, Workspace
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


def test_workspaces_and_their_logs_are_listed() -> None:
    line = {"id": 1, "at": "2026-11-21T07:40:31Z", "code": "create", "text": "Created workspace"}
    service = Scripted(
        answered(told={"workspaces": [a_workspace_told()]}), answered(told={"lines": [line]})
    )
    workspaces = Workspaces(connected(service))

    assert [one.id for one in workspaces.list()] == [17]
    assert [one.text for one in workspaces.log(17)] == ["Created workspace"]


@pytest.mark.parametrize(
    ("change", "line", "body"),
    [
        (lambda found: found.lock(17), "/17/lock", b"{}"),
        (lambda found: found.lock(17, reason="x"), "/17/lock", b'{"reason": "x"}'),
        (lambda found: found.unlock(17), "/17/unlock", b"{}"),
        (lambda found: found.release(17), "/17/release", b"{}"),
        (lambda found: found.unrelease(17), "/17/unrelease", b"{}"),
        (
            lambda found: found.move(17, "a", "b"),
            "/17/files:move",
            b'{"source": "a", "target": "b"}',
        ),
        (lambda found: found.undelete(17, "a"), "/17/files:undelete", b'{"path": "a"}'),
        (
            lambda found: found.undelete(17, "a", change="2-0"),
            "/17/files:undelete",
            b'{"path": "a", "change": "2-0"}',
        ),
    ],
)
def test_a_change_is_asked_for_under_one_key(
    change: Callable[[Workspaces], Workspace], line: str, body: bytes
) -> None:
    service = Scripted(requests.ConnectionError(), answered(told=a_workspace_told(revision=5)))

    changed = change(Workspaces(connected(service)))

    assert changed.revision == 5
    assert service.lines == [f"POST {V2}{line}"] * 2
    assert service.bodies == [body] * 2
    assert len({one.headers["Idempotency-Key"] for one in service.asked}) == 1
    assert "If-Match" not in service.asked[0].headers


def test_a_change_may_be_for_one_revision_alone() -> None:
    service = Scripted(problem(412, "resource_changed"))

    with pytest.raises(Refused, match="resource_changed"):
        Workspaces(connected(service)).unlock(17, revision=4)

    assert service.asked[0].headers["If-Match"] == '"4"'


def test_a_lock_has_an_owner_and_an_end() -> None:
    told = {"by": "alice", "reason": "x", "expires_at": "2026-12-01T18:00:00Z"}
    service = Scripted(answered(told=a_workspace_told(lock=told)))
    until = datetime(2026, 12, 1, 18, tzinfo=UTC)

    locked = Workspaces(connected(service)).lock(17, expires_at=until)

    assert locked.lock == Lock("alice", "x", until)
    assert service.bodies == [b'{"expires_at": "2026-12-01T18:00:00+00:00"}']


def test_what_is_gone_when_it_is_deleted_again_was_deleted() -> None:
    service = Scripted(requests.ConnectionError(), problem(404, "workspace_not_found"))

    Workspaces(connected(service)).delete(17, revision=4)

    assert service.lines == [f"DELETE {V2}/17"] * 2
    assert service.asked[0].headers["If-Match"] == '"4"'


def test_a_file_that_is_gone_when_it_is_deleted_again_was_deleted() -> None:
    service = Scripted(
        requests.ConnectionError(),
        problem(404, "file_not_found"),
        answered(told=a_workspace_told(revision=5)),
    )

    assert Workspaces(connected(service)).remove(17, "a").revision == 5


def test_what_was_never_there_is_not_deleted() -> None:
    service = Scripted(problem(404, "workspace_not_found"))

    with pytest.raises(Refused, match="workspace_not_found"):
        Workspaces(connected(service)).delete(17)


def test_a_check_is_a_job_and_ends_with_what_was_found() -> None:
    finding = {"severity": "warn", "code": "c", "path": None, "message": "m", "hint": "h", "new": 1}
    change = {
        "id": None, "alteration": "removed", "code": "c", "before": "a", "after": None,
        "message": "m",
    }  # fmt: skip
    service = Scripted(
        answered(202, {}, Location="/jobs/" + "1" * 32),
        answered(told={"state": "running", "progress": 40}),
        answered(told={"state": "done", "progress": 100}),
        answered(told=a_workspace_told(revision=6)),
        answered(told={"findings": [finding]}),
        answered(told={"changes": [change]}),
    )
    seen: list[int] = []

    checked = Workspaces(connected(service)).check(17, revision=5, watch=seen.append)

    asked = service.asked[0].headers
    assert (asked["Prefer"], asked["If-Match"]) == ("respond-async", '"5"')
    assert (checked.revision, checked.readiness, seen) == (6, "READY", [40, 100])
    assert [one.hint for one in checked.findings] == ["h"]
    assert [one.before for one in checked.changes] == ["a"]


def test_findings_of_one_severity_are_asked_for() -> None:
    service = Scripted(answered(told={"findings": []}))

    assert Workspaces(connected(service)).findings(17, "fatal") == []

    assert service.lines == [f"GET {V2}/17/findings?severity=fatal"]


def test_a_receipt_is_given_as_it_was_signed() -> None:
    service = Scripted(answered(told={"payload": "eyJ9", "signatures": []}))

    receipt = Workspaces(connected(service)).receipt(17)

    assert receipt == '{"payload": "eyJ9", "signatures": []}'
    assert service.lines == [f"GET {V2}/17/receipt.json"]
