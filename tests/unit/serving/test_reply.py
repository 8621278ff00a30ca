"""What goes over the wire is what gunicorn itself would send, and what WSGI sees is the same."""

import re
from typing import Any

import pytest
from gunicorn.config import Config
from gunicorn.http import wsgi
from gunicorn.http.message import Request
from gunicorn.http.unreader import IterUnreader

from filemanager.serving.environment import Environment
from filemanager.serving.reply import Reply

HEADERS = [("Content-Type", "text/plain"), ("X-Name", "na\u00efve")]
_DATE = re.compile(rb"Date: [^\r]*")


class Line:
    """Keeps what is sent."""

    def __init__(self) -> None:
        self.sent = b""

    def sendall(self, data: bytes) -> None:
        self.sent += data

    hold = sendall


class Left:
    may_be_left = True


def request(head: str) -> Any:
    unreader = IterUnreader(iter([head.encode("latin-1")]))
    return Request(Config(), unreader, ("192.0.2.1", 1))


def theirs(asked: Any, status: str, headers: list[tuple[str, str]], body: list[bytes]) -> bytes:
    line = Line()
    response = wsgi.Response(asked, line, Config())
    response.start_response(status, headers)
    for chunk in body:
        response.write(chunk)
    response.close()
    return line.sent


def ours(
    asked: Any, status: str, headers: list[tuple[str, str]], body: list[bytes]
) -> tuple[bytes, bool]:
    line = Line()
    reply = Reply(asked, Left(), line)  # type: ignore[arg-type]  # all that is asked of them
    reply.start(status, headers)
    for chunk in body:
        reply.write(chunk)
    reply.end()
    return line.sent, reply.is_last


@pytest.mark.parametrize("version", ["1.0", "1.1"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT"])
@pytest.mark.parametrize("connection", ["close", "keep-alive", "upgrade"])
@pytest.mark.parametrize(
    ("status", "more", "body"),
    [
        ("200 OK", [("Content-Length", "6")], [b"abc", b"", b"def"]),
        ("200 OK", [("content-length", "4")], [b"abc", b"def"]),
        ("200 OK", [], [b"abc", b"", b"def"]),
        ("200 OK", [("Connection", "close"), ("Date", "never"), ("Server", "x")], [b"abc"]),
        ("204 NO CONTENT", [], []),
        ("304 NOT MODIFIED", [("ETag", '"a"')], []),
        ("499 ", [("Content-Length", "0")], [b""]),
    ],
)
def test_an_answer_is_what_gunicorn_would_send(
    version: str, method: str, connection: str, status: str, more: list[tuple[str, str]],
    body: list[bytes],
) -> None:  # fmt: skip
    asked = request(f"{method} / HTTP/{version}\r\nConnection: {connection}\r\n\r\n")
    expected = theirs(asked, status, HEADERS + more, body)

    sent, is_last = ours(asked, status, HEADERS + more, body)

    assert _DATE.sub(b"", sent) == _DATE.sub(b"", expected)
    assert is_last is (b"Connection: close\r\n" in sent)


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        ("OK", []),
        ("200 OK\r\nX: y", []),
        ("200 OK", [("X", "a\r\nY: b")]),
        ("200 OK", [("X", "a\nY: b")]),
        ("200 OK", [("X Y", "a")]),
        ("200 OK", [("", "a")]),
        ("200 OK", [("X", "\u20ac")]),
        ("200 OK", [("Content-Length", "many")]),
    ],
)
def test_what_is_no_head_is_not_sent(status: str, headers: list[tuple[str, str]]) -> None:
    line = Line()
    reply = Reply(request("GET / HTTP/1.1\r\n\r\n"), Left(), line)  # type: ignore[arg-type]  # as above

    with pytest.raises(ValueError, match=r"head|int"):
        reply.start(status, headers)

    assert line.sent == b""


def test_a_body_that_is_shorter_than_its_head_says_ends_the_connection() -> None:
    sent = ours(request("GET / HTTP/1.1\r\n\r\n"), "200 OK", [("Content-Length", "4")], [b"abc"])

    assert sent[0].endswith(b"\r\n\r\nabc")
    assert sent[1]


@pytest.mark.parametrize(
    "head",
    [
        "GET /a?b=c HTTP/1.1\r\nHost: example.org\r\n\r\n",
        "PUT /a%20b%C3%A9 HTTP/1.0\r\nContent-Length: 4\r\nContent-Type: text/plain\r\n\r\n",
        "GET http://example.org/a//b?x HTTP/1.1\r\nAccept: a\r\nX-A: 1\r\nX-A: 2\r\nX-A: 3\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: [::1]:80\r\nCookie: a=\xe9\r\n\r\n",
    ],
)
def test_wsgi_sees_what_gunicorn_would_show(head: str) -> None:
    asked = request(head)
    client, server = ("192.0.2.1", 1234), ("192.0.2.2", 80)
    _, expected = wsgi.create(asked, Line(), client, server, Config())

    seen = Environment(Config()).of(asked, Place(client, server), asked.body)  # type: ignore[arg-type]  # all that is asked of it

    for name in ("gunicorn.socket", "wsgi.early_hints", "wsgi.errors"):
        del expected[name]
    del seen["wsgi.errors"]
    assert seen == expected | {"wsgi.multithread": True}


class Place:
    def __init__(self, client: tuple[str, int], server: tuple[str, int]) -> None:
        self.client = client
        self.server = server
