"""Every field of every form: what does not fit is refused in words, and what was typed stays."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from builders.papers import a_token
from filemanager.tokens import EVERYDAY
from people.curators import Curator
from people.person import Person
from people.surfers import Surfer, a_surfer
from web.german import in_english
from web.test_languages import choose

CURATING = ("package:read", "package:write", "package:share", "package:admin")
SCOPES = (*EVERYDAY, *CURATING, "upload:admin")
BOUNDED = ("text", "search", "password", "textarea")
FILLED = {
    "title": "Papers",
    "closes": "2099-01-31T18:00",
    "name": "rings",
    "workspace": "1",
    "file": "a.txt",
    "password": "open sesame",
    "answer-0": "Ada",
}
"""What a form wants besides the field that is too long."""

SIGNING_IN = {"token", "password"}
"""On the page for it: whatever is wrong there is a wrong token, or a wrong password."""


@dataclass
class Control:
    name: str
    kind: str
    most: int | None
    value: str


@dataclass
class Form:
    action: str
    method: str
    is_multipart: bool
    controls: list[Control] = field(default_factory=list)


class Forms(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            is_multipart = given.get("enctype", "").startswith("multipart")
            self.found.append(
                Form(given.get("action", ""), given.get("method", "get"), is_multipart)
            )
        elif tag in ("input", "textarea") and "name" in given:
            kind = given.get("type", "text") if tag == "input" else tag
            most = given.get("maxlength")
            control = Control(
                given["name"], kind, None if most is None else int(most), given.get("value", "")
            )
            self.found[-1].controls.append(control)

    @property
    def bounded(self) -> Iterator[tuple[Form, Control]]:
        for form in self.found:
            for control in form.controls:
                if control.kind in BOUNDED:
                    yield form, control


@dataclass(frozen=True)
class House:
    """Somebody who may do everything, with one of each that pages have forms for."""

    surfer: Surfer
    pages: tuple[str, ...]

    def bounded(self, page: str) -> Iterator[tuple[Form, Control]]:
        shown = self.surfer.get(page)
        assert shown.status_code == 200, (page, shown.text)
        yield from Forms(shown.text).bounded

    def fill(self, page: str, form: Form, control: Control, text: str) -> TestResponse:
        """Send the form as it is shown, but for one field."""
        typed = {one.name: one.value or FILLED.get(one.name, "") for one in form.controls}
        fields = {**typed, "csrf": self.surfer.form_token(), control.name: text}
        place = self._place(page, form.action)
        if form.method == "get":
            return self.surfer.get(place, query_string=fields)
        if not form.is_multipart:
            return self.surfer.post(place, data=fields)
        files = {one.name for one in form.controls if one.kind == "file"}
        given: dict[str, Any] = fields | {
            name: FileStorage(io.BytesIO(b"x"), "x.txt") for name in files
        }
        boundary, body = encode_multipart(given)
        media = f'multipart/form-data; boundary="{boundary}"'
        return self.surfer.post(place, data=body, content_type=media)

    @staticmethod
    def _place(page: str, action: str) -> str:
        """Addresses are told relative to the page."""
        return action if action.startswith("/") else resolved(page, action)


def resolved(page: str, action: str) -> str:
    above = page.partition("?")[0].split("/")[:-1]
    for part in action.split("/"):
        if part == "..":
            above.pop()
        elif part != ".":
            above.append(part)
    return "/".join(above) if action else page.partition("?")[0]


@pytest.fixture
def house(app: Flask) -> House:
    surfer, token = a_surfer(app), a_token("1", *SCOPES)
    surfer.sign_in(token)
    api, curator = Person(app.test_client(), token), Curator(app.test_client(), token)
    number = api.post("/v2/workspaces", json={"profile": "generic"}).get_json()["id"]
    api.put(f"/v2/workspaces/{number}/files/a.txt", b"text\n")
    package = curator.create("On rings")
    curator.text(package, "README.md", b"# Rings")
    curator.post(f"/{package}:freeze", {})
    surfer.send(f"/packages/{package}/shares", {"version": "1", "slug": "rings"})
    asked = {"title": "Papers", "profile": "generic", "ask": "name", "slug": "papers"}
    limits = {"closes": "2099-01-31T18:00", "files": "1", "mib": "1", "file_mib": "1"}
    surfer.send("/invitations", {**asked, **limits, "password": "open sesame"})
    home = f"/packages/{package}"
    return House(
        surfer,
        (
            "/login", "/w", f"/w/{number}", f"/w/{number}/f/a.txt", f"/w/{number}/checkpoints",
            "/packages", home, f"{home}/item?path=README.md", f"{home}/versions",
            f"{home}/diff?from=1", f"{home}/sources", f"{home}/import", f"{home}/shares",
            f"{home}/shares/rings", "/packages/shares",
            "/invitations", "/u/papers", "/admin", "/admin/sources",
        ),
    )  # fmt: skip


def keeps(form: Form, control: Control) -> bool:
    """What is looked for stays in the address, files are to be chosen again, passwords typed."""
    return form.method == "post" and control.kind != "password" and not form.is_multipart


def is_of_signing_in(page: str, control: Control) -> bool:
    return page in ("/login", "/u/papers") and control.name in SIGNING_IN


def test_every_text_field_says_how_long_it_may_be(house: House) -> None:
    endless = [
        (page, control.name)
        for page in house.pages
        for _form, control in house.bounded(page)
        if control.most is None and not is_of_signing_in(page, control)
    ]

    assert endless == []


def test_one_character_more_is_refused_in_words_and_stays_on_the_page(house: House) -> None:
    wrong, tried = [], 0
    for page in house.pages:
        for form, control in house.bounded(page):
            if control.most is None or is_of_signing_in(page, control):
                continue
            tried += 1
            text = "x" * (control.most + 1)
            answer = house.fill(page, form, control, text)
            told = answer.text.partition('role="alert"')[2].partition("<form")[0]
            is_told = re.search(rf"\b{control.most}\b", told)
            is_kept = text in answer.text or not keeps(form, control)
            if not (400 <= answer.status_code < 500 and is_told and is_kept):
                wrong.append((page, control.name, answer.status_code, told))

    assert wrong == []
    assert tried > 30


def test_no_page_with_a_form_says_a_text_in_english(house: House) -> None:
    choose(house.surfer, "de")

    shown = [house.surfer.get(page).text for page in house.pages]
    shown.append(house.surfer.send("/w", {"name": "x" * 201}).text)
    share = next(page for page in house.pages if page.endswith("/shares/rings"))
    shown.append(house.surfer.send(f"{share}/keys", {"name": "Xyzzy"}).text)
    house.surfer.send("/w/1/lock", {"reason": "Xyzzy"})
    shown.append(house.surfer.get("/w/1/receipt").text)

    assert all('<html lang="de">' in page for page in shown)
    english = [text for text, _pattern in in_english(shown)]
    # A moment ends in it, and so does what is asked for one.
    assert [text for text in english if ", in UTC" not in text] == []


def test_nothing_is_made_of_what_was_refused(house: House, api: Person) -> None:
    surfer = house.surfer
    long = "x" * 201

    refused = [
        surfer.send("/w", {"name": long}),
        surfer.send("/w/1/checkpoints", {"name": long}),
        surfer.send("/w/1/lock", {"reason": "x" * 1001}),
    ]

    assert [one.status_code for one in refused] == [422, 422, 422]
    assert "&#39;name&#39; has 201 characters, and may have 200." in refused[0].text
    assert len(api.get("/v2/workspaces").get_json()["workspaces"]) == 1
    assert api.get("/v2/workspaces/1").get_json()["lock"] is None
    assert api.get("/v2/workspaces/1/checkpoints").get_json()["checkpoints"] == []


def test_what_was_typed_is_mended_on_the_page_and_sent_again(alice: Surfer, api: Person) -> None:
    refused = alice.send("/w", {"name": "<b>" + "x" * 200, "profile": "generic"})

    (form,) = [one for one in Forms(refused.text).found if one.action.endswith("w")]
    sent = {one.name: one.value for one in form.controls}
    assert sent["name"] == "<b>" + "x" * 200
    assert "<b>" not in refused.text
    assert 'for="kept-1">Name</label>' in refused.text
    again = alice.post("/w", data={**sent, "name": "On rings"})
    assert again.status_code == 303
    (made,) = api.get("/v2/workspaces").get_json()["workspaces"]
    assert (made["name"], made["profile"]) == ("On rings", "generic")


def test_a_password_is_asked_for_again_and_not_shown(house: House) -> None:
    page = next(one for one in house.pages if one.endswith("/rings")).removesuffix("/rings")

    refused = house.surfer.send(page, {"version": "1", "slug": "A b", "password": "open sesame"})

    assert refused.status_code == 422
    assert "open sesame" not in refused.text
    assert re.search(r'name="password" type="password"[^>]* required', refused.text)
    assert 'value="A b"' in refused.text


def test_what_was_typed_beside_a_change_of_others_is_not_sent_over_it(house: House) -> None:
    home = next(page for page in house.pages if page.endswith("/versions")).rpartition("/")[0]
    fields = {"path": "README.md", "tag": "0" * 64, "text": "# What took me an hour"}

    refused = house.surfer.send(f"{home}/text", fields)

    assert refused.status_code == 412
    assert "# What took me an hour</textarea>" in refused.text
    assert "bring this along" in refused.text
    assert "Send it again" not in refused.text


@pytest.mark.parametrize(
    "headers",
    [{}, {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}],
    ids=["without-the-secret", "of-another-site"],
)
def test_the_words_of_others_are_not_kept_for_one_press_of_a_button(
    alice: Surfer, headers: dict[str, str]
) -> None:
    refused = alice.post("/w", data={"name": "chosen by others"}, headers=headers)

    assert refused.status_code == 403
    assert "chosen by others" not in refused.text


def test_a_guest_who_answers_at_too_great_length_is_told_and_keeps_the_answers(
    house: House, app: Flask
) -> None:
    guest = a_surfer(app)

    refused = guest.post(
        "/u/papers/begin", data={"answer-0": "<i>" + "x" * 498, "password": "open sesame"}
    )

    assert refused.status_code == 403
    assert "The answer to &#39;name&#39; may have 500 characters. Shorten it." in refused.text
    assert f'value="&lt;i&gt;{"x" * 498}"' in refused.text
    assert "Nobody yet." in house.surfer.get("/invitations/1").text
