"""What people sent is shown from an origin of its own, which has nothing else."""

import re
from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from builders.papers import a_token
from builders.preview_tokens import with_part
from builders.shown_files import GIF, HTML, JPEG, PDF, PNG, SVG, WEBP
from people.person import Person
from people.surfers import Surfer, a_surfer

ORIGIN = "https://content.example"
SET = {"pages": {"content_origin": ORIGIN}}
PROXY = {"trusted_proxies": "127.0.0.1", "allowed_hosts": "fooserver.localdomain"}
TEXT = "text/plain; charset=utf-8"


@pytest.fixture
def special() -> dict[str, Any]:
    """Tests of other settings parametrise it."""
    return SET


def put(api: Person, path: str, data: bytes) -> int:
    """The workspace that it lies in then."""
    made = api.post("/v2/workspaces", json={"profile": "generic"})
    number = int(made.get_json()["id"])
    sent = api.put(f"/v2/workspaces/{number}/files/{quote(path)}", data)
    assert sent.status_code == 201, sent.text
    return number


def opened(surfer: Surfer, api: Person, path: str, data: bytes) -> str:
    """The address on the content origin that pages lead to for such a file."""
    answer = surfer.get(f"/w/{put(api, path, data)}/open/{quote(path)}")
    assert answer.status_code == 303, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.headers["Location"]


@pytest.fixture
def stranger(app: Flask) -> Surfer:
    """Somebody's browser on the content origin, as all are there: without a cookie."""
    return a_surfer(app, ORIGIN)


@pytest.fixture
def picture(alice: Surfer, api: Person) -> str:
    return opened(alice, api, "rings.png", PNG).removeprefix(ORIGIN)


def test_it_shows_a_picture_to_who_has_the_address(stranger: Surfer, picture: str) -> None:
    answer, head = stranger.get(picture), stranger.client.head(picture, base_url=ORIGIN)

    assert (answer.status_code, answer.data) == (200, PNG)
    assert (head.status_code, head.data) == (200, b"")
    for headers in (answer.headers, head.headers):
        assert headers["Content-Type"] == "image/png"
        assert headers["Content-Length"] == str(len(PNG))
        assert headers["Content-Disposition"] == "inline; filename=rings.png"
        assert headers["Cache-Control"] == "private, no-cache"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert "Set-Cookie" not in headers
        assert "Access-Control-Allow-Origin" not in headers


@pytest.mark.parametrize(
    ("name", "data", "media", "disposition"),
    [
        ("a.png", PNG, "image/png", "inline"),
        ("a.jpg", JPEG, "image/jpeg", "inline"),
        ("a.gif", GIF, "image/gif", "inline"),
        ("a.webp", WEBP, "image/webp", "inline"),
        ("a.pdf", PDF, "application/pdf", "inline"),
        ("a.txt", "R\u00e4nge\n".encode(), TEXT, "inline"),
        ("a.tex", b"\\documentclass{article}\n\\begin{document}\n", TEXT, "inline"),
        ("page.png", HTML, "text/html", "attachment"),
        ("page.txt", HTML, "text/html", "attachment"),
        ("page.html", PNG, "image/png", "inline"),
        ("drawing.svg", SVG, "image/svg+xml", "attachment"),
        ("drawing.png", SVG, "image/svg+xml", "attachment"),
        ("a.zip", b"PK\x05\x06" + b"\0" * 18, "application/zip", "attachment"),
        ("a.bin", b"\0\1\2\3" * 10, "application/octet-stream", "attachment"),
    ],
    ids=[
        "png", "jpeg", "gif", "webp", "pdf", "text", "tex", "html-called-png", "html-called-txt",
        "png-called-html", "svg", "svg-called-png", "zip", "bytes",
    ],
)  # fmt: skip
def test_what_is_shown_is_decided_by_the_bytes(
    alice: Surfer,
    api: Person,
    stranger: Surfer,
    name: str,
    data: bytes,
    media: str,
    disposition: str,
) -> None:
    address = opened(alice, api, name, data)

    answer = stranger.get(address.removeprefix(ORIGIN))

    assert (answer.status_code, answer.data) == (200, data)
    assert answer.headers["Content-Type"] == media
    assert answer.headers["Content-Disposition"] == f"{disposition}; filename={name}"
    is_pdf = media == "application/pdf"
    policy = {one.strip() for one in answer.headers["Content-Security-Policy"].split(";")}
    assert {"default-src 'none'", "frame-ancestors 'none'"} <= policy
    assert ("sandbox" in policy) is not is_pdf
    assert ("Cross-Origin-Opener-Policy" in answer.headers) is is_pdf


