"""GET /jobs/<id> and its events, and the long work that ends as a job."""

from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from builders.papers import PAPER, a_token
from filemanager.api.jobs.events import MAX_STREAMS, EventStreams, TooManyStreams
from filemanager.domain.caller import Owner
from filemanager.domain.ids import WorkspaceId
from filemanager.domain.jobs.job import Job, JobId, JobState, Lane, Task
from filemanager.domain.ports import Transaction
from filemanager.domain.workspaces.workspace import rights_in
from filemanager.factory.application import doors_of, handlers_of
from filemanager.factory.core import core_of
from filemanager.factory.parts import clock, parts_of
from filemanager.jobs.worker import Habits, Worker
from filemanager.services.jobs import MAX_OPEN, JobService
from filemanager.settings.service import Settings
from people.following import led_to
from people.person import Person
from worlds.stored import START, TurnedClock

ASYNC = {"Prefer": "respond-async"}
UNKNOWN = "/jobs/" + "0" * 32
NO_JOB = (404, "job_not_found")


@pytest.fixture
def workspace(alice: Person) -> str:
    """The path of a workspace with a file."""
    made = f"/v2/workspaces/{alice.post('/v2/workspaces').get_json()['id']}"
    assert alice.put(f"{made}/files/main.tex", PAPER).status_code == 201
    return made


@pytest.fixture
def work(settings: Settings) -> Callable[[], bool]:
    """Do the next long task, as a worker of another process would."""
    made = parts_of(settings)
    habits = Habits(lease=timedelta(minutes=1), clock=clock, jitter=lambda: 0.0)
    return Worker(made.database, handlers_of(doors_of(core_of(made))), Lane.LONG, habits).run_next


def ask(client: FlaskClient, path: str, token: str | None = None, **headers: str) -> TestResponse:
    token = a_token("1") if token is None else token
    return client.get(path, headers={"Authorization": token, **headers})


def refusal(response: TestResponse) -> tuple[int, str]:
    assert response.mimetype == "application/problem+json"
    return response.status_code, response.get_json()["code"]


def promised(alice: Person, workspace: str, **headers: str) -> str:
    response = alice.post(f"{workspace}/check", headers={**ASYNC, **headers})
    assert response.status_code == 202, response.text
    return led_to(response)


def test_it_works(
    alice: Person, client: FlaskClient, workspace: str, work: Callable[[], bool]
) -> None:
    revision = alice.get(workspace).get_json()["revision"]

    path = promised(alice, workspace)
    waiting = ask(client, path)
    assert work()
    done = ask(client, path)

    assert (waiting.status_code, waiting.get_json()["state"]) == (200, "waiting")
    shown = done.get_json()
    assert (shown["kind"], shown["state"], shown["progress"]) == ("recheck", "done", 100)
    identity = int(workspace.rpartition("/")[2])
    assert shown["result"] == {"workspace_id": identity, "revision": revision + 1, "changes": 0}
    assert shown["error"] is None
    assert alice.get(workspace).get_json()["revision"] == revision + 1


def test_202_says_where_to_look_and_when(alice: Person, workspace: str) -> None:
    headers = {"Prefer": "wait=5, respond-async"}

    response = alice.post(f"{workspace}/check", headers=headers)

    shown = response.get_json()
    assert (response.status_code, shown["state"], shown["progress"]) == (202, "waiting", 0)
    assert led_to(response) == f"/jobs/{shown['id']}"
    assert response.headers["Retry-After"] == "1"
    assert response.headers["Preference-Applied"] == "respond-async"


def test_a_dry_run_is_answered_at_once(alice: Person, workspace: str) -> None:
    response = alice.post(f"{workspace}/check?dry_run=true", headers=ASYNC)

    assert response.status_code == 200


