"""/filemanager/api/v2/invitations: what whoever invites does and sees."""

import csv
import io
import re
from http import HTTPStatus
from typing import Any
from unicodedata import normalize

import pytest
from flask.testing import FlaskClient

from api.workspaces.invitations.conftest import INVITATIONS, TERMS, Come, Invite
from builders.papers import a_token
from people.person import Person

NOT_FOUND = (404, "invitation_unknown")


def refusal(response: Any) -> tuple[int, str]:
    assert response.mimetype == "application/problem+json", response.text
    return response.status_code, response.get_json()["code"]


def test_it_works(alice: Person) -> None:
    made = alice.post(INVITATIONS, json={**TERMS, "slug": "papers", "ask": ["name"]})

    shown = made.get_json()
    assert made.status_code == 201
    assert shown["url"].endswith("/u/papers")
    assert (shown["guests"], shown["has_password"], shown["workspace"]) == (0, False, None)
    assert alice.get(f"{INVITATIONS}/{shown['id']}").get_json() == shown
    assert alice.get(INVITATIONS).get_json() == {"invitations": [shown]}


def test_a_weaker_token_invites_nobody(client: FlaskClient, invite: Invite) -> None:
    place = f"{INVITATIONS}/{invite()['id']}"
    reader = Person(client, a_token("1", "upload:read"))
    nobody = Person(client, a_token("1", "bucket:read"))

    assert refusal(reader.post(INVITATIONS, json=TERMS)) == (403, "insufficient_scope")
    assert refusal(reader.call("PATCH", place, json={})) == (403, "insufficient_scope")
    assert refusal(reader.call("DELETE", place)) == (403, "insufficient_scope")
    assert reader.get(place).status_code == 200
    assert refusal(nobody.get(place)) == (403, "insufficient_scope")
    assert client.get(f"/filemanager/api{INVITATIONS}").status_code == 401


def test_a_stranger_is_told_that_there_is_nothing(
    charlie: Person, invite: Invite, come: Come
) -> None:
    invitation = invite()
    come(invitation)
    place = f"{INVITATIONS}/{invitation['id']}"

    for path in (place, f"{place}/guests", f"{place}/guests.csv", f"{place}/guests/1"):
        assert refusal(charlie.get(path)) == NOT_FOUND
    assert refusal(charlie.call("PATCH", place, json={"title": "mine"})) == NOT_FOUND
    assert refusal(charlie.call("DELETE", place)) == NOT_FOUND
    assert charlie.get(INVITATIONS).get_json() == {"invitations": []}


def test_what_is_not_there_is_not_found(alice: Person, invite: Invite) -> None:
    place = f"{INVITATIONS}/{invite()['id']}"

    assert refusal(alice.get(f"{INVITATIONS}/99")) == NOT_FOUND
    assert refusal(alice.get(f"{INVITATIONS}/{10**19 - 1}")) == NOT_FOUND
    assert refusal(alice.get(f"{place}/guests/99")) == (404, "guest_unknown")


def test_nobody_is_invited_into_a_strangers_workspace(charlie: Person, common: int) -> None:
    terms = {**TERMS, "workspace": common}
    del terms["profile"]

    assert refusal(charlie.post(INVITATIONS, json=terms)) == (404, "workspace_not_found")


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"title": ""}, HTTPStatus.UNPROCESSABLE_ENTITY),
        ({"title": "a\0b"}, HTTPStatus.UNPROCESSABLE_ENTITY),
        ({"workspace": 1}, HTTPStatus.UNPROCESSABLE_ENTITY),
        ({"profile": None}, HTTPStatus.UNPROCESSABLE_ENTITY),
        ({"profile": "none"}, HTTPStatus.BAD_REQUEST),
        ({"max_files": 0}, HTTPStatus.UNPROCESSABLE_ENTITY),
        ({"max_bytes": 1 << 64}, HTTPStatus.UNPROCESSABLE_ENTITY),
        ({"closes_at": "2001-01-01T00:00:00Z"}, HTTPStatus.UNPROCESSABLE_ENTITY),
        ({"closes_at": "soon"}, HTTPStatus.UNPROCESSABLE_ENTITY),
        ({"slug": "A/B"}, HTTPStatus.UNPROCESSABLE_ENTITY),
        ({"ask": ["name", "name"]}, HTTPStatus.UNPROCESSABLE_ENTITY),
        ({"password": ""}, HTTPStatus.UNPROCESSABLE_ENTITY),
        ({"admin": True}, HTTPStatus.UNPROCESSABLE_ENTITY),
    ],
    ids=[
        "no title", "a title that no database takes", "two places", "no place", "no such profile",
        "no files", "too many bytes", "closed already", "no time", "no name of a link",
        "asked twice", "an empty password", "an unknown field",
    ],
)  # fmt: skip
def test_bad_terms_are_refused_and_make_nothing(
    alice: Person, change: dict[str, Any], status: HTTPStatus
) -> None:
    refused = alice.post(INVITATIONS, json={**TERMS, **change})

    assert refused.status_code == status, refused.text
    assert alice.get(INVITATIONS).get_json() == {"invitations": []}


def test_a_name_is_given_once(alice: Person, invite: Invite) -> None:
    invite(slug="papers")

    again = alice.post(INVITATIONS, json={**TERMS, "slug": "papers"})

    assert refusal(again) == (409, "invitation_slug_taken")