@pytest.mark.parametrize(
    "path",
    [
        "/", "/c", "/c/", "/c/x/y", "/login", "/w", "/docs", "/openapi.json", "/livez", "/readyz",
        "/metrics", "/filemanager/api/status", "/filemanager/api/v2/workspaces", "/uploads",
        "/bucket/", "/rawstore/", "/repositories/", "/packages", "/s/rings", "/u/papers",
        "/static/pages.css", "/bucket", "//c/x", "/nothing",
    ],
)  # fmt: skip
@pytest.mark.parametrize("host", ["content.example", "CONTENT.example.:443"])
def test_nothing_else_is_there(alice: Surfer, api: Person, path: str, host: str) -> None:
    headers = {"Host": host, "Authorization": str(api.token)}

    answer = alice.get(path, headers=headers)

    assert_nothing(answer)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_nothing_is_done_there(stranger: Surfer, picture: str, method: str) -> None:
    for path in (picture, "/login", "/uploads/tus", "/filemanager/api/1"):
        assert_nothing(stranger.client.open(path, method=method, base_url=ORIGIN))


def test_a_page_of_ours_has_no_content(alice: Surfer, picture: str) -> None:
    answer = alice.get(picture)

    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    assert "The requested URL was not found" in answer.text
    assert b"IHDR" not in answer.data


def test_a_cookie_opens_nothing_there_and_closes_nothing(
    alice: Surfer, stranger: Surfer, picture: str
) -> None:
    stranger.client.set_cookie("__Host-fm", str(alice.secret), domain="content.example")
    stranger.client.set_cookie("fm", str(alice.secret), domain="content.example")

    forged = stranger.get(f"{picture[:-1]}{'0' if picture[-1] != '0' else '1'}")

    assert_nothing(forged)
    assert_nothing(stranger.get("/w"))
    assert stranger.get(picture).status_code == 200


@pytest.mark.parametrize("by", ["page", "api"])
def test_what_was_shown_ends_with_what_it_was_shown_for(
    alice: Surfer, api: Person, stranger: Surfer, by: str
) -> None:
    """The walk of all rights is `tests/services/sessions/test_previews.py`."""
    number = put(api, "rings.png", PNG)
    place = f"/w/{number}/open/rings.png"
    picture = alice.get(place).headers["Location"].removeprefix(ORIGIN)
    assert stranger.get(picture).status_code == 200

    if by == "page":
        alice.send("/logout")
    else:
        assert api.delete(f"/v2/workspaces/{number}/files/rings.png").status_code < 300

    assert_nothing(stranger.get(picture))


def test_what_a_blocked_owner_has_is_an_attachment(
    app: Flask, alice: Surfer, api: Person, stranger: Surfer
) -> None:
    number = put(api, "rings.png", PNG)
    page = alice.get(f"/w/{number}/f/rings.png").text
    made = re.search(rf'<img src="{ORIGIN}(/c/[^"]+)"', page)
    operator = a_surfer(app)
    operator.sign_in(a_token("9", "upload:admin"))
    assert operator.send("/admin/block", {"owner": "arxiv:1"}).status_code == 303

    page = alice.get(f"/w/{number}/f/rings.png").text

    assert made is not None
    assert_nothing(stranger.get(made[1]))
    assert '<img src="../raw/rings.png"' in page
    assert alice.get(f"/w/{number}/raw/rings.png").data == PNG


