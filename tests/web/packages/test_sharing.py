"""Shares by pages: opened on terms, and listed."""

import pytest
from flask import Flask

from people.surfers import Surfer, a_surfer
from web.packages.conftest import HARM, Shelf


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
        audience=f"arxiv:7\r\narxiv:{HARM}",
    )

    assert opened.status_code == 303, opened.text
    (share,) = frozen.api.json(f"/{frozen.id}/shares")["shares"]
    assert (share["version"], share["max_visits"], share["has_password"]) == (1, 5, True)
    assert sorted(share["audience"]) == ["arxiv:7", f"arxiv:{HARM}"]
    assert share["expires"].startswith("2099-01-31T18:00:00")
    shown = frozen.shown("/shares?done=shared")
    told = ("The share is open.", "0 / 5", "2099-01-31 18:00 UTC", "/s/rings/")
    assert [one for one in told if one not in shown] == []
    assert HARM not in shown
    assert "sesame" not in shown
    assert a_surfer(app).get("/s/rings/").status_code == 401


def test_mine_of_all_packages_are_listed(frozen: Shelf, mallory: Surfer) -> None:
    other = frozen.api.create("On fields")
    for number, package in enumerate((frozen.id, other)):
        data = {"version": "", "slug": f"rings-{number}", "description": HARM}
        assert frozen.surfer.send(f"/packages/{package}/shares", data).status_code == 303

    shown = frozen.surfer.get("/packages/shares").text

    for number, package in enumerate((frozen.id, other)):
        assert f'href="{package}/shares/rings-{number}"' in shown
    assert HARM not in shown
    assert 'href="packages/shares"' in frozen.surfer.get("/packages").text
    assert mallory.get("/packages/shares").status_code == 403


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
        ("audience", "alice", 422),
        ("audience", "\n".join(f"arxiv:{one}" for one in range(101)), 422),
    ],
    ids=[
        "unknown",
        "latest",
        "slug",
        "passed",
        "no-time",
        "no-visits",
        "long-password",
        "no-owner",
        "many-owners",
    ],
)
def test_terms_that_cannot_be_are_refused(
    frozen: Shelf, field: str, value: str, status: int
) -> None:
    refused = frozen.send("/shares", **{"version": "1", field: value})

    assert (refused.status_code, refused.mimetype) == (status, "text/html")
    assert frozen.api.json(f"/{frozen.id}/shares")["shares"] == []
