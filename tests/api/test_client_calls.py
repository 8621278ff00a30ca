"""What people do with a workspace, by the client: each call against the service."""

import io
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

import pytest
import requests
from flask import Flask

from builders.papers import PAPER, a_token
from filemanager.client.checkpoints import Checkpoints
from filemanager.client.connection import Ask
from filemanager.client.errors import Refused
from filemanager.client.fetching.download import Download
from filemanager.client.watching import Unwatched
from filemanager.client.workspaces import Workspaces
from filemanager.domain.ids import digest_of
from filemanager.domain.jobs.job import Lane
from filemanager.factory.application import doors_of, handlers_of
from filemanager.factory.core import core_of
from filemanager.factory.parts import clock, parts_of
from filemanager.jobs.worker import Habits, Worker
from filemanager.settings.service import Settings
from worlds.in_process import InProcess


class Caller:
    """Somebody with a workspace of two files."""

    def __init__(self, app: Flask, pause: Callable[[float], None]) -> None:
        self.service = InProcess(app)
        self.connection = self.service.connection(a_token("1"), pause)
        self.workspaces = Workspaces(self.connection)
        self.checkpoints = Checkpoints(self.connection)
        self.id = self.workspaces.create(name="paper", profile="arxiv").id
        self.put({"main.tex": PAPER, "a b.txt": b"x\n"})

    def put(self, files: Mapping[str, bytes]) -> None:
        for path, data in files.items():
            place = f"/filemanager/api/v2/workspaces/{self.id}/files/{path}"
            self.connection.ask(Ask(method="PUT", path=place, body=data))

    @property
    def revision(self) -> int:
        return self.workspaces.get(self.id).revision

    @property
    def paths(self) -> set[str]:
        return {entry.path for entry in self.workspaces.entries(self.id)}

    def lose_answers_to(self, what: str) -> None:
        """The first of them only."""
        lost = iter([requests.ConnectionError("lost")])

        def fault(request: requests.PreparedRequest) -> Exception | None:
            line = f"{request.method} {request.path_url}"
            return next(lost, None) if line.endswith(what) else None

        self.service.fault = fault


@pytest.fixture
def caller(app: Flask, settings: Settings) -> Caller:
    """While the client waits, a worker of another process does the next long task."""
    made = parts_of(settings)
    habits = Habits(lease=timedelta(minutes=1), clock=clock, jitter=lambda: 0.0)
    worker = Worker(made.database, handlers_of(doors_of(core_of(made))), Lane.LONG, habits)

    def pause(_: float) -> None:
        worker.run_next()

    return Caller(app, pause)


def test_findings_and_changes_are_told(caller: Caller) -> None:
    found = {(one.code, one.path) for one in caller.workspaces.findings(caller.id)}
    (change,) = caller.workspaces.changes(caller.id)

    assert ("main_file", "main.tex") in found
    assert (change.alteration, change.before, change.after) == ("renamed", "a b.txt", "a_b.txt")
    assert caller.workspaces.findings(caller.id, "fatal") == []


def test_a_lock_refuses_changes_until_it_is_taken_away(caller: Caller) -> None:
    locked = caller.workspaces.lock(caller.id, reason="Reviewed now.")
    with pytest.raises(Refused, match="workspace_locked"):
        caller.workspaces.move(caller.id, "main.tex", "paper.tex")
    unlocked = caller.workspaces.unlock(caller.id)

    assert locked.lock is not None
    assert (locked.lock.reason, unlocked.lock) == ("Reviewed now.", None)


def test_a_release_is_taken_back(caller: Caller) -> None:
    released = caller.workspaces.release(caller.id)
    back = caller.workspaces.unrelease(caller.id)

    assert (released.status, back.status) == ("RELEASED", "ACTIVE")


def test_a_file_is_moved_deleted_and_brought_back(caller: Caller) -> None:
    caller.workspaces.move(caller.id, "main.tex", "paper.tex")
    caller.workspaces.remove(caller.id, "paper.tex")
    without = caller.paths
    caller.workspaces.undelete(caller.id, "paper.tex")

    assert (without, caller.paths) == ({"a_b.txt"}, {"a_b.txt", "paper.tex"})