def test_a_job_is_polled_by_its_version(
    alice: Person, client: FlaskClient, workspace: str, work: Callable[[], bool]
) -> None:
    path = promised(alice, workspace)
    first = ask(client, path)
    known = {"If-None-Match": first.headers["ETag"]}

    unchanged = ask(client, path, **known)
    work()
    changed = ask(client, path, **known)

    assert (unchanged.status_code, unchanged.headers["Retry-After"]) == (304, "1")
    assert changed.status_code == 200
    assert "Retry-After" in first.headers
    assert "Retry-After" not in changed.headers


@pytest.mark.parametrize("suffix", ["", "/events"])
def test_a_job_is_its_owners(
    alice: Person, client: FlaskClient, workspace: str, suffix: str, work: Callable[[], bool]
) -> None:
    path = promised(alice, workspace)
    work()

    stranger = ask(client, path + suffix, a_token("3"))
    staff = ask(client, path + suffix, a_token("2", "upload:admin"))
    weak = ask(client, path + suffix, a_token("1", "upload:nothing"))

    assert refusal(stranger) == refusal(weak) == NO_JOB
    assert staff.status_code == 200


@pytest.mark.parametrize("path", [UNKNOWN, f"{UNKNOWN}/events", "/jobs/a", "/jobs/%C3%A4%00"])
def test_a_job_that_is_not_there(client: FlaskClient, path: str) -> None:
    assert refusal(ask(client, path)) == NO_JOB


def test_what_is_refused_now_promises_nothing(
    alice: Person, charlie: Person, workspace: str, settings: Settings
) -> None:
    stale = alice.post(f"{workspace}/check", headers={**ASYNC, "If-Match": '"0"'})
    stranger = charlie.post(f"{workspace}/check", headers=ASYNC)
    alice.post(f"{workspace}/lock")
    locked = alice.post(f"{workspace}/check", headers=ASYNC)

    assert refusal(stale) == (412, "workspace_changed")
    assert refusal(stranger) == (404, "workspace_not_found")
    assert refusal(locked) == (403, "workspace_locked")
    with parts_of(settings).database.read() as tx:
        assert [*tx.rows.of("outbox"), *tx.rows.of("jobs")] == []


def test_one_job_too_many_is_refused(alice: Person, workspace: str, settings: Settings) -> None:
    made = parts_of(settings)
    owner = core_of(made).verifier.caller(a_token("1"))
    service = JobService(made.database, clock)

    def fill(tx: Transaction) -> None:
        for _ in range(MAX_OPEN):
            service.promise(tx, owner, Task(kind="work"), rights_in(WorkspaceId(1)))

    made.database.write(fill)

    response = alice.post(f"{workspace}/check", headers=ASYNC)

    assert refusal(response) == (409, "too_many_jobs")
    with made.database.read() as tx:
        assert tx.rows.count("jobs") == tx.rows.count("outbox") == MAX_OPEN


def ended(client: FlaskClient, path: str) -> tuple[str, Any]:
    shown = ask(client, path).get_json()
    return shown["state"], shown["error"]


def test_the_state_is_looked_at_again_when_the_job_runs(
    alice: Person, client: FlaskClient, workspace: str, work: Callable[[], bool]
) -> None:
    path = promised(alice, workspace)
    alice.post(f"{workspace}/lock")
    before = alice.get(workspace).get_json()

    work()

    error = {"code": "workspace_locked", "detail": "upload workspace is locked."}
    assert ended(client, path) == ("failed", error)
    assert alice.get(workspace).get_json() == before


def test_the_revision_that_was_asked_for_is_looked_at_again(
    alice: Person, client: FlaskClient, workspace: str, work: Callable[[], bool]
) -> None:
    tag = alice.get(workspace).headers["ETag"]
    path = promised(alice, workspace, **{"If-Match": tag})
    alice.put(f"{workspace}/files/more.tex", PAPER)
    before = alice.get(workspace).get_json()

    work()

    state, error = ended(client, path)
    assert (state, error["code"]) == ("failed", "workspace_changed")
    assert alice.get(workspace).get_json() == before


