"""Requests that the server refuses before any route has them: told as every refusal is."""

import json
import socket
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from email.parser import BytesParser
from email.policy import HTTP
from http import HTTPStatus

import pytest
import requests

from builders.papers import a_token
from servers.service import API, V2, Service, service, wait_until

pytestmark = pytest.mark.e2e

ORIGIN = "https://pages.example.org"
LONG = "a" * 8200
FILES = f"{API}{V2}/1/files"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    settings = {"FILEMANAGER_HEADER_SECONDS": "1", "CORS_ORIGINS": ORIGIN}
    with service(tmp_path_factory.mktemp("unreadable") / "data", **settings) as started:
        yield started


@dataclass(frozen=True, slots=True)
class Told:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, object]:
        read: dict[str, object] = json.loads(self.body)
        return read


def told(running: Service, sent: bytes) -> Told:
    """What comes until the service closes the connection."""
    with closing(socket.create_connection(running.address, timeout=60)) as connection:
        connection.sendall(sent)
        got = b""
        while more := connection.recv(65536):
            got += more
    head, _, body = got.partition(b"\r\n\r\n")
    line, _, lines = head.partition(b"\r\n")
    headers = BytesParser(policy=HTTP).parsebytes(lines, headersonly=True)
    return Told(int(line.split()[1]), {n.lower(): v for n, v in headers.items()}, body)


def a_request(line: str, *headers: str) -> bytes:
    return "".join(f"{one}\r\n" for one in [line, *headers, ""]).encode("latin-1")


GET = f"GET {FILES}/a.tex HTTP/1.1"
PUT = f"PUT {FILES}/a.tex HTTP/1.1"
HOST = "Host: localhost"

UNREADABLE = {
    "a long request line": (a_request(f"GET {FILES}/{LONG} HTTP/1.1", HOST), 414),
    "a request line without end": (f"GET {FILES}/".encode() + b"a" * 70_000, 414),
    "a long header": (a_request(GET, HOST, f"X-Long: {LONG}"), 431),
    "too many headers": (a_request(GET, HOST, *(f"X-{n}: 1" for n in range(120))), 431),
    "headers without end": (a_request(GET, HOST)[:-2] + b"X-Long: " + b"a" * 70_000, 431),
    "many headers without end": (
        a_request(GET, HOST, *(f"X-{n}: {'b' * 1000}" for n in range(70)))[:-2],
        431,
    ),
    "an unknown coding": (a_request(PUT, HOST, "Transfer-Encoding: xchunked"), 501),
    "gzip": (a_request(PUT, HOST, "Transfer-Encoding: gzip"), 501),
    "gzip in chunks": (a_request(PUT, HOST, "Transfer-Encoding: gzip, chunked"), 501),
    "identity": (a_request(PUT, HOST, "Transfer-Encoding: identity"), 501),
    "two lengths": (a_request(PUT, HOST, "Content-Length: 4", "Content-Length: 5"), 400),
    "a length and chunks": (
        a_request(PUT, HOST, "Content-Length: 4", "Transfer-Encoding: chunked"),
        400,
    ),
    "a length of letters": (a_request(PUT, HOST, "Content-Length: four"), 400),
    "two hosts": (a_request(GET, HOST, HOST), 400),
    "a header without a colon": (a_request(GET, HOST, "nonsense"), 400),
    "a space before the colon": (a_request(GET, "Host : localhost"), 400),
    "a folded header": (a_request(GET, HOST, "X-Folded: a", " b"), 400),
    "a control character": (a_request(GET, HOST, "X-Odd: a\x01b"), 400),
    "bare line feeds": (a_request(GET, HOST).replace(b"\r\n", b"\n"), 400),
    "no request line": (b"\r\n\r\n\r\n", 400),
    "a line of one word": (a_request("nonsense", HOST), 400),
    "no path": (a_request("GET  HTTP/1.1", HOST), 400),
    "letters beyond ASCII": (a_request(f"GET {FILES}/\xe4.tex HTTP/1.1", HOST), 400),
    "HTTP of the future": (a_request(f"GET {FILES}/a.tex HTTP/3.0", HOST), 400),
    "another protocol": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
    "an unknown expectation": (a_request(PUT, HOST, "Expect: a miracle"), 417),
    "a head that does not come in time": (a_request(GET, HOST)[:-2], 408),
}


