"""DELETE /<id>/delete_checkpoint/<checksum>, POST /<id>/delete_all_checkpoints."""

import pytest

from builders.papers import PAPER
from people.answers import NO_CHECKPOINT, answer, everything
from people.person import Person

ROUTES = [("DELETE", "/1/delete_checkpoint/{}"), ("POST", "/1/delete_all_checkpoints")]


@pytest.fixture
def checksum(alice: Person) -> str:
    """Of a checkpoint of workspace 1."""
    alice.create("main.tex", PAPER)
    return alice.post("/1/checkpoint").headers["ETag"]


def count(alice: Person) -> int:
    return len(alice.get("/1/list_checkpoints").get_json()["checkpoints"])


def test_it_works(alice: Person, checksum: str) -> None:
    response = alice.delete(f"/1/delete_checkpoint/{checksum}")

    assert answer(response) == (200, {"reason": f"Deleted checkpoint '{checksum}'"})
    assert count(alice) == 0


def test_of_two_with_equal_content_the_first_goes(alice: Person, checksum: str) -> None:
    alice.post("/1/checkpoint")

    alice.delete(f"/1/delete_checkpoint/{checksum}")

    listed = alice.get("/1/list_checkpoints").get_json()["checkpoints"]
    assert [one["name"] for one in listed] == ["checkpoint_2_theuser.tar.gz"]


def test_a_gone_one_is_404(alice: Person, bob: Person, checksum: str) -> None:
    alice.delete(f"/1/delete_checkpoint/{checksum}")
    before = everything(bob)

    response = alice.delete(f"/1/delete_checkpoint/{checksum}")

    assert answer(response) == NO_CHECKPOINT
    assert everything(bob) == before


def test_all_of_them_go(alice: Person, checksum: str) -> None:
    alice.post("/1/checkpoint")

    response = alice.post("/1/delete_all_checkpoints")

    assert checksum
    assert answer(response) == (200, {"reason": "Deleted all checkpoints."})
    assert count(alice) == 0


def test_all_of_none_is_no_error(alice: Person) -> None:
    alice.create("main.tex", PAPER)

    response = alice.post("/1/delete_all_checkpoints")

    assert answer(response) == (200, {"reason": "Deleted all checkpoints."})


@pytest.mark.parametrize(("method", "route"), ROUTES)
def test_the_files_stay(alice: Person, checksum: str, method: str, route: str) -> None:
    before = alice.get("/1").get_json()

    alice.call(method, route.format(checksum))

    assert alice.get("/1").get_json() == before
