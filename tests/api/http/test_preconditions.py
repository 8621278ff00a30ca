"""Conditions by date and tag, on reads, changes and ranges (RFC 9110, 13)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime

import pytest
from flask import Flask

from builders.papers import PAPER
from filemanager.api.http.context import EXTENSION
from people.answers import everything
from people.person import Person
from people.visitors import Visitor, md5, sharded

PAST = "Thu, 01 Jan 1970 00:00:01 GMT"
FUTURE = "Fri, 01 Jan 2100 00:00:00 GMT"
WRONG = '"nothing"'
FILE = "/1/main.tex/content"
V2_FILE = "/v2/workspaces/1/files/main.tex"
READS = (FILE, V2_FILE, "/1", "/1/content", "/1/log", "/v2/workspaces/1/content.zip")


@pytest.fixture
def owner(alice: Person) -> Person:
    """Alice, with a workspace."""
    alice.create("main.tex", PAPER)
    return alice


def dated(person: Person, path: str) -> str:
    return person.head(path).headers["Last-Modified"]


@pytest.mark.parametrize("path", READS)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_read_of_what_has_not_changed_since_is_304(owner: Person, path: str, method: str) -> None:
    known = owner.call(method, path, headers={"If-Modified-Since": dated(owner, path)})
    older = owner.call(method, path, headers={"If-Modified-Since": PAST})

    assert (known.status_code, known.data, older.status_code) == (304, b"", 200)


@pytest.mark.parametrize("path", READS)
def test_a_read_of_what_changed_since_another_date_is_412(owner: Person, path: str) -> None:
    stale = owner.get(path, headers={"If-Unmodified-Since": PAST})
    fresh = owner.get(path, headers={"If-Unmodified-Since": dated(owner, path)})

    assert (stale.status_code, fresh.status_code) == (412, 200)


@pytest.mark.parametrize("path", [FILE, V2_FILE])
def test_tags_win_over_dates(owner: Person, path: str) -> None:
    tag = owner.head(path).headers["ETag"]

    def status(**headers: str) -> int:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return owner.get(path, headers=named).status_code

    assert status(If_None_Match=WRONG, If_Modified_Since=FUTURE) == 200
    assert status(If_None_Match=tag, If_Modified_Since=PAST) == 304
    assert status(If_Match=tag, If_Unmodified_Since=PAST) == 200
    assert status(If_Match=WRONG, If_Unmodified_Since=FUTURE) == 412
    assert status(If_Match=WRONG, If_None_Match=tag) == 412


@pytest.mark.parametrize(
    "text",
    ["yesterday", "", "0", "2026-11-27T10:00:00Z", "Fri, 32 Jan 2100 00:00:00 GMT",
     f"{FUTURE}, {FUTURE}", "Fri, 01 Jan 2100 00:00:00 +0100", "4102444800"],
)  # fmt: skip
def test_what_is_no_date_is_passed_over(owner: Person, text: str) -> None:
    assert owner.get(FILE, headers={"If-Modified-Since": text}).status_code == 200
    assert owner.get(FILE, headers={"If-Unmodified-Since": text}).status_code == 200


@pytest.mark.parametrize(
    "text", [FUTURE, "Friday, 01-Jan-60 00:00:00 GMT", "Fri Jan  1 00:00:00 2100"]
)
def test_each_form_of_a_date_is_understood(owner: Person, text: str) -> None:
    assert owner.get(FILE, headers={"If-Modified-Since": text}).status_code == 304


def test_the_end_of_a_lock_is_news(owner: Person, app: Flask) -> None:
    locked = {"expires_at": (datetime.now(UTC) + timedelta(hours=1)).isoformat()}
    owner.post("/v2/workspaces/1/lock", json=locked)
    known = {"If-Modified-Since": dated(owner, "/1")}
    unchanged = owner.get("/1", headers=known)
    later(app, timedelta(hours=2))

    assert (unchanged.status_code, owner.get("/1", headers=known).status_code) == (304, 200)


def later(app: Flask, passed: timedelta) -> None:
    """Let the clock of the answers go on."""
    services = app.extensions[EXTENSION]
    app.extensions[EXTENSION] = replace(services, clock=lambda: datetime.now(UTC) + passed)


def a_range(person: Person, condition: str) -> int:
    headers = {"Range": "bytes=1-3", "If-Range": condition}
    return person.get(FILE, headers=headers).status_code


def test_a_range_by_date_is_for_a_date_that_can_be_relied_on(owner: Person, app: Flask) -> None:
    date = dated(owner, FILE)
    moved = parsedate_to_datetime(date) + timedelta(seconds=1)
    later(app, timedelta(0) - timedelta(hours=1))
    too_fresh = a_range(owner, date)
    later(app, timedelta(seconds=5))

    assert (too_fresh, a_range(owner, date)) == (200, 206)
    assert a_range(owner, PAST) == 200
    assert a_range(owner, format_datetime(moved, usegmt=True)) == 200


def test_a_range_by_tag_wants_the_very_tag(owner: Person) -> None:
    tag = owner.head(FILE).headers["ETag"]

    assert [a_range(owner, form.format(tag)) for form in ("{}", '"{}"', 'W/"{}"')] == [
        206,
        206,
        200,
    ]


def test_a_weak_tag_allows_no_change(owner: Person) -> None:
    tag = owner.head(V2_FILE).headers["ETag"]

    weak = owner.delete(V2_FILE, headers={"If-Match": f"W/{tag}"})

    assert weak.status_code == 412
    assert owner.delete(V2_FILE, headers={"If-Match": tag}).status_code == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", "/1/main.tex"),
        ("POST", "/1/delete_all"),
        ("POST", "/1/lock"),
        ("POST", "/1/unlock"),
        ("POST", "/1/release"),
        ("POST", "/1/unrelease"),
        ("POST", "/1/checkpoint"),
        ("DELETE", "/1"),
    ],
)
def test_a_drop_in_change_is_made_on_its_conditions(
    owner: Person, bob: Person, method: str, path: str
) -> None:
    now = owner.get("/1")
    date, tag = now.headers["Last-Modified"], now.headers["ETag"]
    before = everything(bob)
    stale = [{"If-Unmodified-Since": PAST}, {"If-Match": WRONG}, {"If-None-Match": tag}]

    refused = [owner.call(method, path, headers=one).status_code for one in stale]

    assert refused == [412, 412, 412]
    assert everything(bob) == before
    fresh = {"If-Match": tag, "If-Unmodified-Since": date}
    assert owner.call(method, path, headers=fresh).status_code == 200


def test_a_drop_in_file_is_deleted_by_its_own_tag_and_date(owner: Person) -> None:
    told = owner.head(FILE).headers
    owner.upload("/1", "other.tex", PAPER)

    stale = owner.delete("/1/main.tex", headers={"If-Match": WRONG})
    gone = owner.delete(
        "/1/main.tex",
        headers={"If-Match": told["ETag"], "If-Unmodified-Since": told["Last-Modified"]},
    )

    assert (stale.status_code, gone.status_code) == (412, 200)


def test_what_is_no_path_is_404_on_any_condition(owner: Person) -> None:
    assert owner.delete("/1/a//b", headers={"If-Match": WRONG}).status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "sent"),
    [
        ("PUT", "/files/main.tex", {"data": b"new\n"}),
        ("DELETE", "/files/main.tex", {}),
        ("POST", "/files:move", {"json": {"source": "main.tex", "target": "b.tex"}}),
        ("PATCH", "", {"json": {"name": "x"}}),
        ("POST", "/lock", {}),
        ("POST", "/checkpoints", {"json": {"name": "x"}}),
        ("POST", "/check", {}),
        ("DELETE", "", {}),
    ],
)
def test_a_change_by_v2_is_made_on_its_date(
    owner: Person, bob: Person, method: str, path: str, sent: dict[str, object]
) -> None:
    before = everything(bob)

    stale = owner.call(method, f"/v2/workspaces/1{path}", headers={"If-Unmodified-Since": PAST},
                       **sent)  # fmt: skip

    assert (stale.status_code, everything(bob)) == (412, before)
    fresh = {"If-Unmodified-Since": FUTURE}
    made = owner.call(method, f"/v2/workspaces/1{path}", headers=fresh, **sent)
    assert made.status_code in {200, 201, 204}


def test_a_drop_is_taken_out_on_its_conditions(dana: Visitor) -> None:
    dana.keep("a.txt", b"hello\n")
    path = sharded("blob", md5(b"hello\n"))
    told = dana.head(path).headers

    assert dana.get(path, headers={"If-Modified-Since": told["Last-Modified"]}).status_code == 304
    for stale in ({"If-Unmodified-Since": PAST}, {"If-Match": WRONG}):
        assert dana.delete(path, headers=stale).status_code == 412
    assert dana.delete(path, headers={"If-Match": told["ETag"]}).status_code == 200
