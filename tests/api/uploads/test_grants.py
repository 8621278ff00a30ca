"""POST /uploads/grants, and what follows: files that are put straight into the store."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from builders.papers import PAPER, a_tarball, a_token, a_zip
from filemanager.domain.ids import digest_of
from filemanager.domain.jobs.job import Lane
from filemanager.factory.application import doors_of, handlers_of
from filemanager.factory.core import core_of
from filemanager.factory.parts import clock, parts_of
from filemanager.jobs.worker import Habits, Worker
from filemanager.settings.service import Settings
from people.following import led_to
from people.granting import GRANTS, V2, Sender, a_file, a_sender
from people.person import Person

UNKNOWN = f"{GRANTS}/{'0' * 32}"
SCOPES = ("upload:read", "upload:create", "upload:update", "upload:delete_workspace")


@pytest.fixture
def sender(client: FlaskClient) -> Sender:
    return a_sender(client, a_token("1"))


@pytest.fixture
def stranger(sender: Sender) -> Sender:
    """Charlie, who asks for what is Alice's."""
    return replace(sender, token=a_token("3"))


@pytest.fixture
def work(settings: Settings) -> Callable[[], bool]:
    """Do the next long task, as a worker of another process would."""
    made = parts_of(settings)
    habits = Habits(lease=timedelta(minutes=1), clock=clock, jitter=lambda: 0.0)
    return Worker(made.database, handlers_of(doors_of(core_of(made))), Lane.LONG, habits).run_next


def refusal(response: TestResponse) -> tuple[int, str]:
    assert response.mimetype == "application/problem+json", response.text
    return response.status_code, response.get_json()["code"]


def test_it_works(sender: Sender) -> None:
    begun = sender.begin(a_file("a.txt"), a_file("b/c.tex", PAPER, type="text/x-tex"))
    first, second = begun.get_json()["files"]
    before = sender.revision

    puts = [sender.put(first, b"hello"), sender.put(second, PAPER)]
    done = sender.complete(led_to(begun))

    assert begun.status_code == 201
    assert second["put"]["headers"]["Content-Type"] == "text/x-tex"
    assert puts == [200, 200]
    assert (done.status_code, done.get_json()["state"]) == (200, "received")
    assert [one["result"]["path"] for one in done.get_json()["files"]] == ["a.txt", "b/c.tex"]
    assert sender.files == {"a.txt": b"hello", "b/c.tex": PAPER}
    assert sender.revision == before + 1


def test_to_complete_again_changes_nothing(sender: Sender) -> None:
    path = sender.sent({"a.txt": b"hello"})
    first = sender.complete(path)
    revision = sender.revision

    again = sender.complete(path)

    assert (again.status_code, again.get_json()) == (200, first.get_json())
    assert sender.revision == revision


def test_an_archive_is_unpacked_unless_told(sender: Sender) -> None:
    archive = a_tarball({"x/one.txt": b"1", "x/two.txt": b"2"})
    kept = sender.begun(a_file("whole.tar.gz", archive), unpack=False)
    sender.put(kept["files"][0], archive)
    sender.complete(f"{GRANTS}/{kept['id']}")
    opened = sender.begun(a_file("open.tar.gz", archive))

    done = sender.complete(f"{GRANTS}/{opened['id']}")

    assert opened["files"] == [{"path": "open.tar.gz", "exists": True}]
    assert done.status_code == 200
    assert set(sender.files) == {"whole.tar.gz", "x/one.txt", "x/two.txt"}


def test_a_document_is_unpacked_only_where_that_is_asked(sender: Sender) -> None:
    array = a_zip({"arr_0.npy": b"x\n"})
    for name, wish in (("kept.npz", {}), ("open.npz", {"unpack": True})):
        grant = sender.begun(a_file(name, array), **wish)
        if "put" in grant["files"][0]:
            sender.put(grant["files"][0], array)
        sender.complete(f"{GRANTS}/{grant['id']}")

    assert set(sender.files) == {"kept.npz", "arr_0.npy"}


def test_a_file_is_not_taken_for_the_member_that_gave_way_to_it(sender: Sender) -> None:
    archive = a_zip({"data.csv": b"2\n"})
    grant = sender.begun(a_file("data.csv", b"1\n"), a_file("in.zip", archive))
    sender.put(grant["files"][0], b"1\n")
    sender.put(grant["files"][1], archive)

    done = sender.complete(f"{GRANTS}/{grant['id']}").get_json()

    assert [one["result"]["path"] for one in done["files"]] == ["data.csv", None]
    assert sender.files == {"data.csv": b"1\n", "data_1.csv": b"2\n"}


