"""POST and GET /<id>/restore_checkpoint/<checksum>: back to a named state."""

from typing import Any

import pytest

from builders.papers import PAPER, a_tarball
from people.answers import (
    LOCKED,
    NO_CHECKPOINT,
    NOT_ACTIVE,
    WRONG_METHOD,
    answer,
    everything,
)
from people.person import Person

SAME = ("checksum", "errors", "files", "readiness", "source_format", "upload_total_size")


def content_of(summary: dict[str, Any]) -> dict[str, Any]:
    """What a restored workspace shares with the one that was named."""
    return {key: summary[key] for key in SAME}


@pytest.fixture
def checksum(alice: Person) -> str:
    """Of a checkpoint of workspace 1, which has gone on since then."""
    files = {"main.tex": PAPER, "main.bib": b"@book{a}\n", "anc/d.txt": b"d\n"}
    alice.create("paper.tar.gz", a_tarball(files))
    named = alice.post("/1/checkpoint").headers["ETag"]
    alice.post("/1/delete_all")
    alice.upload("/1", "x.pdf", b"%PDF-1.5\n")
    return named


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_it_works(alice: Person, method: str) -> None:
    files = {"main.tex": PAPER, "main.bib": b"@book{a}\n", "anc/d.txt": b"d\n"}
    alice.create("paper.tar.gz", a_tarball(files))
    named = content_of(alice.get("/1").get_json())
    alice.post("/1/checkpoint")
    alice.post("/1/delete_all")
    alice.upload("/1", "x.pdf", b"%PDF-1.5\n")

    response = alice.call(method, f"/1/restore_checkpoint/{named['checksum']}")

    reason = f"Restored checkpoint '{named['checksum']}'"
    assert answer(response) == (200, {"reason": reason})
    assert content_of(alice.get("/1").get_json()) == named
    assert alice.head("/1/content").headers["ETag"] == named["checksum"]


def test_deleting_a_faulty_file_afterwards_clears_its_fault(alice: Person) -> None:
    files = {"main.tex": PAPER, "w.doc": b"words\n"}
    alice.create("paper.tar.gz", a_tarball(files))
    checksum = alice.post("/1/checkpoint").headers["ETag"]
    alice.post(f"/1/restore_checkpoint/{checksum}")

    summary = alice.delete("/1/w.doc").get_json()

    assert (summary["readiness"], summary["errors"]) == ("READY", [])


def test_checkpoints_and_the_log_stay(alice: Person, checksum: str) -> None:
    alice.post("/1/checkpoint")
    log = alice.get("/1/log").text

    alice.post(f"/1/restore_checkpoint/{checksum}")

    assert len(alice.get("/1/list_checkpoints").get_json()["checkpoints"]) == 2
    assert alice.get("/1/log").text.startswith(log)


def test_head_is_405_and_changes_nothing(alice: Person, bob: Person, checksum: str) -> None:
    before = everything(bob)

    response = alice.head(f"/1/restore_checkpoint/{checksum}")

    assert response.status_code == WRONG_METHOD[0]
    assert response.headers["Allow"] == "GET, POST"
    assert everything(bob) == before


@pytest.mark.parametrize("method", ["POST", "GET"])
@pytest.mark.parametrize("unknown", ["0981354098324", "%00", "..", "a" * 5000, "%ff"])
def test_an_unknown_checkpoint_is_404(
    alice: Person, bob: Person, checksum: str, method: str, unknown: str
) -> None:
    before = everything(bob)

    response = alice.call(method, f"/1/restore_checkpoint/{unknown}")

    assert checksum
    assert answer(response) == NO_CHECKPOINT
    assert everything(bob) == before


def test_a_checkpoint_of_another_workspace_is_404(
    alice: Person, bob: Person, checksum: str
) -> None:
    alice.create("other.tex", PAPER)
    before = everything(bob)

    response = alice.post(f"/2/restore_checkpoint/{checksum}")

    assert answer(response) == NO_CHECKPOINT
    assert everything(bob) == before


@pytest.mark.parametrize(("state", "refusal"), [("lock", LOCKED), ("release", NOT_ACTIVE)])
def test_a_closed_workspace_refuses(
    alice: Person, bob: Person, checksum: str, state: str, refusal: object
) -> None:
    alice.post(f"/1/{state}")
    before = everything(bob)

    response = alice.post(f"/1/restore_checkpoint/{checksum}")

    assert answer(response) == refusal
    assert everything(bob) == before