@pytest.mark.parametrize(
    "change",
    [
        with_part(1, "2"),
        with_part(2, "99999999999"),
        with_part(3, urlsafe_b64encode(b"evil.html").decode().rstrip("=")),
        lambda _path: "/c/x",
        lambda _path: "/c/%00",
        lambda _path: f"/c/{'9' * 5000}",
    ],
    ids=["workspace", "end", "path", "short", "nul", "long"],
)
def test_an_address_that_was_changed_leads_nowhere(
    stranger: Surfer, picture: str, change: Callable[[str], str]
) -> None:
    assert_nothing(stranger.get(change(picture)))


def test_a_part_is_sent_alone(stranger: Surfer, picture: str) -> None:
    part = stranger.get(picture, headers={"Range": "bytes=1-3"})
    outside = stranger.get(picture, headers={"Range": "bytes=1000-"})

    assert (part.status_code, part.data) == (206, b"PNG")
    assert part.headers["Content-Range"] == f"bytes 1-3/{len(PNG)}"
    assert part.headers["Content-Security-Policy"].endswith("; sandbox")
    assert (outside.status_code, outside.mimetype) == (416, "text/plain")
    assert outside.headers["Content-Range"] == f"bytes */{len(PNG)}"


def test_what_a_browser_has_is_not_sent_again(stranger: Surfer, picture: str) -> None:
    tag = stranger.get(picture).headers["ETag"]

    answer = stranger.get(picture, headers={"If-None-Match": tag})

    assert (answer.status_code, answer.data) == (304, b"")
    assert answer.headers["Content-Security-Policy"].endswith("; sandbox")


@pytest.mark.parametrize(
    "name",
    ["r\u00e4nge;x=y.txt", "a,b c.txt", "\u0101" * 120],
    ids=["letters", "blanks", "long"],
)
def test_no_name_says_anything_in_a_header(
    alice: Surfer, api: Person, stranger: Surfer, name: str
) -> None:
    address = opened(alice, api, name, b"text\n")

    answer = stranger.get(address.removeprefix(ORIGIN))

    said = answer.headers["Content-Disposition"]
    assert (answer.status_code, answer.data) == (200, b"text\n")
    assert re.fullmatch(r"inline; filename=[\w.+=,~-]+(; filename\*=UTF-8''[\w.%~-]*)?", said)
    assert answer.headers.getlist("Content-Type") == [TEXT]
    assert "Set-Cookie" not in answer.headers


def test_pages_have_their_pictures_from_there_and_from_nowhere_else(
    alice: Surfer, api: Person, stranger: Surfer
) -> None:
    shown = alice.get(f"/w/{put(api, 'rings.png', PNG)}/f/rings.png")

    found = re.search(rf'<img src="{ORIGIN}(/c/[^"]+)"', shown.text)

    assert found is not None
    assert stranger.get(found[1]).data == PNG
    assert f"img-src 'self' blob: {ORIGIN};" in shown.headers["Content-Security-Policy"]
    assert shown.headers["Content-Security-Policy"].count(ORIGIN) == 1


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.pdf", PDF), ("a.txt", b"text\n" * 60_000)],
    ids=["pdf", "long-text"],
)
def test_what_a_page_does_not_show_opens_in_a_tab_of_its_own(
    alice: Surfer, api: Person, name: str, data: bytes
) -> None:
    shown = alice.get(f"/w/{put(api, name, data)}/f/{name}").text

    assert f'<a href="../open/{name}" target="_blank" rel="noopener">' in shown


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.zip", b"PK\x05\x06" + b"\0" * 18), ("a.html", b"<!DOCTYPE html><html>" * 20_000)],
    ids=["zip", "html"],
)
def test_what_is_not_to_be_shown_is_offered_as_a_download_alone(
    alice: Surfer, api: Person, name: str, data: bytes
) -> None:
    shown = alice.get(f"/w/{put(api, name, data)}/f/{name}").text

    assert "open/" not in shown
    assert f'<a href="../raw/{name}" download>' in shown


