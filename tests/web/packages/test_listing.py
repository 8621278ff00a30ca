"""My packages."""

import pytest
from flask import Flask

from builders.papers import a_token
from filemanager.tokens import EVERYDAY
from people.person import Person
from people.surfers import Surfer
from web.packages.conftest import HARM, SCOPES, Shelf


def test_mine_are_listed(shelf: Shelf) -> None:
    shown = shelf.surfer.get("/packages").text

    assert f'href="packages/{shelf.id}"' in shown
    assert "On rings &lt;script&gt;" in shown
    assert HARM not in shown


def test_one_is_deleted_once_that_is_meant(shelf: Shelf) -> None:
    hasty = shelf.send("/remove")
    stale = shelf.send("/remove", meant="true", revision="999")
    before = shelf.surfer.get("/packages").text

    removed = shelf.send("/remove", meant="true")

    assert (hasty.status_code, stale.status_code, removed.status_code) == (422, 412, 303)
    assert shelf.id in before
    after = shelf.surfer.get("/packages?done=removed").text
    assert "The package is deleted, with all its versions." in after
    assert shelf.id not in after
    assert shelf.surfer.get(shelf.home).status_code == 404


def test_a_stranger_deletes_none(shelf: Shelf, mallory: Surfer) -> None:
    refused = mallory.send(f"{shelf.home}/remove", {"meant": "true"})

    assert refused.status_code in (403, 404)
    assert shelf.shown()


def test_one_is_made_of_a_checkpoint(app: Flask, shelf: Shelf, mallory: Surfer) -> None:
    token = a_token("1", *SCOPES, *EVERYDAY)
    api = Person(app.test_client(), token)
    number = api.post("/v2/workspaces", json={"profile": "generic"}).get_json()["id"]
    api.put(f"/v2/workspaces/{number}/files/a.csv", b"1,2\n")
    kept = api.post(f"/v2/workspaces/{number}/checkpoints", json={"name": HARM}).get_json()["id"]
    shelf.surfer.sign_in(token)
    fields = {"workspace": str(number), "checkpoint": str(kept), "name": f"Kept {HARM}"}
    shown = shelf.surfer.get(f"/w/{number}/checkpoints").text
    assert f'name="checkpoint" value="{kept}"' in shown
    assert HARM not in shown

    made = shelf.surfer.send("/packages/from-checkpoint", fields)
    refused = [
        mallory.send("/packages/from-checkpoint", fields).status_code,
        shelf.surfer.send("/packages/from-checkpoint", {**fields, "checkpoint": "99"}).status_code,
        shelf.surfer.send("/packages/from-checkpoint", {**fields, "workspace": ""}).status_code,
    ]

    assert made.headers["Location"].endswith("/versions?done=frozen"), made.text
    assert refused == [403, 404, 422]
    packages = shelf.api.json()["packages"]
    assert [(one["name"], one["items"]) for one in packages[1:]] == [(f"Kept {HARM}", 1)]


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
