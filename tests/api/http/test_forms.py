"""Forms as browsers, curl, mail programs and old Windows programs write them."""

import base64
import quopri
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask

from builders.in_memory import MemoryScratch
from builders.papers import PAPER
from filemanager.api.forms.multipart import FormParser, last_part
from filemanager.api.http.requests import read_form
from filemanager.services.intake import Spool
from people.answers import Answer, answer, everything
from people.person import Person

FORM = 'multipart/form-data; boundary="b"'


def form(file_name: bytes, body: bytes = PAPER, *headers: bytes) -> bytes:
    """*file_name* stands in the header as it is, with its quotation marks."""
    more = b"".join(header + b"\r\n" for header in headers)
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename=' + file_name + b"\r\n"
    return head + more + b"\r\n" + body + b"\r\n--b--\r\n"


def names_of(alice: Person, file_name: bytes) -> list[str]:
    response = alice.post("/", data=form(file_name), content_type=FORM)
    assert response.status_code == 201, response.get_json()
    return [file["name"] for file in response.get_json()["files"]]


@pytest.mark.parametrize(
    "file_name",
    [
        rb'"C:\fakepath\main.tex"',
        rb'"C:\\fakepath\\main.tex"',
        rb'"c:\Users\Anna Lena\paper\main.tex"',
        rb'"\\server\share\main.tex"',
        rb'"\\\\server\\share\\main.tex"',
        b"x; filename*=UTF-8''C%3A%5Cfakepath%5Cmain.tex",
        rb'"C:\fakepath\main.tex"; size=9',
    ],
)
def test_a_full_path_of_windows_is_its_last_part(alice: Person, file_name: bytes) -> None:
    assert names_of(alice, file_name) == ["main.tex"]


@pytest.mark.parametrize(
    ("file_name", "name"),
    [
        (rb'"a\b.tex"', r"a\b.tex"),
        (rb'"a\\b.tex"', r"a\b.tex"),
        (rb'"b\"', "b\\"),
        (rb'"b\\"', "b\\"),
        (rb'"b\"; size=9', "b\\"),
        (rb'"\b.tex"', r"\b.tex"),
        (rb'"\\b.tex"', r"\b.tex"),
        (rb'"a\"b.tex"', 'a"b.tex'),
        (rb'"a%22b.tex"', 'a"b.tex'),
        (rb'"a\"; x.tex"', 'a"; x.tex'),
        (rb'"a\b\"c.tex"', r'a\b"c.tex'),
        (rb"main.tex", "main.tex"),
        (rb'"main.tex"; filename="b\"', "b\\"),
    ],
)
def test_other_backslashes_and_quotation_marks_are_characters(file_name: bytes, name: str) -> None:
    parser = FormParser(lambda _: BytesIO(), 10, 1 << 20)

    parser.parse(iter([form(file_name)]), b"b")

    assert [(key, last_part(file)) for key, file in parser.files.items()] == [("file", name)]


@pytest.mark.parametrize("file_name", [rb'"a\b.txt"', rb'"b\"'])
def test_a_name_with_a_backslash_is_never_missing(alice: Person, file_name: bytes) -> None:
    assert len(names_of(alice, file_name)) == 1


def test_the_shared_case_of_a_fakepath(alice: Person, fixtures: Path) -> None:
    data = (fixtures / "cases" / "fakepath-filename.tex").read_bytes()

    response = alice.post("/", data=form(rb'"C:\fakepath\main.tex"', data), content_type=FORM)

    assert [file["name"] for file in response.get_json()["files"]] == ["main.tex"]


def test_a_name_that_is_not_utf_8_is_400_in_our_words(alice: Person, bob: Person) -> None:
    response = alice.post("/", data=form(b'"gr\xfc\xdfe.tex"'), content_type=FORM)

    reason = "The form could not be read: a name in it is not UTF-8."
    assert answer(response) == (400, {"reason": reason})
    assert everything(bob)["workspaces"] == []


def test_a_form_that_breaks_off_is_400_in_our_words(alice: Person, bob: Person) -> None:
    response = alice.post("/", data=form(b'"a.tex"')[:-4], content_type=FORM)

    reason = "The form could not be read: it breaks off, or a part has no name."
    assert answer(response) == (400, {"reason": reason})
    assert everything(bob)["workspaces"] == []


def encoded(alice: Person, encoding: bytes, body: bytes) -> Answer:
    header = b"Content-Transfer-Encoding: " + encoding
    data = form(b'"main.tex"', body, header)
    response = alice.post("/", data=data, content_type=FORM)
    if response.status_code != 201:
        return answer(response)
    upload_id = response.get_json()["upload_id"]
    return response.status_code, alice.get(f"/{upload_id}/main.tex/content").data


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        (b"base64", base64.b64encode(PAPER)),
        (b"BASE64 ", base64.encodebytes(PAPER)),
        (b"base64", base64.encodebytes(PAPER).replace(b"\n", b"\r\n")),
        (b"base64", base64.b64encode(PAPER).rstrip(b"=")),
        (b"quoted-printable", quopri.encodestring(PAPER)),
        (b"binary", PAPER),
        (b"7bit", PAPER),
        (b"8bit", PAPER),
        (b"", PAPER),
    ],
)
def test_an_encoded_part_is_decoded(alice: Person, encoding: bytes, body: bytes) -> None:
    assert encoded(alice, encoding, body) == (201, PAPER)


@pytest.mark.parametrize(
    ("encoding", "encode"),
    [(b"base64", base64.encodebytes), (b"quoted-printable", quopri.encodestring)],
)
def test_a_large_one_is_decoded_on_the_way(
    alice: Person, encoding: bytes, encode: Callable[[bytes], bytes]
) -> None:
    long = PAPER + b"% a line of a paper that has many\n" * 100_000

    assert encoded(alice, encoding, encode(long)) == (201, long)


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("base64", b"%PDF-1.5 is no base64"),
        ("base64", b"YWJjZ"),
        ("base64", b"YWI=YWJj"),
        ("base64", b"YWI=" + b" " * (3 << 20) + b"YWJj"),
        ("base64", b"=YWJ"),
        ("quoted-printable", b"x" * (3 << 20)),
    ],
)
def test_what_is_not_in_its_encoding_is_400(
    alice: Person, bob: Person, encoding: str, body: bytes
) -> None:
    reason = (
        f"The part 'file' says that it is {encoding}, and is not. Send it again, best without an"
        " encoding of its own."
    )

    assert encoded(alice, encoding.encode(), body) == (400, {"reason": reason})
    assert everything(bob)["workspaces"] == []


def test_a_field_may_be_encoded_too() -> None:
    field = (
        b'--b\r\nContent-Disposition: form-data; name="ancillary"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.b64encode(b"True") + b"\r\n"
    )
    parser = FormParser(lambda _: BytesIO(), 10, 1 << 20)

    parser.parse(iter([field + form(b'"a.csv"')]), b"b")

    assert parser.fields.to_dict() == {"ancillary": "True"}


@pytest.mark.parametrize(
    ("name", "needs_md5"),
    [("paper.tar.gz", False), ("PAPER.ZIP", False), ("large.csv", True), ("letter.docx", True)],
)
def test_nobody_needs_the_md5_of_what_is_taken_apart(
    app: Flask, name: str, needs_md5: bool
) -> None:
    scratch = MemoryScratch()

    with app.test_request_context(method="POST", data={"file": (BytesIO(b"PK"), name)}):
        read_form(Spool(scratch), lambda: None)

    assert scratch.needed_md5s == [needs_md5]
