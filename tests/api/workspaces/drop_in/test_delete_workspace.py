"""DELETE /<id>: a workspace goes for good."""

import pytest

from builders.papers import PAPER
from people.answers import NO_URL, NO_WORKSPACE, answer, everything
from people.person import Person


def test_it_works(alice: Person, bob: Person) -> None:
    alice.create("main.tex", PAPER)

    response = alice.delete("/1")

    assert answer(response) == (200, {"reason": "deleted workspace"})
    assert everything(bob)["workspaces"] == []
    assert [one["id"] for one in everything(bob)["deleted"]] == [1]


def test_a_second_time_is_404(alice: Person, bob: Person) -> None:
    alice.create("main.tex", PAPER)
    alice.delete("/1")
    before = everything(bob)

    response = alice.delete("/1")

    assert answer(response) == NO_WORKSPACE
    assert everything(bob) == before


@pytest.mark.parametrize("state", ["lock", "release"])
def test_a_closed_workspace_can_be_deleted(alice: Person, state: str) -> None:
    alice.create("main.tex", PAPER)
    alice.post(f"/1/{state}")

    assert answer(alice.delete("/1")) == (200, {"reason": "deleted workspace"})


def test_its_number_is_not_given_again(alice: Person) -> None:
    alice.create("main.tex", PAPER)
    alice.delete("/1")

    assert alice.create("main.tex", PAPER)["upload_id"] == 2


@pytest.mark.parametrize("number", ["34+14", "-1", "1.0", "abc", "0x1"])
def test_what_is_no_number_is_an_unknown_path(alice: Person, number: str) -> None:
    assert answer(alice.delete(f"/{number}")) == NO_URL


def test_a_path_out_of_the_service_is_404(alice: Person) -> None:
    assert answer(alice.delete("/../../etc/passwd")) == NO_URL
