"""A thread and its client: whose the time is, and what ends them."""

import logging
import socket
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from gunicorn.config import Config

from filemanager.serving.answering import Answerer
from filemanager.serving.connection import Connection
from filemanager.serving.crowd import Crowd
from filemanager.serving.pace import Clients
from filemanager.serving.patience import Patience
from filemanager.serving.wire import Ended, Wire

PATIENCE = Patience(
    threads=8, header_seconds=10, stall_seconds=60, min_rate_bytes=1000, slow_bodies=100
)


class Starving:
    """The thread that has waited does not run for an hour; meanwhile its client sends."""

    def __init__(self, client: socket.socket) -> None:
        self.now = 0.0
        self._client = client

    def pause(self) -> None:
        self._client.send(b"first")

    def resume(self) -> None:
        self.now += 3600


class Ends:
    def __init__(self) -> None:
        self.server, self.client = socket.socketpair()
        self.server.settimeout(0)
        self.turns = Starving(self.client)
        self.clients = Clients(PATIENCE, Crowd(1), self.turns, lambda: self.turns.now)

    def wire(self) -> Wire:
        return Wire(self.server, self.clients)


@pytest.fixture
def ends() -> Iterator[Ends]:
    made = Ends()
    with made.server, made.client:
        yield made


def test_what_the_service_is_late_is_not_its_clients(ends: Ends) -> None:
    assert ends.wire().recv(5) == b"first"


def test_a_socket_that_fails_ends_the_request(ends: Ends) -> None:
    ends.client.close()

    with pytest.raises(Ended):
        ends.wire().sendall(b"answer")


def test_a_disk_that_fails_within_an_answer_is_told_in_the_log(
    ends: Ends, caplog: pytest.LogCaptureFixture
) -> None:
    def application(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        del environ
        start("200 OK", [("Content-Length", "5")])
        yield b"a"
        raise OSError("The disk is broken.")

    connection = Connection(ends.server, ("192.0.2.1", 1), ("127.0.0.1", 80), deadline=0.0)
    connection.buffer += b"GET / HTTP/1.1\r\n\r\n"

    with caplog.at_level(logging.ERROR, "gunicorn.error"):
        answered = Answerer(application, Config()).answer(connection, ends.clients)

    assert answered is None
    assert "The disk is broken." in caplog.text
