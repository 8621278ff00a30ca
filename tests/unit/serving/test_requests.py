"""A head that comes again is read once, and what leads to one request alone is not kept."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from gunicorn.config import Config

from filemanager.serving.connection import Connection
from filemanager.serving.requests import read_request

GET = b"GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n"
PUT = b"PUT /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\n"


class Received:
    """All of a wire that a request without a missing byte asks for."""

    def __init__(self) -> None:
        self.count = 0

    def count_received(self, count: int) -> None:
        self.count += count


@pytest.fixture
def connection() -> Iterator[Connection]:
    with socket.socket() as made:
        yield Connection(made, ("192.0.2.1", 1), ("192.0.2.2", 80), deadline=0.0)


def read(connection: Connection, sent: bytes) -> Any:
    connection.buffer += sent
    wire = Received()
    request, body = read_request(connection, wire, Config())  # type: ignore[arg-type]  # as above
    assert wire.count == len(sent)
    return request, body


def test_the_same_head_again_is_not_read_again(connection: Connection) -> None:
    first, _ = read(connection, GET)

    second, body = read(connection, GET)

    assert second is first
    assert (body.read(), body.rest()) == (b"", (0, b""))
    assert connection.requests == 2


def test_a_remembered_head_holds_on_to_nothing(connection: Connection) -> None:
    request, _ = read(connection, GET)

    assert request.unreader is None
    assert request.body is None


@pytest.mark.parametrize(
    "sent",
    [PUT + b"text", GET + GET, GET.replace(b"Host", b"X-Long: " + b"a" * 4096 + b"\r\nHost")],
)
def test_bodies_what_came_ahead_and_long_heads_are_not_remembered(
    connection: Connection, sent: bytes
) -> None:
    read(connection, GET)
    read(connection, sent)

    assert connection.asked is None


def test_another_head_is_read(connection: Connection) -> None:
    read(connection, GET)

    request, _ = read(connection, GET.replace(b"/a", b"/b"))

    assert request.path == "/b"
