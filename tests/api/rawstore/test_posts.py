"""POST and GET /rawstore/objects: the store of a directory, where no S3 takes the forms."""

import hashlib
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from filemanager.api.rawstore.door import RawstoreDoor
from people.answers import answer
from people.depositors import Depositor, door_settings

ROW = b"a,b\n1,2\n"
POST = "/rawstore/objects"
URL = f"{POST}/alice/ds/f"


def refusal(response: TestResponse) -> tuple[int, str]:
    status, told = answer(response)
    return status, told["reason"]


def stored(app: Flask) -> list[str]:
    """The keys of all that lies in the directory."""
    made: Any = app.extensions["filemanager"].doors[RawstoreDoor].settler
    return [one.key for one in made._objects.listing("")]


def multipart(*parts: tuple[str, bytes], end: bytes = b"--b--\r\n") -> bytes:
    """A form put together by hand: the last part is the file."""
    made = b""
    for name, value in parts:
        head = f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
        made += head.encode() + value + b"\r\n"
    return made + end


def send_raw(client: FlaskClient, body: bytes) -> TestResponse:
    return client.post(POST, data=body, content_type="multipart/form-data; boundary=b")


def test_a_form_posts_its_file(ann: Depositor) -> None:
    form = ann.form("data/ü.csv", ROW)

    sent = ann.send(form, ROW)

    assert (sent.status_code, sent.data) == (204, b"")
    assert sent.headers["ETag"] == f'"{hashlib.md5(ROW, usedforsecurity=False).hexdigest()}"'
    assert ann.client.get(sent.headers["Location"]).data == ROW


@pytest.mark.parametrize("size", [0, 1, (1 << 20) + 1, 5_000_000])
def test_files_of_any_size_are_taken(ann: Depositor, size: int) -> None:
    data = b"\r\n--x\r\n" * (size // 7) + b"-" * (size % 7)

    url = ann.push("f", data)

    assert ann.client.get(url).data == data


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (ROW + b"3", "they are more than the form allows"),
        (ROW[1:], "they are fewer than the form says"),
        (ROW[::-1], "they do not have the MD5 that the form says"),
    ],
)
def test_other_bytes_are_refused(ann: Depositor, app: Flask, data: bytes, words: str) -> None:
    form = ann.form("f", ROW)

    sent = ann.send(form, data)

    assert refusal(sent) == (400, f"The bytes are refused: {words}. Nothing was stored.")
    assert stored(app) == []


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"key": "mallory/ds/f"}, "its field key is not what was given out"),
        ({"Content-Type": "text/html"}, "its field Content-Type is not what was given out"),
        ({"Content-MD5": "x"}, "its field Content-MD5 is not what was given out"),
        ({"acl": "private"}, "its field acl is not what was given out"),
        ({"policy": "e30="}, "it was not made by this service"),
        ({"signature": "0" * 64}, "it was not made by this service"),
        ({"signature": "ü"}, "it was not made by this service"),
    ],
)
def test_an_altered_form_is_refused(
    ann: Depositor, app: Flask, fields: dict[str, str], words: str
) -> None:
    form = ann.form("f", ROW)

    sent = ann.send(form, ROW, **fields)

    assert refusal(sent) == (403, f"The form is refused: {words}. Ask for a new one.")
    assert stored(app) == []


def test_a_replay_changes_nothing(ann: Depositor) -> None:
    form = ann.form("f", ROW)

    assert [ann.send(form, data).status_code for data in (ROW, ROW[::-1], ROW)] == [204, 400, 204]

    assert ann.client.get(URL).data == ROW
    assert ann.form("f", ROW)["exists"]


def test_an_older_form_is_refused(ann: Depositor, app: Flask) -> None:
    older = ann.form("f", ROW)
    ann.form("f", b"newer")

    words = "The form is refused: another has taken its place. Ask for a new one."
    assert refusal(ann.send(older, ROW)) == (403, words)
    assert stored(app) == []


def test_a_file_of_which_the_end_is_missing_is_refused(ann: Depositor, app: Flask) -> None:
    fields = [(name, text.encode()) for name, text in ann.form("f", ROW)["upload_query"].items()]

    sent = send_raw(ann.client, multipart(*fields, ("file", ROW), end=b""))

    assert sent.status_code == 400
    assert stored(app) == []


def test_what_stands_behind_the_file_is_not_looked_at(ann: Depositor) -> None:
    fields = [(name, text.encode()) for name, text in ann.form("f", ROW)["upload_query"].items()]

    sent = send_raw(ann.client, multipart(*fields, ("file", ROW), ("key", b"mallory/x")))

    assert sent.status_code == 204
    assert ann.client.get(URL).data == ROW