def test_sent_again_with_its_key_it_is_made_once(alice: Person) -> None:
    key = {"Idempotency-Key": '"0123456789abcdef"'}

    first = alice.post(INVITATIONS, json=TERMS, headers=key)
    again = alice.post(INVITATIONS, json=TERMS, headers=key)

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.get_json() == first.get_json()
    assert len(alice.get(INVITATIONS).get_json()["invitations"]) == 1


def test_what_is_sent_is_changed_and_nothing_else(alice: Person, invite: Invite) -> None:
    before = invite(max_guests=3, password="open sesame", ask=["name"])
    place = f"{INVITATIONS}/{before['id']}"
    changes = {"title": "More", "max_files": 20, "max_guests": None, "password": None}

    edited = alice.call("PATCH", place, json={**changes, "message": None})

    shown = edited.get_json()
    del changes["password"]
    assert edited.status_code == 200
    assert shown == {**before, **changes, "has_password": False}
    assert "sesame" not in alice.get(place).text


def test_a_revoked_one_is_gone(alice: Person, client: FlaskClient, invite: Invite) -> None:
    invitation = invite(slug="papers")

    revoked = alice.call("DELETE", f"{INVITATIONS}/{invitation['id']}")

    assert revoked.status_code == 204
    assert refusal(alice.get(f"{INVITATIONS}/{invitation['id']}")) == NOT_FOUND
    assert refusal(client.get("/u/papers")) == (410, "invitation_revoked")


def test_the_inviter_sees_guests_their_files_and_findings(
    alice: Person, invite: Invite, come: Come, common: int
) -> None:
    invitation = invite(workspace=common, ask=["name"])
    ada = come(invitation, answers={"name": "Ada"})
    come(invitation, answers={"name": "Bob"})
    ada.send(b"text", "d/a.txt")
    place = f"{INVITATIONS}/{invitation['id']}/guests"

    first = alice.get(f"{place}?limit=1")

    (shown,) = first.get_json()["guests"]
    assert (shown["number"], shown["answers"], shown["files"]) == (1, {"name": "Ada"}, 1)
    assert (shown["workspace"], shown["folder"]) == (common, "1 Ada")
    assert 'rel="next"' in first.headers["Link"]
    detail = alice.get(f"{place}/{shown['id']}").get_json()
    assert [one["path"] for one in detail["handed_in"]] == ["d/a.txt"]
    assert alice.get(f"/v2/workspaces/{common}/files/1 Ada/d/a.txt").data == b"text"


def test_folders_of_guests_are_not_checked_as_one_tree(
    alice: Person, invite: Invite, come: Come, common: int
) -> None:
    come(invite(workspace=common)).send(b"text", "a file.txt")

    checked = alice.post(f"/v2/workspaces/{common}/check")

    assert refusal(checked) == (409, "guests_hand_in_here")


HARMFUL = (
    "=1+1", "+1", "-1", "@a", "\uff1d1", "\ufe62 1", "x;=1", "x; =1", 'x;"=1', "x\t@a", "x\r\n-1",
    'x";"=1', ";;=1", "'=1", "x;\uff0b1",
)  # fmt: skip


def test_no_cell_is_a_formula_wherever_lines_are_split(
    alice: Person, invite: Invite, come: Come
) -> None:
    """By commas as they are meant, or by what a spreadsheet of another country has instead."""
    invitation = invite(ask=["name", "more"])
    for one in HARMFUL:
        come(invitation, answers={"name": "x", "more": one})

    text = alice.get(f"{INVITATIONS}/{invitation['id']}/guests.csv").text

    rows = list(csv.reader(io.StringIO(text, newline="")))
    cells = [cell for row in rows for cell in row]
    pieces = [*cells, *re.split(r"[;\t\r\n]", text)]
    begun = {normalize("NFKC", one.lstrip(' "')[:1]) for one in pieces}
    assert begun & {"=", "+", "-", "@", "\t"} == set()
    assert len(rows) == len(HARMFUL) + 1


def test_what_is_no_formula_is_exported_as_it_is(alice: Person, invite: Invite, come: Come) -> None:
    names = ["Ada; Countess", "a-b, -c", "ada@x.test", "O'Neill", "2;3=4"]
    invitation = invite(ask=["name"])
    for name in names:
        come(invitation, answers={"name": name})

    text = alice.get(f"{INVITATIONS}/{invitation['id']}/guests.csv").text

    assert [row[1] for row in list(csv.reader(io.StringIO(text)))[1:]] == names


def test_guests_are_exported_and_no_cell_is_a_formula(
    alice: Person, invite: Invite, come: Come
) -> None:
    names = ["=1+1", "+1", "-1", "@a", 'Ada, "Countess"\n']
    invitation = invite(ask=["name"])
    guests = [come(invitation, answers={"name": name}) for name in names]
    guests[4].send(b"text")
    guests[4].call("POST", "confirm")

    exported = alice.get(f"{INVITATIONS}/{invitation['id']}/guests.csv")

    head, *rows = csv.reader(io.StringIO(exported.text))
    assert exported.mimetype == "text/csv"
    assert head[:5] == ["number", "name", "state", "files", "bytes"]
    assert [row[1] for row in rows] == [
        "'=1+1", "'+1", "'-1", "'@a", 'Ada, "Countess"',
    ]  # fmt: skip
    assert [row[2] for row in rows] == ["begun"] * 4 + ["confirmed"]