def test_a_stranger_is_led_to_nothing(alice: Surfer, api: Person, mallory: Surfer) -> None:
    place = f"/w/{put(api, 'a.pdf', PDF)}/open/a.pdf"

    asked = [alice.get(place), mallory.get(place), alice.get(f"{place}x")]

    assert [one.status_code for one in asked] == [303, 404, 404]
    assert ORIGIN not in mallory.get(place).text


def test_nothing_that_opens_a_file_is_logged(
    stranger: Surfer, picture: str, capsys: pytest.CaptureFixture[str]
) -> None:
    stranger.get(picture)

    assert picture.rpartition(".")[2] not in capsys.readouterr().out


@pytest.mark.parametrize("special", [{**SET, "allowed_hosts": "fooserver.localdomain"}])
def test_its_host_is_taken_without_being_listed_and_for_that_alone(
    alice: Surfer, stranger: Surfer, picture: str
) -> None:
    elsewhere = alice.get("/livez", headers={"Host": "content.example:8080"})

    assert stranger.get(picture).status_code == 200
    assert_nothing(stranger.get("/livez"))
    assert elsewhere.status_code == 421


@pytest.mark.parametrize("special", [{**SET, **PROXY}])
def test_a_trusted_proxy_says_that_it_is_asked(app: Flask, alice: Surfer, picture: str) -> None:
    told = {"X-Forwarded-Host": "content.example", "X-Forwarded-Proto": "https"}
    elsewhere: dict[str, Any] = {"environ_base": {"REMOTE_ADDR": "203.0.113.9"}}

    believed = a_surfer(app).get(picture, headers=told)
    own = alice.get("/w", headers=told)
    not_believed = a_surfer(app).get(picture, headers=told, **elsewhere)

    assert (believed.status_code, believed.data) == (200, PNG)
    assert_nothing(own)
    assert not_believed.status_code == 404
    assert b"IHDR" not in not_believed.data


def test_it_refuses_in_the_language_of_who_asks(stranger: Surfer) -> None:
    answer = stranger.get("/c/x", headers={"Accept-Language": "de"})

    assert answer.headers["Content-Language"] == "de"
    assert "f\u00fcnf Minuten" in answer.text


@pytest.mark.parametrize("special", [{"pages": {"web": False, "content_origin": ORIGIN}}])
def test_without_pages_there_is_no_content_origin(app: Flask) -> None:
    asked = a_surfer(app, ORIGIN)

    assert asked.get("/c/x").status_code == 404
    assert asked.get("/livez").status_code == 200


@pytest.mark.parametrize("special", [{}])
def test_without_a_content_origin_files_are_attachments(alice: Surfer, api: Person) -> None:
    number = put(api, "rings.png", PNG)
    page = alice.get(f"/w/{number}/f/rings.png")
    led = alice.get(f"/w/{number}/open/rings.png")
    document = alice.get(f"/w/{put(api, 'a.pdf', PDF)}/f/a.pdf").text

    assert '<img src="../raw/rings.png"' in page.text
    assert "img-src 'self' blob:;" in page.headers["Content-Security-Policy"]
    assert led.headers["Location"] == "../raw/rings.png"
    assert "open/" not in document
    assert '<a href="../raw/a.pdf" download>' in document
    assert alice.get("/c/x").status_code == 404


def assert_nothing(answer: TestResponse) -> None:
    """Neither a page of ours nor an answer of the API, whatever was sent."""
    assert (answer.status_code, answer.mimetype) == (404, "text/plain")
    assert answer.headers["Content-Security-Policy"].endswith("; sandbox")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in answer.headers
    assert b"<" not in answer.data