def test_rights_are_looked_at_again_when_the_job_runs(
    client: FlaskClient, workspace: str, work: Callable[[], bool], settings: Settings
) -> None:
    database = parts_of(settings).database
    identity = int(workspace.rpartition("/")[2])
    payload = {"workspace_id": identity, "revision": None}
    task = Task(kind="recheck", lane=Lane.LONG, payload=payload)
    stranger = core_of(parts_of(settings)).verifier.caller(a_token("3"))
    service = JobService(database, clock)
    job = database.write(
        lambda tx: service.promise(tx, stranger, task, rights_in(WorkspaceId(identity)))
    )

    work()

    shown = ask(client, f"/jobs/{job.id}", a_token("3")).get_json()
    assert (shown["state"], shown["error"]["code"]) == ("failed", "not_owner")


def a_job(version: int = 0, state: JobState = JobState.RUNNING) -> Job:
    return Job(
        id=JobId("1" * 32),
        owner=Owner("arxiv:1"),
        kind="work",
        rights=rights_in(WorkspaceId(1)),
        state=state,
        version=version,
        created_at=START,
        changed_at=START,
    )


def a_stream(*seen: Job, clock: TurnedClock | None = None) -> Callable[..., Any]:
    """Answers with the events of a job that is *seen* like that, look after look."""
    clock = clock or TurnedClock()
    streams = EventStreams(clock, lambda seconds: clock.turn(timedelta(seconds=seconds)))
    looks = iter(seen)
    return lambda last=None: streams.answer(lambda: next(looks), last)


def ids(text: str) -> list[str]:
    return [line.removeprefix("id: ") for line in text.splitlines() if line.startswith("id: ")]


def test_events_show_each_version_once_and_end_with_the_job() -> None:
    versions = (1, 1, 2, 2, 3)
    seen = [a_job(one, JobState.DONE if one == 3 else JobState.RUNNING) for one in versions]

    response = a_stream(seen[0], *seen)()

    text = response.get_data(as_text=True)
    assert (response.status_code, response.mimetype) == (200, "text/event-stream")
    assert ids(text) == ["1", "2", "3"]
    assert text.startswith("retry: 1000\n\nid: 1\ndata: {")


def test_events_end_after_half_a_minute() -> None:
    clock = TurnedClock()

    text = a_stream(*[a_job(1)] * 40, clock=clock)().get_data(as_text=True)

    assert ids(text) == ["1"]
    assert clock.now - START == timedelta(seconds=30)


def test_who_has_seen_the_end_is_told_to_stop() -> None:
    seen, unseen = (
        a_stream(*[a_job(3, JobState.DONE)] * 2),
        a_stream(*[a_job(3, JobState.DONE)] * 2),
    )

    assert seen("3").status_code == 204
    assert ids(unseen("2").get_data(as_text=True)) == ["3"]


def test_one_stream_too_many_is_refused_until_another_ends() -> None:
    open_stream = a_stream(*[a_job()] * 20)
    streams = [open_stream() for _ in range(MAX_STREAMS)]

    with pytest.raises(TooManyStreams) as refused:
        open_stream()
    streams[0].close()

    assert refused.value.retry_after_seconds == 5
    assert open_stream().status_code == 200


def test_too_many_streams_are_503(alice: Person, client: FlaskClient, workspace: str) -> None:
    path = f"{promised(alice, workspace)}/events"
    opened = [ask(client, path) for _ in range(MAX_STREAMS)]

    refused = ask(client, path)

    assert refusal(refused) == (503, "too_many_streams")
    assert refused.headers["Retry-After"] == "5"
    for response in opened:
        response.close()
    with closing(ask(client, path)) as again:
        assert again.status_code == 200


def test_events_are_sent(
    alice: Person, client: FlaskClient, workspace: str, work: Callable[[], bool]
) -> None:
    path = promised(alice, workspace)
    work()
    version = ask(client, path).headers["ETag"].strip('"')

    response = ask(client, f"{path}/events")
    again = ask(client, f"{path}/events", **{"Last-Event-ID": version})

    assert ids(response.text) == [version]
    assert '"state":"done"' in response.text
    assert again.status_code == 204
