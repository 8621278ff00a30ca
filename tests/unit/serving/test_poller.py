"""Connections that no thread has: who is let go, and whose time is counted."""

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from filemanager.serving.answering import Answered
from filemanager.serving.connection import Connection, Stage
from filemanager.serving.pace import Clients
from filemanager.serving.patience import DRAINED_BYTES, KEPT_SECONDS, LINGER_SECONDS, Patience
from filemanager.serving.poller import Poller, Port

PATIENCE = Patience(
    threads=8, header_seconds=10, stall_seconds=60, min_rate_bytes=1000, slow_bodies=100
)
HEAD = b"GET / HTTP/1.1\r\n\r\n"
LATE = b"late"
ANSWER = b"answer"


class Listener(socket.socket):
    """Of the system's own, whose clients have addresses all the same."""

    def accept(self) -> tuple[socket.socket, Any]:
        return super().accept()[0], ("192.0.2.1", 1)


class Place:
    """A poller whose clock stands still; threads answer with what they were asked by."""

    def __init__(self, path: Path, max_connections: int = 4) -> None:
        self.now = 0.0
        self.rest_bytes = 0
        self._path = str(path / "listening")
        self._listener = Listener(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(self._path)
        self._listener.listen()
        self._listener.settimeout(0)
        self._pipe = os.pipe()
        for end in self._pipe:
            os.set_blocking(end, False)
        port = Port((self._listener,), *self._pipe, clock=lambda: self.now)
        self.poller = Poller(port, self._answer, PATIENCE, max_connections)
        self._clients: list[socket.socket] = []

    def connected(self) -> socket.socket:
        client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        client.settimeout(0)
        client.connect(self._path)
        self._clients.append(client)
        return client

    def turn(self) -> None:
        self.poller.turn(0)

    def served(self, client: socket.socket) -> bytes:
        """What *client* gets, be it the end, once no thread has its connection any longer."""
        got: bytes | None = None
        while got is None or self._is_anybody_served:
            self.turn()
            with suppress(BlockingIOError):
                got = client.recv(100) if got is None else got
        return got

    @property
    def _is_anybody_served(self) -> bool:
        return any(one.stage is Stage.SERVED for one in self.poller._connections.values())

    def be_late(self, seconds: float, *, when: Any) -> None:
        """Let nothing be seen of what *when* does until so much time has passed and been swept."""
        self.poller._epoll = Blind(self.poller._epoll)  # type: ignore[assignment]  # it sees nothing
        when()
        self.now += seconds
        self.turn()
        self.poller._epoll = self.poller._epoll.seeing  # type: ignore[attr-defined]  # as it was

    def close(self) -> None:
        self.poller.close()
        theirs = [one.socket for one in self.poller._connections.values()]
        for one in (*theirs, *self._clients, self._listener):
            one.close()
        for end in self._pipe:
            os.close(end)

    def _answer(self, connection: Connection, clients: Clients) -> Answered:
        del clients
        connection.requests += 1
        connection.buffer.clear()
        connection.socket.send(LATE if connection.is_late else ANSWER)
        return Answered(is_kept=not connection.is_late, rest_bytes=self.rest_bytes)


class Blind:
    """Where the system has more to tell than it tells at once, it is as if nothing had come."""

    def __init__(self, seeing: Any) -> None:
        self.seeing = seeing

    def poll(self, seconds: float) -> list[tuple[int, int]]:
        del seconds
        return []

    def __getattr__(self, name: str) -> Any:
        return getattr(self.seeing, name)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    made = Place(tmp_path)
    yield made
    made.close()


def test_a_request_that_waits_for_a_late_poller_is_answered(place: Place) -> None:
    client = place.connected()
    place.turn()

    place.be_late(PATIENCE.header_seconds, when=lambda: client.send(HEAD))

    assert place.served(client) == ANSWER


def test_a_request_on_a_kept_connection_that_waits_is_answered(place: Place) -> None:
    client = place.connected()
    client.send(HEAD)
    assert place.served(client) == ANSWER

    place.be_late(KEPT_SECONDS, when=lambda: client.send(HEAD))

    assert place.served(client) == ANSWER


def test_the_rest_of_a_head_that_waits_is_not_late(place: Place) -> None:
    client = place.connected()
    client.send(HEAD[:5])
    place.turn()
    place.turn()

    place.be_late(PATIENCE.header_seconds, when=lambda: client.send(HEAD[5:]))

    assert place.served(client) == ANSWER


def test_half_a_head_is_late_whatever_came_of_it(place: Place) -> None:
    client = place.connected()
    place.turn()

    place.be_late(PATIENCE.header_seconds, when=lambda: client.send(HEAD[:5]))

    assert place.served(client) == LATE


def test_a_body_that_waits_to_be_drained_does_not_end_its_connection(place: Place) -> None:
    client = place.connected()
    client.send(HEAD)
    place.rest_bytes = 100_000
    assert place.served(client) == ANSWER
    place.rest_bytes = 0

    place.be_late(LINGER_SECONDS, when=lambda: client.sendall(bytes(100_000) + HEAD))

    assert place.served(client) == ANSWER


@pytest.mark.parametrize("rest_bytes", [0, DRAINED_BYTES])
def test_who_sends_nothing_is_let_go(place: Place, rest_bytes: int) -> None:
    client = place.connected()
    client.send(HEAD)
    place.rest_bytes = rest_bytes
    assert place.served(client) == ANSWER

    place.be_late(KEPT_SECONDS, when=lambda: None)

    assert place.served(client) == b""


def test_where_there_are_no_more_threads_one_that_is_there_answers(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    clients = [place.connected() for _ in range(3)]
    clients[0].send(HEAD)
    assert place.served(clients[0]) == ANSWER
    monkeypatch.setattr(threading.Thread, "start", refuse)

    for client in clients:
        client.send(HEAD)

    assert [place.served(client) for client in clients] == [ANSWER] * 3


def test_who_is_let_go_for_another_may_have_sent_something(tmp_path: Path) -> None:
    place = Place(tmp_path, max_connections=1)
    first = place.connected()
    place.turn()
    place.turn()

    # Both are told of at once, and room for the second is made of the first.
    second = place.connected()
    first.send(HEAD)
    second.send(HEAD)

    assert place.served(second) == ANSWER
    with pytest.raises(ConnectionError):
        first.recv(100)
    place.close()