def test_a_rewrite_is_undone(caller: Caller) -> None:
    caller.put({"mac.tex": PAPER.replace(b"\n", b"\r")})
    (change,) = (
        one for one in caller.workspaces.changes(caller.id) if one.alteration == "rewritten"
    )

    caller.workspaces.undelete(caller.id, "mac.tex", change=change.id)

    found = {entry.path: entry.sha256 for entry in caller.workspaces.entries(caller.id)}
    assert found["mac.tex"] == digest_of(PAPER.replace(b"\n", b"\r"))


def test_a_checkpoint_is_gone_back_to(caller: Caller) -> None:
    made = caller.checkpoints.create(caller.id, name="first")
    caller.workspaces.remove(caller.id, "main.tex")

    differing = caller.checkpoints.diff(caller.id, f"checkpoint:{made.id}")
    restored = caller.checkpoints.restore(caller.id, made.id)

    assert caller.checkpoints.list(caller.id) == [made]
    assert [(one.path, one.change) for one in differing] == [("main.tex", "removed")]
    assert (restored.revision, caller.paths) == (caller.revision, {"main.tex", "a_b.txt"})


def test_everything_is_checked_again(caller: Caller) -> None:
    before = caller.revision

    checked = caller.workspaces.check(caller.id)

    assert (checked.workspace, checked.readiness) == (caller.id, "READY")
    assert checked.revision == caller.revision > before
    assert "main_file" in {one.code for one in checked.findings}


def test_what_was_meant_for_another_revision_is_refused(caller: Caller) -> None:
    first = caller.checkpoints.create(caller.id)
    was = caller.revision
    caller.put({"new.txt": b"x\n"})
    calls: list[Callable[[], object]] = [
        lambda: caller.workspaces.check(caller.id, revision=was),
        lambda: caller.workspaces.lock(caller.id, revision=was),
        lambda: caller.workspaces.release(caller.id, revision=was),
        lambda: caller.workspaces.move(caller.id, "new.txt", "b.txt", revision=was),
        lambda: caller.checkpoints.create(caller.id, revision=was),
        lambda: caller.checkpoints.restore(caller.id, first.id, revision=was),
        lambda: caller.workspaces.delete(caller.id, revision=was),
    ]
    now = caller.revision

    for call in calls:
        with pytest.raises(Refused) as refused:
            call()
        assert refused.value.status == 412

    assert caller.revision == now


@pytest.mark.parametrize("what", ["lock", "files:move", "check"])
def test_what_was_done_unheard_is_done_once(caller: Caller, what: str) -> None:
    was = caller.revision
    caller.lose_answers_to(what)

    # Asked for at this very revision: done twice it would be refused.
    if what == "lock":
        caller.workspaces.lock(caller.id, revision=was)
    if what == "files:move":
        caller.workspaces.move(caller.id, "main.tex", "b.tex", revision=was)
    if what == "check":
        caller.workspaces.check(caller.id, revision=was)

    assert caller.revision == was + 1


def test_a_workspace_is_deleted_once(caller: Caller) -> None:
    caller.lose_answers_to(f"DELETE /filemanager/api/v2/workspaces/{caller.id}")

    caller.workspaces.delete(caller.id, revision=caller.revision)

    with pytest.raises(Refused, match="workspace_not_found"):
        caller.workspaces.delete(caller.id)
    assert [one.id for one in caller.workspaces.list()] == []


def test_one_file_is_downloaded(caller: Caller, tmp_path: Path) -> None:
    download = Download(caller.connection, caller.workspaces, caller.id, Unwatched())
    out = io.BytesIO()

    downloaded = download.to(tmp_path / "here.tex", "main.tex")
    download.into(out, "main.tex")

    assert (tmp_path / "here.tex").read_bytes() == out.getvalue() == PAPER
    assert downloaded.sha256 == digest_of(PAPER)
    with pytest.raises(Refused, match="not found"):
        download.to(tmp_path / "none", "none.tex")
