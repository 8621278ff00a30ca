"""Answers given before a body was read: the next request on the connection is never lost."""

import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from people.keeping_clients import REDIRECTED, REFUSED, ROUNDS
from servers.nginx import nginx
from servers.service import API, V2, Service, service

pytestmark = pytest.mark.e2e

MEBIBYTE = 1 << 20
PATH = f"{API}{V2}/1/files/a.tex"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with service(tmp_path_factory.mktemp("kept") / "data") as started:
        yield started


@pytest.fixture(scope="module", params=["bare", "nginx"])
def url(
    request: pytest.FixtureRequest, running: Service, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    if request.param == "bare":
        yield running.url
        return
    directory: Path = tmp_path_factory.mktemp("front")
    with nginx(directory / "nginx", [running.address], is_buffering=True) as front:
        yield front


@pytest.mark.parametrize("size", [1, 100_000, MEBIBYTE, 3 * MEBIBYTE])
@pytest.mark.parametrize("client", REFUSED)
def test_a_request_behind_a_refused_body_is_answered(url: str, client: str, size: int) -> None:
    assert REFUSED[client](url, PATH, size) == [401, 200] * ROUNDS


@pytest.mark.parametrize("client", REDIRECTED)
def test_a_form_is_redirected_to_the_closing_slash(url: str, running: Service, client: str) -> None:
    assert REDIRECTED[client](url, API, running.token) == [201] * ROUNDS


def head(*headers: str) -> bytes:
    lines = [f"PUT {PATH} HTTP/1.1", "Host: localhost", *headers]
    return "".join(f"{line}\r\n" for line in [*lines, ""]).encode()


PROBE = b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n"


def answers(running: Service, *sent: bytes) -> list[bytes]:
    """The heads of the answers until the service closes, or has no more to say."""
    with closing(socket.create_connection(running.address, timeout=60)) as connection:
        for data in sent:
            connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        got = b""
        while more := connection.recv(65536):
            got += more
    return [
        b"HTTP/1.1 " + answer.partition(b"\r\n\r\n")[0] for answer in got.split(b"HTTP/1.1 ")[1:]
    ]


@pytest.mark.parametrize("size", [0, 1, MEBIBYTE])
def test_a_small_body_that_nobody_wants_keeps_its_connection(running: Service, size: int) -> None:
    first, second = answers(running, head(f"Content-Length: {size}"), bytes(size) + PROBE)

    assert first.startswith(b"HTTP/1.1 401 ")
    assert b"Connection: keep-alive" in first
    assert second.startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(
    ("header", "body"),
    [
        (f"Content-Length: {MEBIBYTE + 1}", bytes(MEBIBYTE + 1)),
        ("Transfer-Encoding: chunked", b"4\r\ntext\r\n0\r\n\r\n"),
    ],
)
def test_a_large_or_endless_body_that_nobody_wants_ends_its_connection(
    running: Service, header: str, body: bytes
) -> None:
    (only,) = answers(running, head(header), body + PROBE)

    assert only.startswith(b"HTTP/1.1 401 ")
    assert b"Connection: close" in only


def test_requests_sent_at_once_are_answered_in_turn(running: Service) -> None:
    got = answers(running, (head("Content-Length: 4") + b"text" + PROBE) * 10)

    assert [answer[9:12] for answer in got] == [b"401", b"200"] * 10


def test_a_body_that_is_still_missing_when_it_is_refused_is_waited_for(running: Service) -> None:
    first, second = answers(running, head("Content-Length: 9"), b"four", b"more!", PROBE)

    assert (first[9:12], second[9:12]) == (b"401", b"200")


def test_a_body_that_never_comes_ends_its_connection(running: Service) -> None:
    with closing(socket.create_connection(running.address, timeout=60)) as connection:
        connection.sendall(head("Content-Length: 9") + b"four")
        got = b""
        while more := connection.recv(65536):
            got += more

    assert got.startswith(b"HTTP/1.1 401 ")