def test_the_state_is_shown(sender: Sender) -> None:
    grant = sender.begun(a_file("a"), a_file("b"))
    sender.put(grant["files"][0], b"hello")

    shown = sender.ask("GET", f"{GRANTS}/{grant['id']}").get_json()

    assert (shown["state"], shown["workspace"]) == ("open", sender.workspace)
    assert [(one["path"], one["arrived"]) for one in shown["files"]] == [("a", True), ("b", False)]


@pytest.mark.parametrize("workspace", [None, 999_999])
def test_without_the_scope_nothing_begins(sender: Sender, workspace: int | None) -> None:
    reader = replace(sender, token=a_token("1", "upload:read"))

    response = replace(reader, workspace=workspace or sender.workspace).begin()

    assert refusal(response) == (403, "insufficient_scope")


def test_a_stranger_learns_nothing_of_the_workspace(stranger: Sender) -> None:
    unknown = replace(stranger, workspace=999_999).begin()

    response = stranger.begin()

    assert refusal(response) == refusal(unknown) == (404, "workspace_not_found")


def test_a_scope_for_the_workspace_is_enough(sender: Sender) -> None:
    bound = replace(sender, token=a_token("3", f"upload:update:{sender.workspace}"))
    path = bound.sent({"a.txt": b"hello"})

    done = bound.complete(path)

    assert done.status_code == 200, done.text
    assert sender.files == {"a.txt": b"hello"}


@pytest.mark.parametrize(
    ("method", "rest"),
    [
        ("GET", ""),
        ("POST", ":complete"),
        ("POST", ":abandon"),
        ("POST", "/files/0/put"),
        ("POST", "/files/0/parts"),
    ],
)
def test_a_grant_is_its_owners(sender: Sender, stranger: Sender, method: str, rest: str) -> None:
    path = sender.sent({"a.txt": b"hello"})
    body = {"parts": [{"number": 1}]} if rest.endswith("parts") else None

    asked = stranger.ask(method, f"{path}{rest}", json=body)
    unknown = sender.ask(method, f"{UNKNOWN}{rest}", json=body)
    odd = sender.ask(method, f"{GRANTS}/x{rest}", json=body)
    nobody = replace(sender, token=None).ask(method, f"{path}{rest}", json=body)

    assert asked.status_code == unknown.status_code == odd.status_code == 404
    assert refusal(nobody) == (401, "no_session")
    assert sender.complete(path).status_code == 200


@pytest.mark.parametrize(
    ("file", "pointer"),
    [
        ({"size": -1}, "/files/0/size"),
        ({"sha256": "00"}, "/files/0/sha256"),
        ({"path": ""}, "/files/0/path"),
        ({"type": "text/plain\r\nX: y"}, "/files/0/type"),
        ({"more": 1}, "/files/0/more"),
    ],
)
def test_a_malformed_file_is_422(sender: Sender, file: dict[str, object], pointer: str) -> None:
    response = sender.begin({**a_file(), **file})

    assert refusal(response) == (422, "malformed_request")
    assert [one["pointer"] for one in response.get_json()["errors"]] == [pointer]


def test_as_many_files_as_one_may_name(sender: Sender) -> None:
    many = [a_file(f"{'x' * 200}/{number}") for number in range(1000)]

    enough = sender.begin(*many)
    too_many = sender.begin(*many, a_file("one more"))
    none = sender.ask("POST", GRANTS, json={"workspace": sender.workspace, "files": []})

    assert enough.status_code == 201
    assert refusal(too_many) == refusal(none) == (422, "malformed_request")


@pytest.mark.parametrize(
    ("paths", "code"),
    [
        (("a", "a"), "path_twice"),
        (("e\u0301", "\u00e9"), "path_twice"),
        (("../a",), "path_refused"),
    ],
)
def test_paths_that_cannot_be_are_refused(
    sender: Sender, paths: tuple[str, ...], code: str
) -> None:
    response = sender.begin(*(a_file(path) for path in paths))

    assert refusal(response) == (400, code)


@pytest.mark.parametrize("special", [{"max_workspace_bytes": 8191}])
def test_room_is_reserved_and_given_back(sender: Sender) -> None:
    first = sender.begun()

    refused = sender.begin()
    sender.ask("POST", f"{GRANTS}/{first['id']}:abandon")
    allowed = sender.begin()

    assert refusal(refused) == (413, "quota_exceeded")
    assert "4096 of them are used or reserved, and 4096 more" in refused.get_json()["detail"]
    assert allowed.status_code == 201


