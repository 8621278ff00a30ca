"""My packages."""

import pytest

from people.surfers import Surfer
from web.packages.conftest import HARM, Shelf


def test_mine_are_listed(shelf: Shelf) -> None:
    shown = shelf.surfer.get("/packages").text

    assert f'href="packages/{shelf.id}"' in shown
    assert "On rings &lt;script&gt;" in shown
    assert HARM not in shown


def test_nobody_elses_are_listed(shelf: Shelf, mallory: Surfer) -> None:
    assert shelf.id not in mallory.get("/packages").text


def test_a_long_list_has_pages(shelf: Shelf) -> None:
    for number in range(100):
        shelf.api.create(f"Study {number:03}")

    first = shelf.surfer.get("/packages").text
    more = first.partition('rel="next" href="')[2].partition('"')[0]

    assert "Study 098" in first
    assert "Study 099" not in first
    assert "Study 099" in shelf.surfer.get(f"/packages{more}").text


def test_one_is_made_by_a_form(shelf: Shelf) -> None:
    answer = shelf.surfer.send("/packages", {"name": " On fields "})

    made = shelf.api.json()["packages"][-1]
    assert (answer.status_code, answer.headers["Location"]) == (303, f"packages/{made['id']}")
    assert made["name"] == "On fields"


@pytest.mark.parametrize("name", ["", "x" * 201], ids=["without", "too-long"])
def test_what_is_no_name_is_refused_on_a_page(shelf: Shelf, name: str) -> None:
    answer = shelf.surfer.send("/packages", {"name": name})

    assert (answer.status_code, answer.mimetype) == (422, "text/html")
    assert len(shelf.api.json()["packages"]) == 1


def test_who_is_not_signed_in_signs_in_first(surfer: Surfer) -> None:
    answer = surfer.get("/packages")

    assert answer.status_code == 303
    assert answer.headers["Location"].endswith("login?to=%2Fpackages")
