"""POST /<id>/release and /<id>/unrelease: no longer needed, and needed again."""

import pytest

from builders.papers import PAPER
from people.answers import DELETED, DENIED, NO_SESSION, NO_WORKSPACE, answer, everything
from people.person import Person


def test_it_works(alice: Person) -> None:
    checksum = alice.create("main.tex", PAPER)["checksum"]

    released = alice.post("/1/release")
    shown = alice.get("/1").get_json()["upload_status"]
    taken_back = alice.post("/1/unrelease")

    assert answer(released) == (200, {"reason": "released workspace"})
    assert shown == "RELEASED"
    assert answer(taken_back) == (200, {"reason": "unreleased workspace"})
    assert alice.get("/1").get_json()["upload_status"] == "ACTIVE"
    for response in (released, taken_back):
        assert response.headers["ETag"] == checksum
        assert response.headers["ARXIV-OWNER"] == "1"
        assert response.headers["Last-Modified"].endswith(" GMT")


@pytest.mark.parametrize("route", ["release", "unrelease"])
def test_a_second_time_changes_nothing(alice: Person, bob: Person, route: str) -> None:
    alice.create("main.tex", PAPER)
    alice.post(f"/1/{route}")
    before = everything(bob)

    response = alice.post(f"/1/{route}")

    assert answer(response) == (200, {"reason": f"{route}d workspace"})
    assert everything(bob) == before


def test_a_locked_workspace_can_be_released(alice: Person) -> None:
    alice.create("main.tex", PAPER)
    alice.post("/1/lock")

    assert alice.post("/1/release").status_code == 200


@pytest.mark.parametrize("route", ["release", "unrelease"])
def test_a_deleted_workspace_is_404(alice: Person, bob: Person, route: str) -> None:
    alice.create("main.tex", PAPER)
    alice.delete("/1")
    before = everything(bob)

    response = alice.post(f"/1/{route}")

    assert answer(response) == DELETED
    assert everything(bob) == before


@pytest.mark.parametrize("route", ["release", "unrelease"])
def test_no_token_is_401(alice: Person, anonymous: Person, bob: Person, route: str) -> None:
    alice.create("main.tex", PAPER)
    before = everything(bob)

    response = anonymous.post(f"/1/{route}")

    assert answer(response) == NO_SESSION
    assert everything(bob) == before


@pytest.mark.parametrize("route", ["release", "unrelease"])
def test_a_scope_too_few_is_403(alice: Person, nobody: Person, bob: Person, route: str) -> None:
    alice.create("main.tex", PAPER)
    before = everything(bob)

    response = nobody.post(f"/1/{route}")

    assert answer(response) == DENIED
    assert everything(bob) == before


@pytest.mark.parametrize("route", ["release", "unrelease"])
def test_a_stranger_is_403(alice: Person, charlie: Person, bob: Person, route: str) -> None:
    alice.create("main.tex", PAPER)
    before = everything(bob)

    response = charlie.post(f"/1/{route}")

    assert answer(response) == DENIED
    assert everything(bob) == before


@pytest.mark.parametrize("route", ["release", "unrelease"])
def test_an_unknown_workspace_is_404(alice: Person, route: str) -> None:
    assert answer(alice.post(f"/9999/{route}")) == NO_WORKSPACE
