"""Pages of guests: begun, handed in by a plain form, withdrawn, confirmed; without a script."""

import io
import re
from typing import Any

import pytest
from flask import Flask

from builders.papers import a_tarball
from filemanager.settings.web import WebSettings
from people.person import Person
from people.surfers import Surfer, a_surfer

HOSTILE = '<script>alert("1")</script>'
TERMS: dict[str, Any] = {
    "title": f"Papers {HOSTILE}",
    "message": HOSTILE,
    "profile": "generic",
    "closes_at": "2099-01-01T00:00:00Z",
    "max_files": 10,
    "max_bytes": 1_000_000,
    "max_file_bytes": 100_000,
    "slug": "papers",
    "ask": ["name", f"e-mail {HOSTILE}"],
    "password": "open sesame",
}
KNOCK = {"answer-0": "Ada", "answer-1": HOSTILE, "password": "open sesame"}


@pytest.fixture
def invitation(api: Person) -> int:
    made = api.post("/v2/invitations", json=TERMS)
    assert made.status_code == 201, made.text
    return int(made.get_json()["id"])


@pytest.fixture
def place(surfer: Surfer, invitation: int) -> str:
    """The path of a guest who begun by the form."""
    assert invitation
    begun = surfer.post("/u/papers/begin", data=KNOCK)
    assert begun.status_code == 303, begun.text
    found = re.search(r"g/[^/]+/$", begun.headers["Location"])
    assert found is not None
    return f"/{found[0]}"


def send(surfer: Surfer, place: str, *files: tuple[bytes, str], **headers: str) -> Any:
    data = {"file": [(io.BytesIO(body), name) for body, name in files], "unpack": ""}
    return surfer.post(
        f"{place}send", data=data, content_type="multipart/form-data", headers=headers
    )


def test_an_invitation_says_who_asks_for_what(surfer: Surfer, invitation: int) -> None:
    assert invitation
    shown = surfer.get("/u/papers")

    assert (shown.status_code, shown.mimetype) == (200, "text/html")
    assert "theuser asks you for files, until 2099-01-01 00:00 UTC." in shown.text
    assert 'name="answer-0"' in shown.text
    assert 'type="password"' in shown.text
    assert "<script>alert" not in shown.text
    assert surfer.client.get("/u/papers").get_json()["title"] == TERMS["title"]


def test_a_wrong_password_shows_the_form_again(surfer: Surfer, invitation: int) -> None:
    assert invitation
    refused = surfer.post("/u/papers/begin", data={**KNOCK, "password": "sesame"})

    assert refused.status_code == 403
    assert "The password is wrong." in refused.text
    assert 'name="answer-0"' in refused.text


def test_files_are_handed_in_by_a_plain_form(surfer: Surfer, place: str) -> None:
    empty = surfer.get(place)

    sent = send(surfer, place, (b"text", "d/a.txt"), (b"", "empty.txt"), (b"b", "<b>.txt"))

    assert "There are no files." in empty.text
    assert sent.status_code == 303, sent.text
    shown = surfer.get(place).text
    assert "d/a.txt" in shown
    assert "&lt;b&gt;.txt" in shown
    assert "Received, not confirmed yet" in shown
    assert "<script>alert" not in shown


def test_a_hostile_archive_has_its_finding_on_the_page(surfer: Surfer, place: str) -> None:
    send(surfer, place, (a_tarball({"../../x": b"x", "a.txt": b"a"}), "evil.tar.gz"))

    shown = surfer.get(place).text

    assert "What checks say" in shown
    assert "evil.tar.gz" in shown
    assert "a.txt" in shown


def test_what_is_too_much_is_refused_in_words_and_leaves_nothing(
    surfer: Surfer, place: str
) -> None:
    refused = send(surfer, place, (b"ok", "a.txt"), (bytes(100_001), "b.bin"))

    assert (refused.status_code, refused.mimetype) == (413, "text/html")
    assert "A file may have 100000 bytes here" in refused.text
    assert "There are no files." in surfer.get(place).text


def test_a_file_is_withdrawn_and_the_rest_confirmed(surfer: Surfer, place: str) -> None:
    send(surfer, place, (b"a", "a.txt"), (b"b", "b.txt"))

    withdrawn = surfer.post(f"{place}withdraw", data={"path": "a.txt"})
    confirmed = surfer.post(f"{place}confirmed")

    assert (withdrawn.status_code, confirmed.status_code) == (303, 303)
    receipt = surfer.get(f"{place}receipt").text
    assert "b.txt" in receipt
    assert "a.txt" not in receipt
    assert "3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d" in receipt
    assert "Ada" in receipt
    assert "<script>alert" not in receipt
    assert "Confirmed" in surfer.get(place).text


def test_there_is_no_receipt_of_what_is_not_confirmed(surfer: Surfer, place: str) -> None:
    refused = surfer.get(f"{place}receipt")

    assert (refused.status_code, refused.mimetype) == (409, "text/html")


def test_another_site_sends_no_form(surfer: Surfer, place: str) -> None:
    foreign = {"Origin": "https://evil.example.org", "Sec-Fetch-Site": "cross-site"}

    assert send(surfer, place, (b"a", "a.txt"), **foreign).status_code == 403
    for path in ("withdraw", "confirmed"):
        assert surfer.post(f"{place}{path}", headers=foreign).status_code == 403
    assert surfer.post("/u/papers/begin", data=KNOCK, headers=foreign).status_code == 403


def test_a_closed_invitation_takes_no_form(surfer: Surfer, place: str, api: Person) -> None:
    send(surfer, place, (b"a", "a.txt"))
    api.patch("/v2/invitations/1", json={"closes_at": "2001-01-01T00:00:00Z"})

    refused = send(surfer, place, (b"b", "b.txt"))

    assert (refused.status_code, refused.mimetype) == (410, "text/html")
    assert surfer.post(f"{place}withdraw", data={"path": "a.txt"}).status_code == 410
    shown = surfer.get(place).text
    assert "a.txt" in shown
    assert "nothing can be changed any more" in shown
    assert [what for what in ("Withdraw", "<script", "Add files") if what in shown] == []


def test_a_link_that_opens_nothing_is_a_page_too(surfer: Surfer) -> None:
    for path in ("/u/none", "/g/none/", "/g/none/receipt"):
        shown = surfer.get(path)
        assert (shown.status_code, shown.mimetype) == (404, "text/html")
        assert "Ask who sent you the link" in shown.text


@pytest.mark.parametrize("special", [{"pages": WebSettings(web=False)}], ids=["without pages"])
def test_where_pages_are_off_browsers_get_json(app: Flask) -> None:
    assert a_surfer(app).get("/u/none").mimetype == "application/problem+json"


def test_pages_run_nothing_and_tell_no_other_site(surfer: Surfer, place: str) -> None:
    for path in ("/u/papers", place):
        headers = surfer.get(path).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["X-Robots-Tag"] == "noindex"
        assert headers["Cache-Control"] == "no-store"
