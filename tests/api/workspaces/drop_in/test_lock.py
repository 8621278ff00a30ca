"""POST /<id>/lock and /<id>/unlock: changes are refused, and allowed again."""

import pytest

from builders.papers import PAPER
from people.answers import DENIED, NO_SESSION, NO_WORKSPACE, answer, everything
from people.person import Person


def test_it_works(alice: Person) -> None:
    checksum = alice.create("main.tex", PAPER)["checksum"]

    locked = alice.post("/1/lock")
    shown = alice.get("/1").get_json()["lock_state"]
    unlocked = alice.post("/1/unlock")

    assert answer(locked) == (200, {"reason": "locked workspace"})
    assert shown == "LOCKED"
    assert answer(unlocked) == (200, {"reason": "unlocked workspace"})
    assert alice.get("/1").get_json()["lock_state"] == "UNLOCKED"
    for response in (locked, unlocked):
        assert response.headers["ETag"] == checksum
        assert response.headers["ARXIV-OWNER"] == "1"
        assert response.headers["Last-Modified"].endswith(" GMT")


@pytest.mark.parametrize("route", ["lock", "unlock"])
def test_a_second_time_changes_nothing(alice: Person, bob: Person, route: str) -> None:
    alice.create("main.tex", PAPER)
    alice.post(f"/1/{route}")
    before = everything(bob)

    response = alice.post(f"/1/{route}")

    assert answer(response) == (200, {"reason": f"{route}ed workspace"})
    assert everything(bob) == before


@pytest.mark.parametrize("route", ["lock", "unlock"])
def test_a_released_workspace_can_be_locked(alice: Person, route: str) -> None:
    alice.create("main.tex", PAPER)
    alice.post("/1/release")

    assert alice.post(f"/1/{route}").status_code == 200


@pytest.mark.parametrize("route", ["lock", "unlock"])
def test_a_deleted_workspace_answers_as_ever(alice: Person, route: str) -> None:
    alice.create("main.tex", PAPER)
    alice.delete("/1")

    assert answer(alice.post(f"/1/{route}")) == (200, {"reason": f"{route}ed workspace"})


@pytest.mark.parametrize("route", ["lock", "unlock"])
def test_no_token_is_401(alice: Person, anonymous: Person, bob: Person, route: str) -> None:
    alice.create("main.tex", PAPER)
    before = everything(bob)

    response = anonymous.post(f"/1/{route}")

    assert answer(response) == NO_SESSION
    assert everything(bob) == before


@pytest.mark.parametrize("route", ["lock", "unlock"])
def test_a_scope_too_few_is_403(alice: Person, nobody: Person, bob: Person, route: str) -> None:
    alice.create("main.tex", PAPER)
    before = everything(bob)

    response = nobody.post(f"/1/{route}")

    assert answer(response) == DENIED
    assert everything(bob) == before


@pytest.mark.parametrize("route", ["lock", "unlock"])
def test_a_stranger_is_403(alice: Person, charlie: Person, bob: Person, route: str) -> None:
    alice.create("main.tex", PAPER)
    before = everything(bob)

    response = charlie.post(f"/1/{route}")

    assert answer(response) == DENIED
    assert everything(bob) == before


@pytest.mark.parametrize("route", ["lock", "unlock"])
def test_an_unknown_workspace_is_404(alice: Person, route: str) -> None:
    assert answer(alice.post(f"/9999/{route}")) == NO_WORKSPACE
