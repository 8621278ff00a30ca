"""The one HTTP client of every row: prebuilt bytes over blocking sockets.

Each connection of a load is a process of its own, so that the client is not the limit.
"""

import multiprocessing
import socket
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection as Pipe
from multiprocessing.synchronize import Barrier
from pathlib import Path
from statistics import quantiles
from types import TracebackType
from typing import Self

KEPT_BYTES = 1 << 20
"""A body up to this size is kept; of a larger one only the length."""

_TIMEOUT_SECONDS = 180
_BLANK = b"\r\n\r\n"

Address = tuple[str, int]


class RefusedRequest(Exception):
    """An answer that is no success; the figure it belongs to would mean nothing."""


@dataclass(frozen=True, slots=True)
class Request:
    """Bytes ready to be sent: head and opening of the body, then a file, then its closing."""

    opening: bytes
    file: Path | None = None
    closing: bytes = b""

    @property
    def has_answer_body(self) -> bool:
        return not self.opening.startswith(b"HEAD ")


@dataclass(frozen=True, slots=True)
class Answer:
    """``first_byte_seconds`` is when the first byte of the body was there."""

    status: int
    head: bytes
    body: bytes
    body_bytes: int
    first_byte_seconds: float
    seconds: float


def request(
    method: str,
    path: str,
    headers: dict[str, str],
    *,
    body: bytes = b"",
    file: Path | None = None,
) -> Request:
    """A request whose body is *body*, or the bytes of *file*."""
    length = file.stat().st_size if file else len(body)
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", f"Content-Length: {length}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return Request("\r\n".join(lines).encode() + _BLANK + body, file)


def form(path: str, headers: dict[str, str], name: str, *, sent: bytes | Path) -> Request:
    """A multipart upload of one file called *name*."""
    boundary = "benchmark-boundary-29f1"
    part = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    ).encode()
    closing = f"\r\n--{boundary}--\r\n".encode()
    inner = sent.stat().st_size if isinstance(sent, Path) else len(sent)
    kind = f"multipart/form-data; boundary={boundary}"
    length = str(len(part) + inner + len(closing))
    head = request("POST", path, headers | {"Content-Type": kind}).opening
    head = head.replace(b"Content-Length: 0", b"Content-Length: " + length.encode(), 1)
    if isinstance(sent, Path):
        return Request(head + part, sent, closing)
    return Request(head + part + sent + closing)


class Connection:
    """One kept-alive connection."""

    def __init__(self, address: Address) -> None:
        self._socket = socket.create_connection(address, _TIMEOUT_SECONDS)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._buffer = bytearray(KEPT_BYTES)
        self._view = memoryview(self._buffer)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._socket.close()

    def ask(self, sent: Request) -> Answer:
        """Send and read to the end. Raises ``RefusedRequest`` for a status from 400 on."""
        began = time.perf_counter()
        self._socket.sendall(sent.opening)
        if sent.file:
            with sent.file.open("rb") as file:
                self._socket.sendfile(file)
        if sent.closing:
            self._socket.sendall(sent.closing)
        head, there = self._head()
        status = int(head[9:12])
        length = _length_of(head) if sent.has_answer_body and status not in (204, 304) else 0
        first, body = self._body(there, length)
        ended = time.perf_counter()
        if status >= 400:
            raise RefusedRequest(f"{sent.opening[:80]!r}: {status} {body[:500]!r}")
        return Answer(status, head, body, length, (first or ended) - began, ended - began)

    def _head(self) -> tuple[bytes, bytes]:
        """The head, and what came of the body with it."""
        received = self._socket.recv(1 << 16)
        while _BLANK not in received:
            more = self._socket.recv(1 << 16)
            if not more:
                raise RefusedRequest(f"The connection ended within an answer: {received!r}")
            received += more
        head, _, there = received.partition(_BLANK)
        return head, there

    def _body(self, there: bytes, length: int) -> tuple[float | None, bytes]:
        """When its first byte was there, and the body itself where it is small."""
        first = time.perf_counter() if there else None
        is_kept = length <= KEPT_BYTES
        self._buffer[: len(there)] = there
        count = len(there)
        while count < length:
            got = self._socket.recv_into(self._view[count:length] if is_kept else self._view)
            first = first or time.perf_counter()
            if not got:
                raise RefusedRequest(f"The connection ended after {count} of {length} bytes")
            count += got
        return first, bytes(self._view[:length]) if is_kept else b""


def _length_of(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    raise RefusedRequest(f"An answer without a length: {head!r}")


@dataclass(frozen=True, slots=True)
class Load:
    """What several clients did at the same time: the seconds of each of their requests."""

    taken: list[list[float]]
    seconds: float

    @property
    def requests(self) -> int:
        return sum(map(len, self.taken))

    @property
    def rate(self) -> float:
        return self.requests / self.seconds

    @property
    def p99(self) -> float:
        return quantiles((one for client in self.taken for one in client), n=100)[98]

    @property
    def slowest_share(self) -> float:
        """What the slowest client got done, as a part of what an equal share would be."""
        counts = [len(client) for client in self.taken]
        return min(counts) * len(counts) / sum(counts)


Work = Callable[[int], Iterable[Request]]
"""The requests of the client with that number; made in its process, as they are needed."""


def load(address: Address, clients: int, seconds: float, work: Work) -> Load:
    """Let *clients* ask at once until *seconds* are over or each is through with its work."""
    context = multiprocessing.get_context("fork")
    barrier = context.Barrier(clients)
    pipes, processes = [], []
    for number in range(clients):
        ours, theirs = context.Pipe(duplex=False)
        arguments = (address, work(number), seconds, barrier, theirs)
        process = context.Process(target=_client, args=arguments)
        process.start()
        theirs.close()
        pipes.append(ours)
        processes.append(process)
    told = list(_told(pipes))
    for process in processes:
        process.join()
    began, ended = min(begin for begin, _, _ in told), max(end for _, end, _ in told)
    return Load([taken for _, _, taken in told], ended - began)


def _told(pipes: Iterable[Pipe]) -> Iterator[tuple[float, float, list[float]]]:
    for pipe in pipes:
        try:
            yield pipe.recv()
        except EOFError as error:
            raise RefusedRequest("A client ended early; what it met is printed above.") from error


def _client(
    address: Address, requests: Iterable[Request], seconds: float, barrier: Barrier, pipe: Pipe
) -> None:
    taken: list[float] = []
    # A service lets go of who is connected and silent, as the first would be until all are there.
    barrier.wait()
    with Connection(address) as connection:
        began = time.perf_counter()
        deadline = began + seconds
        for one in requests:
            taken.append(connection.ask(one).seconds)
            if time.perf_counter() > deadline:
                break
        pipe.send((began, time.perf_counter(), taken))
