"""POST /<id>/checkpoint: a name for the present state."""

import pytest

from builders.papers import PAPER
from people.answers import EMPTY, NO_WORKSPACE, answer, everything
from people.person import Person


def test_it_works(alice: Person) -> None:
    checksum = alice.create("main.tex", PAPER)["checksum"]

    response = alice.post("/1/checkpoint")

    assert answer(response) == (200, {"reason": "created checkpoint"})
    assert response.headers["ETag"] == checksum


def test_names_count_up_and_fill_gaps(alice: Person, bob: Person) -> None:
    alice.create("main.tex", PAPER)
    first = alice.post("/1/checkpoint").headers["ETag"]
    alice.upload("/1", "b.txt", b"b\n")
    alice.post("/1/checkpoint")
    bob.post("/1/checkpoint")
    alice.delete(f"/1/delete_checkpoint/{first}")

    alice.post("/1/checkpoint")

    listed = alice.get("/1/list_checkpoints").get_json()["checkpoints"]
    assert [one["name"] for one in listed] == [
        "checkpoint_2_theuser.tar.gz",
        "checkpoint_1_bob.tar.gz",
        "checkpoint_1_theuser.tar.gz",
    ]


def test_an_empty_workspace_is_400(alice: Person, bob: Person) -> None:
    alice.create("main.tex", PAPER)
    alice.post("/1/delete_all")
    before = everything(bob)

    response = alice.post("/1/checkpoint")

    assert answer(response) == EMPTY
    assert everything(bob) == before


@pytest.mark.parametrize("special", [{"max_checkpoints": 2}])
def test_one_beyond_the_limit_is_409(alice: Person, bob: Person) -> None:
    alice.create("main.tex", PAPER)
    alice.post("/1/checkpoint")
    alice.post("/1/checkpoint")
    before = everything(bob)

    response = alice.post("/1/checkpoint")

    assert answer(response) == (409, {"reason": "checkpoint limit reached"})
    assert everything(bob) == before


def test_ten_are_the_limit_unless_set_otherwise(alice: Person) -> None:
    alice.create("main.tex", PAPER)

    statuses = [alice.post("/1/checkpoint").status_code for _ in range(11)]

    assert statuses == [200] * 10 + [409]


def test_a_locked_workspace_can_be_named(alice: Person) -> None:
    alice.create("main.tex", PAPER)
    alice.post("/1/lock")

    assert alice.post("/1/checkpoint").status_code == 200


def test_a_deleted_workspace_is_404(alice: Person, bob: Person) -> None:
    alice.create("main.tex", PAPER)
    alice.delete("/1")
    before = everything(bob)

    response = alice.post("/1/checkpoint")

    assert answer(response) == NO_WORKSPACE
    assert everything(bob) == before