def test_fields_behind_the_file_are_no_fields(ann: Depositor, app: Flask) -> None:
    fields = [(name, text.encode()) for name, text in ann.form("f", ROW)["upload_query"].items()]

    sent = send_raw(ann.client, multipart(("file", ROW), *fields))

    assert sent.status_code == 403
    assert stored(app) == []


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"data": b"x", "content_type": "text/plain"},
        {"data": b"x", "content_type": "multipart/form-data"},
        {"data": {"key": "alice/ds/f"}, "content_type": "multipart/form-data"},
    ],
)
def test_a_form_without_a_file_is_400(ann: Depositor, sent: dict[str, Any]) -> None:
    assert refusal(ann.client.post(POST, **sent)) == (400, "missing file/archive payload")


@pytest.mark.parametrize(
    "parts",
    [[("key", b"x" * 70_000)], [(f"f{number}", b"") for number in range(200)]],
)
def test_a_form_of_too_much_is_413(ann: Depositor, parts: list[tuple[str, bytes]]) -> None:
    assert send_raw(ann.client, multipart(*parts, ("file", ROW))).status_code == 413


def test_a_body_that_is_no_form_is_400(ann: Depositor) -> None:
    assert send_raw(ann.client, b"nothing of the kind").status_code == 400


def test_nothing_is_read_for_a_bad_form(ann: Depositor) -> None:
    class Endless(BytesIO):
        """What a client sends that never ends."""

        sent_bytes = 0

        def read(self, size: int | None = -1) -> bytes:
            self.sent_bytes += size or 0
            return super().read(size) or b"x" * (size or 0)

    opening = multipart(("policy", b"e30="), ("file", b"x"), end=b"")[:-2]
    body = Endless(opening)

    told = ann.client.post(
        POST, input_stream=body, content_type="multipart/form-data; boundary=b",
        headers={"Content-Length": str(1 << 28)},
    )  # fmt: skip

    assert told.status_code == 403
    assert body.sent_bytes < 4 << 20


def test_a_file_is_sent_so_that_no_browser_runs_it(ann: Depositor) -> None:
    got = ann.client.get(ann.push("data/f ü.csv", ROW))

    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert got.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert got.headers["Content-Disposition"].startswith("attachment; filename=f_u.csv; ")


def test_a_part_of_a_file_is_sent(ann: Depositor) -> None:
    url = ann.push("f", ROW)

    got = ann.client.get(url, headers={"Range": "bytes=2-4"})

    assert (got.status_code, got.data) == (206, ROW[2:5])
    assert ann.client.get(url, headers={"If-None-Match": got.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize(
    "query",
    ["expires=1&signature=x", "expires=x&signature=", "signature=ü", "expires=²&signature="],
)
def test_an_unsigned_query_opens_nothing(ann: Depositor, query: str) -> None:
    url = ann.push("f", ROW, findability="private")

    assert ann.client.get(f"{url}?{query}").status_code == 403


def test_a_link_to_what_is_gone_is_404(ann: Depositor, app: Flask) -> None:
    signed = ann.presign(ann.push("f", ROW, findability="private")).get_json()["url"]
    app.extensions["filemanager"].doors[RawstoreDoor].settler._objects.delete("alice/ds/f")

    assert refusal(ann.client.get(signed)) == (404, "There is no such file.")
    assert ann.presign(f"http://fooserver.localdomain{URL}").status_code == 404


def test_the_secret_is_its_owners_alone(ann: Depositor, tmp_path: Path) -> None:
    ann.form("f", ROW)

    secret = tmp_path / "rawstore" / "secret"

    assert (secret.stat().st_mode & 0o777, secret.stat().st_size) == (0o600, 32)


@pytest.mark.parametrize(
    "special",
    [
        door_settings(
            STORAGE_BUCKET_NAME="bits", STORAGE_ACCESS_KEY_ID="a", STORAGE_SECRET_ACCESS_KEY="b"
        )
    ],
)
def test_where_a_store_takes_the_forms_nothing_is_posted_here(ann: Depositor) -> None:
    form = ann.form("f", ROW)

    sent = ann.client.post(POST, data={**form["upload_query"], "file": (BytesIO(ROW), "f")})

    assert form["upload_url"] == "https://s3.amazonaws.com/bits"
    assert refusal(sent) == (404, "There is no such file.")
    assert refusal(ann.client.get(URL)) == (404, "There is no such file.")
