"""POST /<id>/checkpoint_with_upload: a name for the present state, then an upload."""

import pytest

from builders.papers import PAPER
from people.answers import (
    EMPTY,
    LOCKED,
    NOT_ACTIVE,
    answer,
    everything,
    paths,
)
from people.person import Person

ROUTE = "/1/checkpoint_with_upload"


def test_it_works(alice: Person) -> None:
    before = alice.create("main.tex", PAPER)["checksum"]

    response = alice.upload(ROUTE, "b.txt", b"b\n")

    listed = alice.get("/1/list_checkpoints").get_json()["checkpoints"]
    assert response.status_code == 201
    assert paths(response.get_json()) == ["main.tex", "b.txt"]
    assert response.headers["Location"] == "http://fooserver.localdomain/filemanager/api/1"
    assert [one["checksum"] for one in listed] == [before]


def test_an_ancillary_file_lies_under_anc(alice: Person) -> None:
    alice.create("main.tex", PAPER)

    summary = alice.upload(ROUTE, "b.txt", b"b\n", ancillary="True").get_json()

    assert paths(summary) == ["main.tex", "anc/b.txt"]


def test_an_empty_workspace_is_400(alice: Person, bob: Person) -> None:
    alice.create("main.tex", PAPER)
    alice.post("/1/delete_all")
    before = everything(bob)

    response = alice.upload(ROUTE, "b.txt", b"b\n")

    assert answer(response) == EMPTY
    assert everything(bob) == before


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("", b"b\n", "file argument missing filename or file not selected"),
        ("b.txt", b"", "file payload is zero length"),
    ],
)
def test_a_refused_upload_makes_no_checkpoint(
    alice: Person, bob: Person, name: str, data: bytes, reason: str
) -> None:
    alice.create("main.tex", PAPER)
    before = everything(bob)

    response = alice.upload(ROUTE, name, data)

    assert answer(response) == (400, {"reason": reason})
    assert everything(bob) == before


@pytest.mark.parametrize("special", [{"max_checkpoints": 1}])
def test_one_beyond_the_limit_is_409_and_adds_nothing(alice: Person, bob: Person) -> None:
    alice.create("main.tex", PAPER)
    alice.post("/1/checkpoint")
    before = everything(bob)

    response = alice.upload(ROUTE, "b.txt", b"b\n")

    assert answer(response) == (409, {"reason": "checkpoint limit reached"})
    assert everything(bob) == before


@pytest.mark.parametrize(("state", "refusal"), [("lock", LOCKED), ("release", NOT_ACTIVE)])
def test_a_closed_workspace_refuses_and_gets_no_checkpoint(
    alice: Person, bob: Person, state: str, refusal: object
) -> None:
    alice.create("main.tex", PAPER)
    alice.post(f"/1/{state}")
    before = everything(bob)

    response = alice.upload(ROUTE, "b.txt", b"b\n")

    assert answer(response) == refusal
    assert everything(bob) == before
