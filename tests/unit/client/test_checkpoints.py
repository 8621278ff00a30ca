"""What a workspace was, through the client."""

from collections.abc import Mapping
from datetime import UTC, datetime

import requests

from filemanager.client.checkpoints import Checkpoints
from worlds.scripted import Scripted, a_workspace_told, answered, connected

V2 = "/filemanager/api/v2/workspaces"


def a_checkpoint_told() -> Mapping[str, object]:
    return {
        "id": 1, "name": "first", "description": None, "revision": 2, "checksum": "x",
        "created_at": "2026-11-21T07:40:31.036000Z",
    }  # fmt: skip


def test_a_checkpoint_has_a_moment() -> None:
    service = Scripted(requests.ConnectionError(), answered(201, a_checkpoint_told()))

    made = Checkpoints(connected(service)).create(17, name="first", revision=2)

    assert made.created_at == datetime(2026, 11, 21, 7, 40, 31, 36000, UTC)
    assert service.bodies == [b'{"name": "first"}'] * 2
    assert len({one.headers["Idempotency-Key"] for one in service.asked}) == 1
    assert service.asked[0].headers["If-Match"] == '"2"'


def test_checkpoints_are_listed() -> None:
    service = Scripted(answered(told={"checkpoints": [a_checkpoint_told()]}))

    assert [one.name for one in Checkpoints(connected(service)).list(17)] == ["first"]


def test_a_checkpoint_is_restored_by_its_number() -> None:
    service = Scripted(answered(told=a_workspace_told(revision=5)))

    restored = Checkpoints(connected(service)).restore(17, 3, revision=4)

    assert restored.revision == 5
    assert service.lines == [f"POST {V2}/17/checkpoints/3:restore"]
    assert service.asked[0].headers["If-Match"] == '"4"'


def test_two_revisions_are_compared() -> None:
    difference = {
        "path": "a", "change": "added", "old_bytes": None, "new_bytes": 1, "old_sha256": None,
        "new_sha256": "0" * 64,
    }  # fmt: skip
    service = Scripted(*[answered(told={"differences": [difference]}) for _ in range(2)])
    checkpoints = Checkpoints(connected(service))

    found = [*checkpoints.diff(17, "1"), *checkpoints.diff(17, "checkpoint:1", "2")]

    assert [(one.change, one.path) for one in found] == [("added", "a")] * 2
    assert service.lines == [
        f"GET {V2}/17/diff?from=1",
        f"GET {V2}/17/diff?from=checkpoint%3A1&to=2",
    ]
