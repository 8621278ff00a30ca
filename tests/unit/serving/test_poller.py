"""Connections, the poller and its threads: over pairs of sockets, without a network."""

import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import cast

import pytest

from filemanager.serving.answering import Answered
from filemanager.serving.connection import Connection
from filemanager.serving.pace import Clients
from filemanager.serving.patience import Patience
from filemanager.serving.poller import Poller, Port

PATIENCE = Patience(threads=8, header_seconds=60, stall_seconds=60, min_rate_bytes=1, slow_bodies=8)
LONG_SECONDS = 60


class Gate:
    """Looks like a socket that listens."""

    def __init__(self, stack: ExitStack) -> None:
        self._reader, self._writer = os.pipe()
        stack.callback(os.close, self._reader)
        stack.callback(os.close, self._writer)
        self._stack = stack
        self._coming: list[socket.socket] = []

    def fileno(self) -> int:
        return self._reader

    def connect(self) -> socket.socket:
        ours, theirs = map(self._stack.enter_context, socket.socketpair())
        ours.settimeout(LONG_SECONDS)
        self._coming.append(theirs)
        os.write(self._writer, b"c")
        return ours

    def accept(self) -> tuple[socket.socket, tuple[str, int]]:
        if not self._coming:
            raise BlockingIOError
        os.read(self._reader, 1)
        return self._coming.pop(0), ("192.0.2.1", 1)

    def getsockname(self) -> tuple[str, int]:
        return "192.0.2.2", 80


class World:
    """``ways`` are what the application does, by path; what it says is the path."""

    def __init__(self, stack: ExitStack) -> None:
        self.gate = Gate(stack)
        self.ways: dict[str, Callable[[Clients], object]] = {}
        self.threads: list[int] = []
        reader, writer = os.pipe()
        stack.callback(os.close, reader)
        stack.callback(os.close, writer)
        port = Port((cast("socket.socket", self.gate),), reader, writer)
        self.poller = Poller(port, self._answer, PATIENCE, max_connections=100)
        stack.callback(self.poller.close)

    def connected(self) -> socket.socket:
        made = self.gate.connect()
        self.poller.turn(LONG_SECONDS)
        return made

    def ask(self, path: str, method: str = "GET") -> socket.socket:
        client = self.connected()
        client.sendall(f"{method} {path} HTTP/1.1\r\n\r\n".encode())
        return client

    def _answer(self, connection: Connection, clients: Clients) -> Answered:
        path = bytes(connection.buffer).split()[1].decode()
        connection.buffer.clear()
        self.threads.append(threading.get_ident())
        if path in self.ways:
            self.ways[path](clients)
        connection.socket.sendall(path.encode())
        return Answered(is_kept=True)


@pytest.fixture
def world() -> Iterator[World]:
    with ExitStack() as stack:
        yield World(stack)


def waiting_for(event: threading.Event) -> Callable[[Clients], None]:
    def wait(_: Clients) -> None:
        assert event.wait(LONG_SECONDS)

    return wait


def test_one_thread_answers_short_requests_and_the_poller_is_not_woken(world: World) -> None:
    all_have_asked = threading.Event()
    world.ways = {"/0": waiting_for(all_have_asked)}
    clients = [world.connected() for _ in range(5)]
    for number, client in enumerate(clients):
        client.sendall(f"GET /{number} HTTP/1.1\r\n\r\n".encode())

    world.poller.turn(LONG_SECONDS)
    all_have_asked.set()

    assert [client.recv(9) for client in clients] == [b"/0", b"/1", b"/2", b"/3", b"/4"]
    # On a slow machine another was begun since the first had taken too long.
    assert len(set(world.threads)) <= 2


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_a_request_may_wait_for_one_that_comes_later(world: World, method: str) -> None:
    has_come = threading.Event()
    world.ways = {"/wait": waiting_for(has_come), "/go": lambda _: has_come.set()}
    first = world.ask("/wait", method)
    second = world.ask("/go", method)

    while not has_come.is_set():
        world.poller.turn(0)

    assert (first.recv(9), second.recv(9)) == (b"/wait", b"/go")


def test_who_waits_for_its_client_lets_others_begin_before_the_poller_looks(world: World) -> None:
    has_come = threading.Event()

    def wait(clients: Clients) -> None:
        clients.turns.pause()
        waiting_for(has_come)(clients)
        clients.turns.resume()

    world.ways = {"/wait": wait, "/go": lambda _: has_come.set()}
    first, second = world.connected(), world.connected()
    first.sendall(b"GET /wait HTTP/1.1\r\n\r\n")
    second.sendall(b"GET /go HTTP/1.1\r\n\r\n")

    world.poller.turn(LONG_SECONDS)

    assert (first.recv(9), second.recv(9)) == (b"/wait", b"/go")
