"""Pages of whoever invites: made, shown with who came, closed."""

import io
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from builders.papers import a_tarball
from filemanager.factory.application import doors_of
from filemanager.factory.core import core_of
from filemanager.factory.parts import parts_of
from filemanager.settings.invitations import InvitationsSettings
from filemanager.settings.service import Settings
from people.person import Person
from people.surfers import Surfer, a_surfer

HARM = "<script>alert(1)</script>"
TERMS = {
    "title": f"Papers {HARM}",
    "message": "a\r\nb",
    "profile": "generic",
    "closes": "2099-01-31T18:00",
    "files": "10",
    "mib": "5",
    "file_mib": "1",
    "slug": "papers",
    "ask": "name\r\ne-mail",
    "opens": "2026-01-01T00:00",
    "guest_files": "3",
    "guest_mib": "2",
}


def made(api: Person) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = api.get("/v2/invitations").get_json()["invitations"]
    return listed


@pytest.fixture
def home(alice: Surfer) -> str:
    answer = alice.send("/invitations", TERMS)
    assert answer.status_code == 303, answer.text
    return "/invitations/1"


@pytest.fixture
def guest(app: Flask, home: str) -> str:
    """Who came, and handed in a hostile archive; his page for the inviter."""
    surfer = a_surfer(app)
    begun = surfer.post("/u/papers/begin", data={"answer-0": HARM, "answer-1": "=1+1"})
    found = re.search(r"g/[^/]+/$", begun.headers["Location"])
    assert found is not None
    sent = {"file": (io.BytesIO(a_tarball({"../x": b"x", "<b>.txt": b"a"})), "evil.tar.gz")}
    surfer.post(f"/{found[0]}send", data=sent, content_type="multipart/form-data")
    return f"{home}/guests/1"


def test_one_is_made_by_a_form(alice: Surfer, api: Person, home: str) -> None:
    (one,) = made(api)

    assert (one["title"], one["message"], one["ask"]) == (
        TERMS["title"],
        "a\nb",
        ["name", "e-mail"],
    )
    assert (one["max_files"], one["max_bytes"], one["max_file_bytes"]) == (10, 5 << 20, 1 << 20)
    assert (one["max_guest_files"], one["max_guest_bytes"]) == (3, 2 << 20)
    assert one["opens_at"].startswith("2026-01-01T00:00:00")
    shown = alice.get(f"{home}?done=made").text
    assert "is known for 365 days after it has ended. The files stay." in shown
    told = ("Send the link", "http://fooserver.localdomain/u/papers", "2099-01-31 18:00 UTC")
    assert [word for word in told if word not in shown] == []
    assert HARM not in shown


def test_mine_are_listed(alice: Surfer, mallory: Surfer, home: str) -> None:
    assert home
    assert "Papers &lt;script&gt;" in alice.get("/invitations").text
    assert "Papers" not in mallory.get("/invitations").text


@pytest.mark.parametrize(
    ("field", "value", "status"),
    [
        ("title", "", 422),
        ("closes", "2001-01-01T00:00", 422),
        ("closes", "", 422),
        ("files", "", 422),
        ("mib", str(2**60), 422),
        ("slug", "A b", 422),
        ("ask", "name\nname", 422),
        ("workspace", "77", 404),
        ("profile", "none", 400),
    ],
    ids=["title", "passed", "no-end", "no-files", "huge", "slug", "twice", "stranger", "profile"],
)
def test_terms_that_cannot_be_are_refused(
    alice: Surfer, api: Person, field: str, value: str, status: int
) -> None:
    refused = alice.send("/invitations", {**TERMS, field: value})

    assert (refused.status_code, refused.mimetype) == (status, "text/html")
    assert made(api) == []


def test_who_came_is_shown_with_files_and_findings(alice: Surfer, home: str, guest: str) -> None:
    came, shown = alice.get(home).text, alice.get(guest).text

    assert [
        one for one in ("Guest 1", "Handed in, not confirmed", "guests.csv") if one not in came
    ] == []
    assert [one for one in ("What checks say", "&lt;b&gt;.txt") if one not in shown] == []
    assert HARM not in came + shown
    assert "<b>" not in came + shown


def test_the_table_is_for_spreadsheets(alice: Surfer, home: str, guest: str) -> None:
    assert guest

    table = alice.get(f"{home}/guests.csv")

    assert table.mimetype == "text/csv"
    assert "'=1+1" in table.text
    assert "attachment" in table.headers["Content-Disposition"]


def test_a_closed_one_takes_no_more(alice: Surfer, app: Flask, home: str) -> None:
    closed = alice.send(f"{home}/close")

    assert closed.status_code == 303
    assert a_surfer(app).post("/u/papers/begin", data={}).status_code == 410
    shown = alice.get(home).text
    assert "Closed" in shown
    assert "Close it now" not in shown


def test_one_is_revoked_once_that_is_meant(
    alice: Surfer, app: Flask, api: Person, home: str
) -> None:
    hasty = alice.send(f"{home}/revoke")
    before = len(made(api))

    revoked = alice.send(f"{home}/revoke", {"meant": "true"})

    assert (hasty.status_code, before, made(api)) == (422, 1, [])
    assert revoked.headers["Location"] == "../../invitations?done=revoked"
    assert "opens nothing any more, to anybody" in alice.get("/invitations?done=revoked").text
    assert a_surfer(app).get("/u/papers").status_code == 410
    assert alice.send(f"{home}/revoke", {"meant": "true"}).status_code == 404


@pytest.mark.parametrize(
    "special", [{"invitations": InvitationsSettings(guest_days=1)}], ids=["a-day"]
)
def test_guests_are_forgotten_when_the_setting_says_so_and_files_stay(
    alice: Surfer, home: str, guest: str, settings: Settings
) -> None:
    periodic = [one for door in doors_of(core_of(parts_of(settings))) for one in door.periodic]
    (forget,) = [one.work for one in periodic if one.name == "prune_guests"]
    told = alice.get(home).text
    (place,) = re.findall(r'href="[./]*(w/[0-9]+)"', alice.get(guest).text)
    files = alice.get(f"/{place}").text
    alice.send(f"{home}/close")

    before = forget()
    with time_machine.travel(datetime.now(UTC) + timedelta(days=1, minutes=1)):
        after = forget()

    assert (before, after) == (0, 1)
    assert "is known for 1 day after it has ended" in told
    assert "Nobody yet." in alice.get(home).text
    assert alice.get(guest).status_code == 404
    assert "_b_.txt" in files
    assert "_b_.txt" in alice.get(f"/{place}").text


def test_a_stranger_sees_and_closes_nothing(
    alice: Surfer, mallory: Surfer, home: str, guest: str
) -> None:
    for path in (home, guest, f"{home}/guests.csv"):
        assert mallory.get(path).status_code == 404

    assert mallory.send(f"{home}/close").status_code == 404
    assert mallory.send(f"{home}/revoke", {"meant": "true"}).status_code == 404
    assert "Close it now" in alice.get(home).text
    assert alice.get(f"{home}/guests/99").status_code == 404


def test_forms_of_other_sites_and_without_the_secret_change_nothing(
    alice: Surfer, api: Person, home: str
) -> None:
    foreign = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}

    acts = [("/invitations", {**TERMS, "slug": "other"}), (f"{home}/close", {})]
    for place, data in (*acts, (f"{home}/revoke", {"meant": "true"})):
        assert alice.post(place, data=data).status_code == 403
        assert alice.send(place, data, headers=foreign).status_code == 403

    assert len(made(api)) == 1
    assert "Close it now" in alice.get(home).text
