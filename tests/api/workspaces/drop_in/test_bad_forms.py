"""Requests with a body that is broken, odd or too large: an answer in JSON, and nothing kept."""

import io
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from builders.papers import PAPER, a_tarball, a_zip
from people.answers import Answer, answer, everything
from people.person import API, Person

NO_PART: Answer = (400, {"reason": "missing file/archive payload"})
FORM = 'multipart/form-data; boundary="b"'
HEAD = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.tex"\r\n\r\n'


def field(name: str, value: bytes) -> bytes:
    head = f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
    return head.encode() + value + b"\r\n"


def too_large(limit: int) -> Answer:
    return 413, {"reason": f"The request is larger than the limit of {limit} bytes."}


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/octet-stream", PAPER),
        ("application/x-www-form-urlencoded", b"file=abc"),
        ("application/json", b"[" * 10_000),
        ("", b""),
        ("multipart/form-data", HEAD + PAPER + b"\r\n--b--\r\n"),
        ("multipart/form-data; boundary=", HEAD + PAPER + b"\r\n--b--\r\n"),
        ("multipart/mixed; boundary=b", HEAD + PAPER + b"\r\n--b--\r\n"),
        (FORM, b"--b--\r\n"),
        (FORM, field("file", PAPER) + b"--b--\r\n"),
        (FORM, HEAD.replace(b'"file"', b'"File"') + PAPER + b"\r\n--b--\r\n"),
        (FORM, HEAD.replace(b'"file"', b'""') + PAPER + b"\r\n--b--\r\n"),
    ],
)
def test_a_form_without_the_part_is_400(
    alice: Person, bob: Person, content_type: str, body: bytes
) -> None:
    response = alice.post("/", data=body, content_type=content_type)

    assert answer(response) == NO_PART
    assert everything(bob)["workspaces"] == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"garbage",
        b"--other\r\n",
        HEAD[:30],
        HEAD,
        HEAD + PAPER,
        HEAD + PAPER + b"\r\n--b",
        HEAD + PAPER + b"\r\n--other--\r\n",
        HEAD.replace(b"Content-Disposition", b"Content-Nothing") + PAPER + b"\r\n--b--\r\n",
    ],
)
def test_a_form_that_breaks_off_is_400(alice: Person, bob: Person, body: bytes) -> None:
    response = alice.post("/", data=body, content_type=FORM)

    assert response.status_code == 400
    assert set(answer(response)[1]) == {"reason"}
    assert everything(bob)["workspaces"] == []


@pytest.mark.parametrize(("fields", "size_bytes"), [(1000, 1), (1, 8 << 20)])
def test_too_many_parts_or_too_large_a_field_are_413(
    alice: Person, bob: Person, fields: int, size_bytes: int
) -> None:
    sent = field("ancillary", b"x" * size_bytes) * fields

    response = alice.post("/", data=sent + HEAD + b"x\r\n--b--\r\n", content_type=FORM)

    reason = "The form has more than 100 parts, or more than 4194304 bytes besides its file."
    assert answer(response) == (413, {"reason": reason})
    assert everything(bob)["workspaces"] == []


def test_headers_of_a_part_have_a_limit(alice: Person, bob: Person) -> None:
    head = HEAD.replace(b"\r\n\r\n", b"\r\nX-Long: " + b"x" * (8 << 20) + b"\r\n\r\n")

    response = alice.post("/", data=head + PAPER + b"\r\n--b--\r\n", content_type=FORM)

    assert response.status_code in {400, 413}
    assert set(answer(response)[1]) == {"reason"}
    assert everything(bob)["workspaces"] == []


def test_several_files_in_one_form_are_one_upload(alice: Person) -> None:
    other = HEAD.replace(b'"file"', b'"other"').replace(b"a.tex", b"b.tex")
    body = other + b"other\r\n" + HEAD + PAPER + b"\r\n--b--\r\n"

    response = alice.post("/", data=body, content_type=FORM)

    assert response.status_code == 201
    assert [file["name"] for file in response.get_json()["files"]] == ["a.tex"]


@pytest.mark.parametrize(
    "special", [{"max_request_bytes": 1000}, {"max_request_bytes": 1000, "scratch_bytes": 1 << 20}]
)
def test_a_content_length_beyond_the_limit_is_413(alice: Person, bob: Person) -> None:
    response = alice.upload("/", "main.tex", PAPER * 20)

    assert answer(response) == too_large(1000)
    assert everything(bob)["workspaces"] == []