@pytest.mark.parametrize("special", [{"max_upload_bytes": 4}])
def test_a_file_that_is_too_large_is_refused(sender: Sender) -> None:
    assert refusal(sender.begin()) == (413, "upload_too_large")


@pytest.mark.parametrize("special", [{"max_open_uploads": 1}])
def test_open_uploads_are_bounded(sender: Sender) -> None:
    assert refusal(sender.begin(a_file("a"), a_file("b"))) == (429, "too_many_uploads")


@pytest.mark.parametrize("special", [{"max_workspace_bytes": 10 * 4096, "threads": 100}])
def test_fifty_at_once_get_no_more_than_there_is_room_for(app: Flask, sender: Sender) -> None:
    senders = [replace(sender, client=app.test_client()) for _ in range(50)]

    with ThreadPoolExecutor(50) as threads:
        answers = list(threads.map(lambda one: one.begin(), senders))

    codes = [answer.status_code for answer in answers]
    assert (codes.count(201), codes.count(413)) == (10, 40)


def test_what_one_can_read_is_not_put_again(sender: Sender) -> None:
    sender.complete(sender.sent({"a.txt": b"hello"}))

    again = sender.begun(a_file("copy.txt"))
    done = sender.complete(f"{GRANTS}/{again['id']}")

    assert again["files"] == [{"path": "copy.txt", "exists": True}]
    assert done.status_code == 200
    assert sender.files == {"a.txt": b"hello", "copy.txt": b"hello"}


@pytest.mark.parametrize(
    "scopes",
    [("upload:create", "upload:update"), ("upload:create", "upload:update", "upload:read:7777")],
)
def test_who_may_not_read_it_is_not_told_that_it_exists(
    sender: Sender, scopes: tuple[str, ...]
) -> None:
    sender.complete(sender.sent({"a.txt": b"hello"}))

    (file,) = replace(sender, token=a_token("1", *scopes)).begun(a_file("copy.txt"))["files"]

    assert "put" in file


def test_to_know_a_digest_opens_nothing(sender: Sender, client: FlaskClient) -> None:
    sender.complete(sender.sent({"a.txt": b"hello"}))
    charlie = a_sender(client, a_token("3"))

    grant = charlie.begun()
    refused = charlie.complete(f"{GRANTS}/{grant['id']}")

    assert "put" in grant["files"][0]
    assert refusal(refused) == (409, "upload_incomplete")
    assert charlie.files == {}


def test_another_size_is_not_the_same_file(sender: Sender) -> None:
    sender.complete(sender.sent({"a.txt": b"hello"}))

    (file,) = sender.begun({**a_file("copy.txt"), "size": 6})["files"]

    assert "put" in file


def test_what_exists_no_more_is_put_after_all(sender: Sender) -> None:
    sender.complete(sender.sent({"a.txt": b"hello"}))
    grant = sender.begun(a_file("copy.txt"))
    path = f"{GRANTS}/{grant['id']}"
    sender.ask("DELETE", f"{V2}/{sender.workspace}/files/a.txt")

    refused = sender.complete(path)
    leave = sender.ask("POST", f"{path}/files/0/put").get_json()
    put = sender.put({"put": leave}, b"hello")
    done = sender.complete(path)

    assert refusal(refused) == (409, "upload_incomplete")
    assert "copy.txt" in refused.get_json()["detail"]
    assert (put, done.status_code) == (200, 200)
    assert sender.files == {"copy.txt": b"hello"}


def lock(sender: Sender) -> None:
    sender.ask("POST", f"{V2}/{sender.workspace}/lock", json={})


def delete(sender: Sender) -> None:
    assert sender.ask("DELETE", f"{V2}/{sender.workspace}").status_code == 204


@pytest.mark.parametrize(
    ("between", "wanted"),
    [(lock, (403, "workspace_locked")), (delete, (403, "workspace_not_active"))],
)
def test_the_state_is_looked_at_again(
    sender: Sender, between: Callable[[Sender], None], wanted: tuple[int, str]
) -> None:
    path = sender.sent({"a.txt": b"hello"})
    between(sender)

    refused = sender.complete(path)

    assert refusal(refused) == wanted
    assert refusal(sender.complete(path)) == wanted


def test_a_lost_scope_is_looked_at_again(sender: Sender) -> None:
    path = sender.sent({"a.txt": b"hello"})
    lesser = replace(sender, token=a_token("1", "upload:read"))

    refused = lesser.complete(path)

    assert refusal(refused) == (404, "grant_not_found")
    assert sender.files == {}
    assert sender.complete(path).status_code == 200


