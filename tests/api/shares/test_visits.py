"""Shares that may be visited so often."""

import pytest
from werkzeug.test import TestResponse

from api.shares.conftest import Sharer
from people.guests import ShareGuest

TEXT = "f/notes/first%20note.txt"
PICTURE = "f/sub%20dir/b%20%C3%BC.tif"


@pytest.fixture
def guest(sharer: Sharer) -> ShareGuest:
    return sharer.share(max_visits=1)


def _elsewhere(guest: ShareGuest) -> ShareGuest:
    return ShareGuest(guest.client, guest.place, address="127.0.0.2")


def _follow(answer: TestResponse) -> str:
    """The place of the visit."""
    assert answer.status_code == 303, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    location = answer.headers["Location"]
    assert "../k/v" in location
    return "/k/" + location.partition("/k/")[2].partition("/")[0] + "/"


def _visits(sharer: Sharer) -> int:
    return int(sharer.call("GET", "/iris").get_json()["visits"])


def test_everything_of_one_visit_goes_on_at_one_place(sharer: Sharer, guest: ShareGuest) -> None:
    places = {_follow(guest.get(path)) for path in (TEXT, "urls.txt", "package.zip", TEXT)}

    (place,) = places
    resumed = guest.at(place).get(TEXT, headers={"Range": "bytes=4-"})
    assert (resumed.status_code, resumed.data) == (206, b"two three")
    assert guest.at(place).get(PICTURE).status_code == 302
    assert _visits(sharer) == 1


@pytest.mark.parametrize("headers", [{}, {"Range": "bytes=1-"}])
def test_a_second_visitor_is_told_that_it_is_used_up(
    sharer: Sharer, guest: ShareGuest, headers: dict[str, str]
) -> None:
    place = _follow(guest.get(TEXT))

    second = _elsewhere(guest).get(TEXT, headers=headers)
    borrowed = _elsewhere(guest).at(place).get(TEXT)

    assert (second.status_code, second.get_json()["code"]) == (410, "share_used_up")
    assert borrowed.status_code == 404
    assert _visits(sharer) == 1


@pytest.mark.parametrize("path", ["", "f/", "p/big.bin.pointer"])
def test_looking_is_free(sharer: Sharer, guest: ShareGuest, path: str) -> None:
    assert guest.get(path).status_code == 200
    assert guest.head(TEXT).status_code == 200
    assert guest.head("package.zip").status_code == 200
    assert _visits(sharer) == 0


def test_presigning_is_not_free(sharer: Sharer, guest: ShareGuest) -> None:
    first = guest.post("presign", json={"paths": ["big.bin", "README.md"]})
    second = _elsewhere(guest).post("presign", json={"paths": ["big.bin"]})

    assert (first.status_code, second.status_code) == (200, 410)
    assert "/k/v" in first.get_json()["urls"][1]["url"]
    assert _visits(sharer) == 1