@pytest.mark.parametrize("what", UNREADABLE)
def test_what_cannot_be_read_is_refused_in_json(running: Service, what: str) -> None:
    sent, status = UNREADABLE[what]

    answer = told(running, sent)

    assert answer.status == status, answer
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["connection"] == "close"
    assert int(answer.headers["content-length"]) == len(answer.body)
    assert answer.json["status"] == status
    assert answer.json["title"] == HTTPStatus(status).phrase
    assert answer.json["request_id"] == answer.headers["x-request-id"]


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        (f"{API}/1/", {"reason"}),
        (f"{API}/v2/workspaces/", {"type", "title", "status", "detail", "code", "request_id"}),
        ("/bucket/", {"status", "code", "error"}),
    ],
)
def test_each_door_says_it_in_its_own_words(running: Service, path: str, fields: set[str]) -> None:
    answer = told(running, a_request(f"GET {path}{LONG} HTTP/1.1", HOST))

    assert (answer.status, set(answer.json)) == (414, fields)


@pytest.mark.parametrize(
    "sent",
    [
        a_request(f"GET {FILES}/{LONG} HTTP/1.1", HOST, f"Origin: {ORIGIN}"),
        a_request(f"GET {FILES}/{'a' * 60_000} HTTP/1.1", HOST, f"Origin: {ORIGIN}"),
        a_request(GET, HOST, f"X-Long: {LONG}", f"origin:{ORIGIN}"),
        a_request(PUT, HOST, "Transfer-Encoding: gzip", f"Origin: {ORIGIN}"),
        a_request(PUT, HOST, "Content-Length: four", f"Origin: {ORIGIN}"),
    ],
)
def test_a_page_may_read_why_it_was_refused(running: Service, sent: bytes) -> None:
    answer = told(running, sent)

    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert "Origin" in answer.headers["vary"]


def test_a_page_of_elsewhere_may_not(running: Service) -> None:
    sent = a_request(f"GET /{LONG} HTTP/1.1", HOST, "Origin: https://elsewhere.example.org")

    assert "access-control-allow-origin" not in told(running, sent).headers


def test_a_refusal_has_a_line_and_is_counted(running: Service) -> None:
    sent = a_request(f"GET /{LONG} HTTP/1.1", HOST, "X-Request-ID: long-line-1")

    answer = told(running, sent)

    assert answer.headers["x-request-id"] == "long-line-1"
    (line,) = [one for one in lines(running) if one.get("request_id") == "long-line-1"]
    assert (line["event"], line["method"], line["status"]) == ("request", "GET", 414)
    assert len(str(line["path"])) <= 1000
    operator = {"Authorization": a_token("2", "upload:read_service_logs")}
    shown = requests.get(f"{running.url}/metrics", headers=operator, timeout=60).text
    assert 'filemanager_requests_total{method="GET",route="unknown",status="414"}' in shown


def lines(running: Service) -> list[dict[str, object]]:
    wait_until(lambda: '"long-line-1"' in running.log.read_text(), "the line is written")
    return [json.loads(one) for one in running.log.read_text().splitlines() if one[0] == "{"]


def test_nothing_of_what_could_not_be_read_is_repeated(running: Service) -> None:
    secret = "Bearer-of-somebody"
    answer = told(running, a_request(GET, HOST, f"Authorization {secret}"))

    assert answer.status == 400
    assert secret not in answer.body.decode()
    assert secret not in running.log.read_text()


def test_a_request_line_of_eight_kibibytes_is_read(running: Service) -> None:
    around = len(f"GET {FILES}/ HTTP/1.1")
    sent = a_request(f"GET {FILES}/{'a' * (8190 - around)} HTTP/1.1", HOST, "Connection: close")

    assert told(running, sent).status == 401
