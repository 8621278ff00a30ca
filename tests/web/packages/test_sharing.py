"""Shares by pages: opened on terms, counted, revoked."""

import pytest
from flask import Flask

from people.surfers import a_surfer
from web.packages.conftest import HARM, Shelf


@pytest.fixture
def frozen(shelf: Shelf) -> Shelf:
    shelf.api.text(shelf.id, "README.md", b"# Rings")
    shelf.send("/freeze")
    return shelf


def test_a_version_is_shared_on_terms(frozen: Shelf, app: Flask) -> None:
    opened = frozen.send(
        "/shares",
        version="1",
        slug="rings",
        password="open sesame",
        expires="2099-01-31T18:00",
        visits="5",
        listing="true",
        description=HARM,
    )

    assert opened.status_code == 303, opened.text
    (share,) = frozen.api.json(f"/{frozen.id}/shares")["shares"]
    assert (share["version"], share["max_visits"], share["has_password"]) == (1, 5, True)
    assert share["expires"].startswith("2099-01-31T18:00:00")
    shown = frozen.shown("/shares?done=shared")
    told = ("The share is open.", "0 / 5", "2099-01-31 18:00 UTC", "/s/rings/")
    assert [one for one in told if one not in shown] == []
    assert HARM not in shown
    assert "sesame" not in shown
    assert "password" in a_surfer(app).get("/s/rings/").text


def test_what_was_fetched_is_shown_with_its_visit(frozen: Shelf, app: Flask) -> None:
    frozen.send("/shares", version="", slug="rings", listing="true")
    reader = a_surfer(app)

    got = reader.get("/s/rings/f/README.md", follow_redirects=True, headers={"User-Agent": HARM})

    assert got.data == b"# Rings"
    log = frozen.shown("/shares/rings")
    assert "README.md" in log
    assert HARM not in log
    assert "<dd>1</dd>" in frozen.shown("/shares")


def test_a_share_is_revoked_for_good(frozen: Shelf, app: Flask) -> None:
    frozen.send("/shares", version="1", slug="rings")

    revoked = frozen.send("/shares/revoke", slug="rings")

    assert revoked.status_code == 303
    assert a_surfer(app).get("/s/rings/").status_code in (404, 410)
    assert "There are none yet." in frozen.shown("/shares")
    assert frozen.send("/shares/revoke", slug="rings").status_code == 404
    assert frozen.surfer.get(f"{frozen.home}/shares/rings").status_code == 404


@pytest.mark.parametrize(
    ("field", "value", "status"),
    [
        ("version", "7", 404),
        ("version", "latest", 422),
        ("slug", "A b", 422),
        ("expires", "2001-01-01T00:00", 422),
        ("expires", "soon", 422),
        ("visits", "0", 422),
        ("password", "x" * 2000, 422),
    ],
    ids=["unknown", "latest", "slug", "passed", "no-time", "no-visits", "long-password"],
)
def test_terms_that_cannot_be_are_refused(
    frozen: Shelf, field: str, value: str, status: int
) -> None:
    refused = frozen.send("/shares", **{"version": "1", field: value})

    assert (refused.status_code, refused.mimetype) == (status, "text/html")
    assert frozen.api.json(f"/{frozen.id}/shares")["shares"] == []
