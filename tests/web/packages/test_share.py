"""One share by its page: its terms, its link, its access keys, and its end."""

import re
from typing import Any

import pytest
from flask import Flask

from people.surfers import Surfer, a_surfer
from web.packages.conftest import HARM, Shelf

TERMS = {"version": "1", "slug": "rings", "listing": "true", "password": "open sesame"}


@pytest.fixture
def shared(frozen: Shelf) -> Shelf:
    opened = frozen.send("/shares", **TERMS, expires="2099-01-31T18:00", description=HARM)
    assert opened.status_code == 303, opened.text
    return frozen


def the_share(shelf: Shelf) -> dict[str, Any]:
    (share,) = shelf.api.json(f"/{shelf.id}/shares")["shares"]
    return dict(share)


def is_open_by(app: Flask, password: str, slug: str = "rings") -> bool:
    unlocked = app.test_client().post(f"/s/{slug}/unlock", json={"password": password})
    return unlocked.status_code == 200


def test_what_was_fetched_is_shown_with_its_visit(frozen: Shelf, app: Flask) -> None:
    frozen.send("/shares", version="", slug="rings", listing="true")
    reader = a_surfer(app)

    got = reader.get("/s/rings/f/README.md", follow_redirects=True, headers={"User-Agent": HARM})

    assert got.data == b"# Rings"
    log = frozen.shown("/shares/rings")
    assert "README.md" in log
    assert HARM not in log
    assert "<dd>1</dd>" in frozen.shown("/shares")


def test_its_terms_are_shown_and_changed(shared: Shelf) -> None:
    shown = shared.shown("/shares/rings")
    assert HARM not in shown
    assert 'value="2099-01-31T18:00"' in shown

    edited = shared.send(
        "/shares/rings/edit", version="", visits="7", expires="", description="Rings", audience=""
    )

    assert edited.headers["Location"].endswith("rings?done=edited")
    share = the_share(shared)
    assert (share["version"], share["max_visits"], share["expires"]) == ("latest", 7, None)
    assert (share["description"], share["listing"]) == ("Rings", False)
    assert share["has_password"]


def test_an_end_that_was_not_touched_stays_to_the_second(shared: Shelf) -> None:
    end = "2099-01-31T18:00:41+00:00"
    shared.api.call("PATCH", f"/{shared.id}/shares/rings", json={"expires": end})

    shared.send("/shares/rings/edit", version="1", expires="2099-01-31T18:00")

    assert the_share(shared)["expires"].startswith("2099-01-31T18:00:41")


def test_a_password_is_kept_replaced_or_taken_away(shared: Shelf, app: Flask) -> None:
    shared.send("/shares/rings/edit", version="1")
    kept = is_open_by(app, "open sesame")
    shared.send("/shares/rings/edit", version="1", password="open sesame street")
    replaced = [is_open_by(app, one) for one in ("open sesame", "open sesame street")]
    refused = shared.send("/shares/rings/edit", version="1", password="x", unprotected="true")
    shared.send("/shares/rings/edit", version="1", unprotected="true")

    assert (kept, replaced, refused.status_code) == (True, [False, True], 422)
    assert not the_share(shared)["has_password"]


def test_it_gets_another_link_once_that_is_meant(shared: Shelf, app: Flask) -> None:
    hasty = shared.send("/shares/rings/rotate", slug="fields")
    before = the_share(shared)["slug"]

    rotated = shared.send("/shares/rings/rotate", slug="fields", meant="true")

    assert (hasty.status_code, before) == (422, "rings")
    assert "Tick that you mean it" in hasty.text
    assert rotated.headers["Location"].endswith("fields?done=rotated")
    assert [is_open_by(app, "open sesame", one) for one in ("rings", "fields")] == [False, True]
    shared.send("/shares/fields/rotate", meant="true")
    assert re.fullmatch("[0-9a-f]{32}", the_share(shared)["slug"])


def test_a_machine_gets_a_key_that_is_shown_once(shared: Shelf, app: Flask) -> None:
    made = shared.send("/shares/rings/keys", name=f"cron {HARM}", expires="2099-01-31T18:00")

    found = re.search(r"<code>(http[^<]*/k/[^<]*/)</code>", made.text)
    assert made.status_code == 200
    assert found is not None
    assert HARM not in made.text
    path = found[1].removeprefix("http://fooserver.localdomain")
    assert a_surfer(app).get(path).status_code == 200
    listed = shared.shown("/shares/rings")
    assert "2099-01-31 18:00 UTC" in listed
    assert path not in listed
    assert HARM not in listed

    (key,) = re.findall(r'name="key" value="([0-9]+)"', listed)
    hasty = shared.send("/shares/rings/keys/revoke", key=key)
    assert (hasty.status_code, a_surfer(app).get(path).status_code) == (422, 200)
    revoked = shared.send("/shares/rings/keys/revoke", key=key, meant="true")

    assert revoked.headers["Location"].endswith("?done=key-revoked")
    assert a_surfer(app).get(path).status_code != 200
    again = shared.send("/shares/rings/keys/revoke", key=key, meant="true")
    assert again.status_code == 404


@pytest.mark.parametrize(
    "fields", [{"name": ""}, {"name": "x", "expires": "2001-01-01T00:00"}], ids=["none", "passed"]
)
def test_a_key_without_a_name_or_a_time_to_come_is_refused(
    shared: Shelf, fields: dict[str, str]
) -> None:
    assert shared.send("/shares/rings/keys", **fields).status_code == 422
    assert shared.api.json(f"/{shared.id}/shares/rings/keys")["keys"] == []


def test_it_is_revoked_for_good_once_that_is_meant(shared: Shelf, app: Flask) -> None:
    hasty = shared.send("/shares/rings/revoke")
    before = shared.api.json(f"/{shared.id}/shares")["shares"]

    revoked = shared.send("/shares/rings/revoke", meant="true")

    assert (hasty.status_code, len(before), revoked.status_code) == (422, 1, 303)
    assert a_surfer(app).get("/s/rings/").status_code in (404, 410)
    assert "There are none yet." in shared.shown("/shares")
    assert shared.send("/shares/rings/revoke", meant="true").status_code == 404
    assert shared.surfer.get(f"{shared.home}/shares/rings").status_code == 404


def test_a_stranger_sees_and_changes_nothing(shared: Shelf, mallory: Surfer) -> None:
    home = f"{shared.home}/shares/rings"
    acts = ("edit", "rotate", "revoke", "keys", "keys/revoke")

    statuses = [mallory.send(f"{home}/{one}", {"meant": "true"}).status_code for one in acts]

    assert mallory.get(home).status_code in (403, 404)
    assert set(statuses) <= {403, 404}
    assert the_share(shared)["slug"] == "rings"
