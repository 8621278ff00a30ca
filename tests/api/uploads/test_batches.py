"""/uploads: what is on its way, and batches that are received together."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from builders.papers import a_token
from filemanager.domain.jobs.job import Lane
from filemanager.factory.application import doors_of, handlers_of
from filemanager.factory.core import core_of
from filemanager.factory.parts import clock, parts_of
from filemanager.jobs.worker import Habits, Worker
from filemanager.settings.service import Settings
from people.following import led_to, next_of
from people.person import Person
from people.tus_uploader import TUS, Uploader, metadata, refusal

NO_UPLOAD = (404, "upload_not_found")
UNKNOWN = "0" * 32
FOLDER = "/uploads/batches/folder"
FILES = {"a.txt": b"one\n", "d/b.txt": b"two\n"}


@pytest.fixture
def uploader(alice: Person, client: FlaskClient) -> Uploader:
    """Alice, at a workspace of hers that takes any files."""
    made = alice.post("/v2/workspaces", json={"profile": "generic"}).get_json()["id"]
    return Uploader(client, a_token("1"), made)


@pytest.fixture
def stranger(uploader: Uploader, client: FlaskClient) -> Uploader:
    return Uploader(client, a_token("3"), uploader.workspace)


@pytest.fixture
def folder(uploader: Uploader) -> str:
    """The URL of a batch whose files have all come."""
    for path, data in FILES.items():
        assert uploader.send(data, path=path, batch="folder").status_code == 204
    return FOLDER


@pytest.fixture
def work(settings: Settings) -> Callable[[], bool]:
    """Do the next long task, as a worker of another process would."""
    made = parts_of(settings)
    habits = Habits(lease=timedelta(minutes=1), clock=clock, jitter=lambda: 0.0)
    return Worker(made.database, handlers_of(doors_of(core_of(made))), Lane.LONG, habits).run_next


def test_it_works(uploader: Uploader, folder: str) -> None:
    before = uploader.files()

    received = uploader.call("POST", f"{folder}:receive")

    shown = received.get_json()
    assert before == {}
    assert (received.status_code, shown["id"]) == (200, "folder")
    assert {one["state"] for one in shown["uploads"]} == {"received"}
    assert {one["path"]: one["result"]["path"] for one in shown["uploads"]} == dict(
        zip(FILES, FILES, strict=True)
    )
    assert {one["result"]["revision"] for one in shown["uploads"]} == {1}
    assert uploader.files() == FILES


def test_asked_again_it_answers_the_same(uploader: Uploader, folder: str) -> None:
    first = uploader.call("POST", f"{folder}:receive")
    second = uploader.call("POST", f"{folder}:receive")

    assert (first.status_code, second.status_code) == (200, 200)
    assert first.get_json() == second.get_json()


def test_a_batch_waits_for_what_is_missing(uploader: Uploader, folder: str) -> None:
    uploader.begin(3, path="late.txt", batch="folder")

    refused = uploader.call("POST", f"{folder}:receive")

    assert refusal(refused) == (409, "upload_incomplete")
    assert "late.txt" in refused.get_json()["detail"]
    assert uploader.files() == {}


def test_a_batch_may_become_a_job(
    uploader: Uploader, folder: str, work: Callable[[], bool]
) -> None:
    promised = uploader.call("POST", f"{folder}:receive", Prefer="respond-async")
    meanwhile = uploader.call("POST", f"{folder}:receive")
    states = {one["state"] for one in uploader.call("GET", folder).get_json()["uploads"]}
    assert work()

    job = uploader.call("GET", led_to(promised)).get_json()
    assert (promised.status_code, promised.headers["Preference-Applied"]) == (202, "respond-async")
    assert led_to(meanwhile) == led_to(promised)
    assert states == {"receiving"}
    assert (job["kind"], job["state"], len(job["result"]["uploads"])) == ("receive", "done", 2)
    assert uploader.call("POST", f"{folder}:receive").status_code == 200
    assert uploader.files() == FILES


def test_a_job_that_was_refused_leaves_the_batch_to_be_received_later(
    uploader: Uploader, folder: str, work: Callable[[], bool], alice: Person
) -> None:
    promised = uploader.call("POST", f"{folder}:receive", Prefer="respond-async")
    alice.post(f"/{uploader.workspace}/lock")
    assert work()
    alice.post(f"/{uploader.workspace}/unlock")

    job = uploader.call("GET", led_to(promised)).get_json()
    assert (job["state"], job["error"]["code"]) == ("failed", "workspace_locked")
    assert uploader.call("POST", f"{folder}:receive").status_code == 200
    assert uploader.files() == FILES


def test_a_batch_goes_to_one_place(uploader: Uploader, folder: str, alice: Person) -> None:
    other = alice.post("/v2/workspaces").get_json()["id"]

    refused = uploader.create(3, workspace=other, batch="folder")

    assert refusal(refused) == (409, "batch_elsewhere")
    assert len(uploader.call("GET", folder).get_json()["uploads"]) == 2


def test_nothing_joins_a_batch_that_was_received(uploader: Uploader, folder: str) -> None:
    uploader.call("POST", f"{folder}:receive")

    assert refusal(uploader.create(3, batch="folder")) == (409, "batch_closed")
    assert len(uploader.call("GET", folder).get_json()["uploads"]) == 2


def test_the_files_of_a_batch_may_be_put_together_of_parts(uploader: Uploader, folder: str) -> None:
    wanted = metadata({"workspace": uploader.workspace, "filename": "c.txt", "batch": "folder"})
    joined = f"final;{uploader.part(b'thr')} {uploader.part(b'ee')}"
    uploader.tus("POST", TUS, Upload_Concat=joined, Upload_Metadata=wanted)
    before = uploader.files()

    received = uploader.call("POST", f"{folder}:receive")

    assert (before, received.status_code) == ({}, 200)
    assert uploader.files() == {**FILES, "c.txt": b"three"}


@pytest.mark.parametrize("batch", ["nothing", "a%00b", "%C3%A4", "x" * 65])
def test_a_batch_that_is_not_there(uploader: Uploader, batch: str) -> None:
    assert refusal(uploader.call("GET", f"/uploads/batches/{batch}")) == NO_UPLOAD
    assert refusal(uploader.call("POST", f"/uploads/batches/{batch}:receive")) == NO_UPLOAD


def test_a_batch_is_its_owners(uploader: Uploader, folder: str, stranger: Uploader) -> None:
    assert refusal(stranger.call("GET", folder)) == NO_UPLOAD
    assert refusal(stranger.call("POST", f"{folder}:receive")) == NO_UPLOAD
    assert uploader.files() == {}


def test_a_token_without_the_scope_receives_nothing(
    uploader: Uploader, folder: str, client: FlaskClient
) -> None:
    reader = Uploader(client, a_token("1", "upload:read"))

    refused = reader.call("POST", f"{folder}:receive")

    assert refusal(refused) == (404, "upload_not_found")
    assert uploader.files() == {}


def test_an_upload_is_shown_to_its_owner(uploader: Uploader, stranger: Uploader) -> None:
    url = uploader.begin(14).replace(TUS, "/uploads")

    shown = uploader.call("GET", url)
    again = uploader.call("GET", url, If_None_Match=shown.headers["ETag"])

    found = shown.get_json()
    assert (found["state"], found["size_bytes"], found["received_bytes"]) == ("open", 14, 0)
    assert (found["batch"], found["result"], found["error"]) == (found["id"], None, None)
    assert again.status_code == 304
    assert refusal(stranger.call("GET", url)) == NO_UPLOAD
    assert refusal(uploader.call("GET", f"/uploads/{UNKNOWN}")) == NO_UPLOAD


def test_unfinished_uploads_are_listed_in_pages(uploader: Uploader, stranger: Uploader) -> None:
    begun = {uploader.begin(3, f"{number}.txt").removeprefix(f"{TUS}/") for number in range(3)}
    uploader.send(b"abc", "done.txt")

    first = uploader.call("GET", "/uploads?limit=2")
    second = uploader.call("GET", next_of(first))

    ids = [one["id"] for page in (first, second) for one in page.get_json()["uploads"]]
    assert (set(ids), len(ids)) == (begun, 3)
    assert "Link" not in second.headers
    assert stranger.call("GET", "/uploads").get_json() == {"uploads": []}


@pytest.mark.parametrize("query", ["limit=0", "limit=1001", "cursor=x", "cursor=MQ==", "more=1"])
def test_a_list_that_cannot_be_asked_for(uploader: Uploader, query: str) -> None:
    assert uploader.call("GET", f"/uploads?{query}").status_code == 422
