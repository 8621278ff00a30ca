"""Words of answers: nothing of a parser or codec, nothing that turns a line around."""

import re

import pytest

from builders.papers import PAPER, a_zip
from people.person import Person

UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
FOREIGN = re.compile("codec|byte 0x|decode|Traceback|Error\\b|Expecting|line 1")
TURNED = "a\u202eb.txt"


def _form(name: bytes) -> bytes:
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="' + name + b'"\r\n\r\n'
    return head + PAPER + b"\r\n--b--\r\n"


@pytest.mark.parametrize(
    "body",
    [_form(b"gr\xfc\xdf.tex"), _form(b"\xff\xfe"), b"--b\r\n\xff", b"no form", b"--b\r\nx: y\r\n"],
)
def test_a_form_that_cannot_be_read_is_refused_in_our_words(alice: Person, body: bytes) -> None:
    response = alice.post("/", data=body, content_type="multipart/form-data; boundary=b")

    assert response.status_code == 400
    assert not FOREIGN.search(response.get_json()["reason"])


def test_a_name_in_a_code_page_is_told_as_such(alice: Person) -> None:
    response = alice.post(
        "/", data=_form(b"gr\xfc\xdf.tex"), content_type="multipart/form-data; boundary=b"
    )

    text = "The form could not be read: a name in it is not UTF-8."
    assert (response.status_code, response.get_json()) == (400, {"reason": text})


def test_names_in_refusals_are_escaped(alice: Person) -> None:
    made = alice.post("/v2/workspaces", json={"profile": "generic"}).get_json()["id"]
    workspace = f"/v2/workspaces/{made}"
    alice.put(f"{workspace}/files/a.txt", b"x\n")
    alice.put(f"{workspace}/files/b.txt", b"x\n")

    moved = alice.post(
        f"{workspace}/files:move", json={"source": "b.txt", "target": f"a.txt/{TURNED}"}
    )
    missing = alice.get(f"/{made}/{TURNED}/content")

    assert (moved.status_code, missing.status_code) == (409, 404)
    words = [moved.get_json()["detail"], missing.get_json()["reason"]]
    assert all("\\u202e" in text and not UNSEEN.search(text) for text in words)


@pytest.mark.parametrize("profile", ["arxiv", "generic"])
def test_names_in_findings_and_changes_are_escaped(alice: Person, profile: str) -> None:
    made = alice.post("/v2/workspaces", json={"profile": profile}).get_json()["id"]
    workspace = f"/v2/workspaces/{made}"

    put = alice.put(f"{workspace}/files/a.zip", a_zip({TURNED: b"x\n", "main.tex": PAPER}))

    findings = alice.get(f"{workspace}/findings").get_json()["findings"]
    lines = alice.get(f"{workspace}/log").get_json()["lines"]
    words = [one["message"] for one in (*findings, *put.get_json()["changes"])]
    assert any("\\u202e" in text for text in words)
    assert not [text for text in (*words, *(one["text"] for one in lines)) if UNSEEN.search(text)]


def test_a_finding_says_what_to_do_apart(alice: Person) -> None:
    made = alice.post("/v2/workspaces", json={}).get_json()["id"]
    alice.put(f"/v2/workspaces/{made}/files/a.7z", b"7z\xbc\xaf\x27\x1c\x01")

    found = alice.get(f"/v2/workspaces/{made}/findings?code=unread_archive").get_json()["findings"]
    page = alice.client.get("/docs")

    assert [one["hint"] for one in found] == ["Please pack the files again as .zip or .tar.gz."]
    assert "Please pack the files again as .zip or .tar.gz." in page.text