@pytest.mark.parametrize("special", [{"max_request_bytes": 1000}])
def test_a_chunked_body_beyond_the_limit_is_413(client: FlaskClient, alice: Person) -> None:
    body = HEAD + PAPER * 20 + b"\r\n--b--\r\n"

    response = chunked(client, alice, body)

    assert answer(response) == too_large(1000)
    assert alice.get("/1").status_code == 404


def test_a_chunked_body_is_taken(client: FlaskClient, alice: Person) -> None:
    response = chunked(client, alice, HEAD + PAPER + b"\r\n--b--\r\n")

    assert response.status_code == 201
    assert alice.get("/1/a.tex/content").data == PAPER


@pytest.mark.parametrize("special", [{"max_request_bytes": 1000}])
def test_a_body_beyond_the_limit_leaves_a_workspace_alone(alice: Person, bob: Person) -> None:
    alice.create("main.tex", PAPER)
    before = everything(bob)

    response = alice.upload("/1", "b.tex", PAPER * 20)

    assert answer(response) == too_large(1000)
    assert everything(bob) == before


def test_a_token_is_asked_for_before_the_body(app: Flask) -> None:
    class Untouchable(io.RawIOBase):
        def readinto(self, _: Any) -> int:
            raise AssertionError

    environ = {"wsgi.input": Untouchable(), "CONTENT_LENGTH": "1048576", "CONTENT_TYPE": FORM}
    response = app.test_client().post(f"{API}/", environ_overrides=environ)

    assert response.status_code == 401


@pytest.mark.parametrize(
    "name", ["../evil.tex", "../../etc/passwd", "a/../b.tex", "/etc/passwd", "a//b", "a/", "..",
             ".", "anc", "anc/", "a\x7fb.tex", "a" * 256, "a/" * 400 + "b"],
)  # fmt: skip
def test_a_name_that_no_tree_can_hold_is_400(alice: Person, bob: Person, name: str) -> None:
    response = alice.upload("/", name, PAPER)

    status, body = answer(response)
    assert status == 400
    assert body["reason"].startswith("The path '")
    assert everything(bob)["workspaces"] == []


@pytest.mark.parametrize("special", [{"max_unpacked_bytes": 10_000}])
@pytest.mark.parametrize("pack", [a_tarball, a_zip])
def test_an_archive_beyond_the_budget_of_bytes_is_413(
    alice: Person, bob: Person, pack: Any
) -> None:
    response = alice.upload("/", "paper.tar.gz", pack({"main.tex": PAPER, "b": bytes(20_000)}))

    reason = "The upload unpacks to more than the limit of 10000 unpacked bytes. Nothing was added."
    assert answer(response) == (413, {"reason": reason})
    assert everything(bob)["workspaces"] == []


@pytest.mark.parametrize("special", [{"max_unpacked_entries": 3}])
@pytest.mark.parametrize("pack", [a_tarball, a_zip])
def test_an_archive_beyond_the_budget_of_entries_is_413(
    alice: Person, bob: Person, pack: Any
) -> None:
    alice.create("main.tex", PAPER)
    before = everything(bob)

    response = alice.upload("/1", "more.tar.gz", pack({f"{n}.txt": b"x\n" for n in range(4)}))

    reason = "The upload unpacks to more than the limit of 3 entries. Nothing was added."
    assert answer(response) == (413, {"reason": reason})
    assert everything(bob) == before


def test_archives_in_archives_end_at_the_depth(alice: Person, bob: Person) -> None:
    archive = a_tarball({"main.tex": PAPER})
    for _ in range(3):
        archive = a_tarball({"inner.tar.gz": archive, "a.txt": b"a\n"})

    response = alice.upload("/", "paper.tar.gz", archive)

    reason = (
        "The upload unpacks to more than the limit of 3 archives inside one another."
        " Nothing was added."
    )
    assert answer(response) == (413, {"reason": reason})
    assert everything(bob)["workspaces"] == []


@pytest.mark.parametrize("special", [{"scratch_bytes": 1 << 20, "workers": 1}])
def test_no_room_to_spool_is_503_with_a_time_to_wait(alice: Person, bob: Person) -> None:
    response = alice.upload("/", "large.bin", bytes(2 << 20))

    reason = "The node has no room for another upload just now. Try again shortly."
    assert answer(response) == (503, {"reason": reason})
    assert response.headers["Retry-After"] == "5"
    assert everything(bob)["workspaces"] == []


def chunked(client: FlaskClient, person: Person, body: bytes) -> Any:
    """As the server hands over a chunked request: no length, and a stream with an end."""
    return client.post(
        f"{API}/",
        input_stream=io.BytesIO(body),
        content_type=FORM,
        headers={"Authorization": person.token or "", "Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},
    )
