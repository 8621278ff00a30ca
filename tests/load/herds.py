"""Slow clients, two hundred of a kind, from four addresses: each kind is slow in its own way."""

import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from servers.service import API, V2, Service

SIZE = 200
_ADDRESSES = [f"127.0.0.{last}" for last in range(2, 6)]
_TICK_SECONDS = 0.2
_WINDOW_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Pasture:
    """Where herds go: the service, or a front server before it, and a workspace of theirs."""

    service: Service
    address: tuple[str, int]
    workspace: int

    def head(self, method: str, path: str, *headers: str) -> bytes:
        lines = [f"{method} {API}{path} HTTP/1.1", "Host: localhost"]
        lines += [f"Authorization: {self.service.token}", *headers]
        return "".join(f"{line}\r\n" for line in [*lines, ""]).encode()


@dataclass(frozen=True, slots=True)
class Habit:
    """What a client says at first, what it adds at each tick, and how much it reads then."""

    first: Callable[[Pasture, int], bytes]
    more: bytes = b""
    read_bytes: int = 0


def _upload(pasture: Pasture, number: int) -> bytes:
    path = f"{V2}/{pasture.workspace}/files/slow-{number}.tex"
    return pasture.head("PUT", path, f"Content-Length: {1 << 20}") + b"begun"


def _form(pasture: Pasture, number: int) -> bytes:
    headers = ("Transfer-Encoding: chunked", "Content-Type: multipart/form-data; boundary=b")
    part = f'--b\r\nContent-Disposition: form-data; name="file"; filename="{number}.tex"\r\n\r\n'
    head = pasture.head("POST", f"/{pasture.workspace}", *headers)
    return head + f"{len(part):x}\r\n{part}\r\n".encode()


def _download(pasture: Pasture, number: int) -> bytes:
    del number
    return pasture.head("GET", f"{V2}/{pasture.workspace}/files/big.bin")


def _half_head(pasture: Pasture, number: int) -> bytes:
    return pasture.head("GET", "/status")[: 20 + number % 40]


def _answered(pasture: Pasture, number: int) -> bytes:
    headers = ("Connection: close",) if number % 2 else ()
    return pasture.head("GET", "/status", *headers)


HABITS: Mapping[str, Habit] = {
    "uploads that stand still": Habit(_upload),
    "uploads that drip": Habit(_upload, more=b"0123456789"),
    "uploads that are slow": Habit(_upload, more=b"x" * 2000),
    "forms in chunks that drip": Habit(_form, more=b"3\r\nabc\r\n"),
    "readers that stand still": Habit(_download),
    "readers that are slow": Habit(_download, read_bytes=_WINDOW_BYTES),
    "half heads": Habit(_half_head),
    "heads that drip": Habit(_half_head, more=b"a"),
    "sockets that say nothing": Habit(lambda _pasture, _number: b""),
    "answered sockets left open": Habit(_answered),
}


@contextmanager
def herd(pasture: Pasture, habit: Habit) -> Iterator[None]:
    """A herd of its kind, busy in the background until the end."""
    connected = [_connect(pasture, habit, number) for number in range(SIZE)]
    ends = threading.Event()
    busy = threading.Thread(target=_graze, args=(connected, habit, ends))
    busy.start()
    try:
        yield
    finally:
        ends.set()
        busy.join()
        for one in connected:
            one.close()


def _connect(pasture: Pasture, habit: Habit, number: int) -> socket.socket:
    connected = socket.socket()
    if habit.read_bytes or not habit.more:
        connected.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _WINDOW_BYTES)
    connected.bind((_ADDRESSES[number % len(_ADDRESSES)], 0))
    connected.connect(pasture.address)
    connected.sendall(habit.first(pasture, number))
    connected.setblocking(False)
    return connected


def _graze(connected: list[socket.socket], habit: Habit, ends: threading.Event) -> None:
    while not ends.wait(_TICK_SECONDS):
        for one in connected:
            # The service may have ended it, which is its right.
            with suppress(OSError):
                if habit.more:
                    one.send(habit.more)
                if habit.read_bytes:
                    one.recv(habit.read_bytes)
