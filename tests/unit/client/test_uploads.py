"""Batches that are received: at once, as a job, or not at all."""

import pytest

from filemanager.client.errors import ClientError, Refused
from filemanager.client.uploads import Became, Uploads
from worlds.scripted import Scripted, Waits, an_upload_told, answered, connected, problem

A_B = {"revision": 4, "sent": "a b", "sent_sha256": "0", "path": "a_b", "sha256": "1"}
JOB = "/jobs/" + "1" * 32


def job(state: str, progress: int, error: object = None) -> dict[str, object]:
    return {"state": state, "progress": progress, "error": error}


def test_a_small_batch_is_received_at_once() -> None:
    service = Scripted(answered(told={}))

    Uploads(connected(service)).receive("b", lambda _: None)

    assert service.lines == ["POST /uploads/batches/b:receive"]


def test_a_large_batch_is_waited_for_and_watched() -> None:
    waits, seen = Waits(), list[int]()
    steps = [answered(told=job("running", 40)), answered(told=job("done", 100))]
    service = Scripted(answered(202, {}, Location=JOB), *steps)

    Uploads(connected(service, waits)).receive("b", seen.append)

    assert service.lines[1:] == [f"GET {JOB}"] * 2
    assert (seen, waits.seconds) == ([40, 100], [1.0])


@pytest.mark.parametrize(
    "location", [JOB, f"../../jobs/{JOB[6:]}", f"/fm{JOB}", f"https://files.test/fm{JOB}"]
)
def test_a_job_is_found_by_any_reference(location: str) -> None:
    service = Scripted(answered(202, {}, Location=location), answered(told=job("done", 100)))

    Uploads(connected(service)).receive("b", lambda _: None)

    assert service.lines[1:] == [f"GET {JOB}"]


@pytest.mark.parametrize(
    "location", ["tus/1", "/uploads/tus/1", "http://files.test/fm/uploads/tus/1"]
)
def test_an_upload_is_found_by_any_reference(location: str) -> None:
    service = Scripted(answered(201, Location=location, Upload_Offset="0"))

    assert Uploads(connected(service)).begin({"path": "a"}, 1).url == "/uploads/tus/1"


def test_a_batch_that_is_not_taken_is_a_refusal() -> None:
    why = {"code": "quota_exceeded", "detail": "Too much."}
    service = Scripted(answered(202, {}, Location=JOB), answered(told=job("failed", 0, why)))

    with pytest.raises(Refused, match=r"Too much\. \(quota_exceeded\)"):
        Uploads(connected(service)).receive("b", lambda _: None)


def test_the_uploads_of_a_batch_say_what_became_of_them() -> None:
    told = [
        an_upload_told(1, "a b", result=A_B),
        an_upload_told(2, "c", error={"code": "path_refused", "detail": "No."}),
    ]
    service = Scripted(answered(told={"uploads": told}))

    one, other = Uploads(connected(service)).of_batch("b")

    assert (one.changed, one.revision, one.error) == ([Became("a b", "0", "a_b", "1")], 4, None)
    assert (other.changed, other.revision, other.error) == ([], None, "No. (path_refused)")


def test_an_unknown_batch_has_no_uploads_and_what_is_gone_is_given_up() -> None:
    service = Scripted(problem(404, "upload_not_found"), problem(410, "upload_over"))
    uploads = Uploads(connected(service))

    assert uploads.of_batch("b") == ()
    uploads.give_up("/uploads/tus/1")


@pytest.mark.parametrize("location", ["", "/elsewhere/1", "/uploads/tus/", "/uploads/tus/../x"])
def test_an_answer_that_names_no_upload_is_told(location: str) -> None:
    service = Scripted(answered(201, Location=location, Upload_Offset="0"))

    with pytest.raises(ClientError, match="does not say"):
        Uploads(connected(service)).begin({"path": "a"}, 1)
