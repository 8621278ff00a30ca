"""POST /<id>/lock, unlock, release, unrelease: changes are refused, and allowed again."""

import pytest

from builders.papers import PAPER
from people.answers import DELETED, Answer, answer, everything
from people.person import Person

THERE_AND_BACK = [
    ("lock_state", ("lock", "LOCKED"), ("unlock", "UNLOCKED")),
    ("upload_status", ("release", "RELEASED"), ("unrelease", "ACTIVE")),
]

DONE: dict[str, Answer] = {
    "lock": (200, {"reason": "locked workspace"}),
    "unlock": (200, {"reason": "unlocked workspace"}),
    "release": (200, {"reason": "released workspace"}),
    "unrelease": (200, {"reason": "unreleased workspace"}),
}

every_route = pytest.mark.parametrize("route", DONE)


@pytest.mark.parametrize(("field", "there", "back"), THERE_AND_BACK)
def test_it_works(alice: Person, field: str, there: tuple[str, str], back: tuple[str, str]) -> None:
    checksum = alice.create("main.tex", PAPER)["checksum"]

    for route, state in (there, back):
        response = alice.post(f"/1/{route}")

        assert answer(response) == DONE[route]
        assert alice.get("/1").get_json()[field] == state
        assert response.headers["ETag"] == checksum
        assert response.headers["ARXIV-OWNER"] == "1"
        assert response.headers["Last-Modified"].endswith(" GMT")


@every_route
def test_a_second_time_changes_nothing(alice: Person, bob: Person, route: str) -> None:
    alice.create("main.tex", PAPER)
    alice.post(f"/1/{route}")
    before = everything(bob)

    response = alice.post(f"/1/{route}")

    assert answer(response) == DONE[route]
    assert everything(bob) == before


@pytest.mark.parametrize(
    ("state", "route"), [("release", "lock"), ("release", "unlock"), ("lock", "release")]
)
def test_the_one_does_not_hinder_the_other(alice: Person, state: str, route: str) -> None:
    alice.create("main.tex", PAPER)
    alice.post(f"/1/{state}")

    assert answer(alice.post(f"/1/{route}")) == DONE[route]


@pytest.mark.parametrize(
    ("route", "wanted"),
    [
        ("lock", DONE["lock"]),
        ("unlock", DONE["unlock"]),
        ("release", DELETED),
        ("unrelease", DELETED),
    ],
)
def test_of_a_deleted_workspace(alice: Person, bob: Person, route: str, wanted: Answer) -> None:
    """A lock alone does something, as the original's does."""
    alice.create("main.tex", PAPER)
    alice.delete("/1")
    before = everything(bob)

    response = alice.post(f"/1/{route}")

    assert answer(response) == wanted
    assert (everything(bob) != before) == (route == "lock")