def test_a_locked_workspace_gives_no_leave(sender: Sender) -> None:
    lock(sender)

    assert refusal(sender.begin()) == (403, "workspace_locked")


def test_a_job_receives_what_is_asked_to_wait(sender: Sender, work: Callable[[], bool]) -> None:
    path = sender.sent({"a.txt": b"hello"})

    promised = sender.complete(path, headers={"Prefer": "respond-async"})
    again = sender.complete(path)
    before = sender.files
    assert work()
    done = sender.complete(path)

    assert (promised.status_code, again.status_code) == (202, 202)
    assert promised.headers["Preference-Applied"] == "respond-async"
    assert led_to(again) == led_to(promised)
    assert (before, sender.files) == ({}, {"a.txt": b"hello"})
    assert sender.ask("GET", led_to(promised)).get_json()["state"] == "done"
    job = f"http://fooserver.localdomain{led_to(promised)}"
    assert (done.status_code, done.get_json()["job"]) == (200, job)


def test_a_received_grant_is_not_abandoned(sender: Sender) -> None:
    path = sender.sent({"a.txt": b"hello"})
    sender.complete(path)

    refused = sender.ask("POST", f"{path}:abandon")

    assert refusal(refused) == (410, "upload_over")
    assert sender.files == {"a.txt": b"hello"}


def test_a_new_url_takes_the_place_of_the_first(sender: Sender) -> None:
    grant = sender.begun()
    leave = sender.ask("POST", f"{GRANTS}/{grant['id']}/files/0/put").get_json()

    first = sender.put(grant["files"][0], b"hello")
    second = sender.put({"put": leave}, b"hello")
    third = sender.ask("POST", f"{GRANTS}/{grant['id']}/files/0/put")

    assert (first, second) == (404, 200)
    assert refusal(third) == (409, "leave_used")


@pytest.mark.parametrize("number", [1, 1000, 2**63])
def test_a_file_that_was_not_named_has_no_url(sender: Sender, number: int) -> None:
    grant = sender.begun()

    asked = sender.ask("POST", f"{GRANTS}/{grant['id']}/files/{number}/put")

    assert refusal(asked) == (404, "upload_not_found")


def asked_parts(sender: Sender, grant: dict[str, Any], *numbers: int) -> TestResponse:
    body = {"parts": [{"number": number} for number in numbers]}
    return sender.ask("POST", f"{GRANTS}/{grant['id']}/files/0/parts", json=body)


def test_a_large_file_has_parts_and_a_small_one_none(sender: Sender) -> None:
    large = sender.begun({**a_file(), "size": 64 << 20})
    small = sender.begun({**a_file(), "size": (64 << 20) - 1})

    whole = sender.ask("POST", f"{GRANTS}/{large['id']}/files/0/put")

    assert large["files"][0]["multipart"] == {"part_size": 16 << 20, "parts": 4}
    assert [one["number"] for one in asked_parts(sender, large, 4, 1).get_json()["parts"]] == [4, 1]
    assert refusal(asked_parts(sender, large, 5)) == (400, "part_unknown")
    assert refusal(asked_parts(sender, large, 0)) == (422, "malformed_request")
    assert refusal(asked_parts(sender, small, 1)) == (409, "not_in_parts")
    assert refusal(whole) == (409, "put_in_parts")


def test_a_request_that_is_sent_again_begins_nothing_more(sender: Sender) -> None:
    key = {"Idempotency-Key": '"one"'}
    body = {"workspace": sender.workspace, "files": [a_file()]}
    first = sender.ask("POST", GRANTS, json=body, headers=key).get_json()

    again = sender.ask("POST", GRANTS, json=body, headers=key).get_json()

    assert again["id"] == first["id"]
    assert again["files"][0]["put"]["url"] != first["files"][0]["put"]["url"]
    assert sender.put(again["files"][0], b"hello") == 200
    assert sender.complete(f"{GRANTS}/{first['id']}").status_code == 200


def test_ids_of_grants_are_no_secrets_of_the_store(alice: Person, sender: Sender) -> None:
    """Digests and ids alone put nothing."""
    grant = sender.begun()

    guessed = alice.client.put(f"/uploads/direct/{grant['id']}", data=b"hello")

    assert refusal(guessed) == (404, "leave_not_found")
    assert digest_of(b"hello") not in grant["files"][0]["put"]["url"]
