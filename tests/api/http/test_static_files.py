"""What pages load comes compressed to who takes it so, and is asked for once."""

import gzip
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import filemanager

STYLE = (Path(filemanager.__file__).parent / "api" / "static" / "docs.css").read_bytes()


def get(client: FlaskClient, path: str = "/static/docs.css", **headers: str) -> TestResponse:
    return client.get(path, headers={name.replace("_", "-"): one for name, one in headers.items()})


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        (None, None),
        ("", None),
        ("br", None),
        ("identity", None),
        ("gzip;q=0", None),
        ("gzip;q=0, *", None),
        ("gzip;q=0.2, identity;q=0.7", None),
        ("gzip", "gzip"),
        ("GZIP", "gzip"),
        ("*", "gzip"),
        ("gzip, deflate, br, zstd", "gzip"),
        ("gzip;q=0.1", "gzip"),
        ("gzip;q=0.5, identity;q=0.5", "gzip"),
        ("identity;q=0, gzip", "gzip"),
    ],
)
def test_a_coding_is_as_the_client_weighs_it(
    client: FlaskClient, accepted: str | None, coding: str | None
) -> None:
    answer = get(client, **({} if accepted is None else {"Accept_Encoding": accepted}))

    body = gzip.decompress(answer.data) if coding else answer.data
    assert (answer.status_code, answer.headers.get("Content-Encoding")) == (200, coding)
    assert (body, answer.headers["Vary"]) == (STYLE, "Accept-Encoding")
    assert answer.headers["Content-Length"] == str(len(answer.data))
    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"


def test_what_would_not_be_shorter_is_sent_as_it_is(client: FlaskClient) -> None:
    answer = get(client, "/static/icons/file.png", Accept_Encoding="gzip")

    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    assert not {"Content-Encoding", "Vary"} & set(answer.headers.keys())


def test_each_coding_has_a_tag_of_its_own(client: FlaskClient) -> None:
    plain, packed = get(client), get(client, Accept_Encoding="gzip")

    assert plain.headers["ETag"] != packed.headers["ETag"]
    for seen, accepted, status in (
        (plain, "identity", 304), (packed, "gzip", 304), (plain, "gzip", 200),
    ):  # fmt: skip
        again = get(client, Accept_Encoding=accepted, If_None_Match=seen.headers["ETag"])
        assert again.status_code == status
        assert again.headers["Vary"] == "Accept-Encoding"


def test_a_head_is_that_of_the_get(client: FlaskClient) -> None:
    asked = {"Accept-Encoding": "gzip"}
    got = client.get("/static/docs.css", headers=asked)
    head = client.head("/static/docs.css", headers=asked)

    assert head.data == b""
    for name in ("Content-Length", "Content-Encoding", "Content-Type", "ETag", "Vary"):
        assert head.headers[name] == got.headers[name]


def test_a_range_is_passed_over(client: FlaskClient) -> None:
    answer = get(client, Range="bytes=0-3")

    assert (answer.status_code, answer.data) == (200, STYLE)
    assert "Accept-Ranges" not in answer.headers


def test_by_its_version_a_file_is_asked_for_once(client: FlaskClient) -> None:
    page = client.get("/docs").text
    address = "/" + page.rpartition('rel="stylesheet" href="')[2].partition('"')[0]
    version = address.split("/")[-2]

    kept = get(client, address)
    of_another = get(client, address.replace(version, "0" * 16))
    plain = get(client)

    assert kept.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert {one.headers["Cache-Control"] for one in (of_another, plain)} == {"no-cache"}
    assert {one.data for one in (kept, of_another, plain)} == {STYLE}


@pytest.mark.parametrize(
    "path", ["", "nothing.css", "../templates/docs.html", "%2e%2e/templates/docs.html",
             "//etc/passwd", "0123456789abcdef/", "0123456789abcdef/../docs.css", "icons"],
)  # fmt: skip
def test_nothing_but_the_folder_is_sent(client: FlaskClient, path: str) -> None:
    assert get(client, f"/static/{path}").status_code == 404
