"""POST /<id>/delete_all: every file goes."""

import pytest

from builders.papers import PAPER, a_tarball, members_of
from people.answers import LOCKED, NOT_ACTIVE, answer, everything
from people.person import Person


def test_it_works(alice: Person) -> None:
    alice.create("paper.tar.gz", a_tarball({"main.tex": PAPER, "anc/d.txt": b"d\n"}))

    response = alice.post("/1/delete_all")

    summary = response.get_json()
    assert response.status_code == 200
    assert summary.pop("reason") == "deleted all files"
    assert (summary["files"], summary["upload_total_size"]) == ([], 0)
    assert (summary["source_format"], summary["readiness"]) == ("invalid", "READY")
    assert summary == alice.get("/1").get_json()
    assert response.headers["ETag"] == summary["checksum"]
    assert members_of(alice.get("/1/content").data) == {}


def test_a_fault_of_the_whole_goes_too(alice: Person) -> None:
    judged = alice.create("strange.bin", bytes(range(256)))
    assert (judged["readiness"], judged["source_format"]) == ("ERRORS", "invalid")

    summary = alice.post("/1/delete_all").get_json()

    assert (summary["readiness"], summary["errors"]) == ("READY", [])


def test_checkpoints_and_the_log_stay(alice: Person) -> None:
    alice.create("main.tex", PAPER)
    alice.post("/1/checkpoint")

    alice.post("/1/delete_all")

    assert len(alice.get("/1/list_checkpoints").get_json()["checkpoints"]) == 1
    assert "Uploaded 'main.tex'" in alice.get("/1/log").text


def test_an_empty_workspace_is_emptied_again(alice: Person) -> None:
    alice.create("main.tex", PAPER)
    alice.post("/1/delete_all")

    assert alice.post("/1/delete_all").status_code == 200


@pytest.mark.parametrize(("state", "refusal"), [("lock", LOCKED), ("release", NOT_ACTIVE)])
def test_a_closed_workspace_refuses(
    alice: Person, bob: Person, state: str, refusal: object
) -> None:
    alice.create("main.tex", PAPER)
    alice.post(f"/1/{state}")
    before = everything(bob)

    response = alice.post("/1/delete_all")

    assert answer(response) == refusal
    assert everything(bob) == before
