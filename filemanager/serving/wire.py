"""The socket as a thread uses it: it waits here alone, and here it is decided for how long."""

import fcntl
import select
import socket
import struct
import termios
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from werkzeug.exceptions import RequestTimeout

from filemanager.api.http.refusals import OWNER, REFUSED
from filemanager.domain.errors import TooSlow
from filemanager.serving.crowd import Crowd
from filemanager.serving.patience import SLOW_SECONDS, WINDOW_SECONDS, Patience

_LOOK_SECONDS = 1.0
"""So often a waiting thread looks whether it still may."""

_STALLED = "The connection stood still for too long, or moved too little. Send it again."


class Ended(ConnectionError):
    """The client was too slow; the environment of the request says how it is refused."""


class Pausing(Protocol):
    """Told when a thread waits for its client, and when no longer."""

    def pause(self) -> None: ...
    def resume(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Clients:
    """What all wires of a process share."""

    patience: Patience
    crowd: Crowd
    turns: Pausing


class Wire:
    """Carries one request and its answer. The socket must not block.

    Only waiting counts: a client is not slow because the service is.
    """

    def __init__(self, connection: socket.socket, clients: Clients) -> None:
        self._socket = connection
        self._patience = clients.patience
        self._crowd = clients.crowd
        self._turns = clients.turns
        self._held = b""
        self._received_bytes = 0
        self._sent_bytes = 0
        self._waited_seconds = 0.0
        self._still_seconds = 0.0
        self._window_seconds = 0.0
        self._window_bytes = 0
        self._seen_bytes = 0
        self._is_slow = False
        self.is_unwanted = False
        self.environ: dict[str, Any] = {}

    @property
    def asker(self) -> str:
        return str(self.environ.get(OWNER) or self.environ.get("REMOTE_ADDR"))

    @property
    def rate(self) -> float:
        return self._seen_bytes / max(self._waited_seconds, 0.001)

    def recv(self, size: int) -> bytes:
        """What is there, after waiting for the first byte; nothing at the end."""
        while True:
            try:
                data = self._socket.recv(size)
            except BlockingIOError:
                self._wait(select.POLLIN)
                continue
            self._received_bytes += len(data)
            return data

    def receive_into(self, view: memoryview) -> int:
        """Wait for the first byte alone, and take what is there; 0 at the end."""
        count = 0
        while count < len(view):
            try:
                more = self._socket.recv_into(view[count:])
            except BlockingIOError:
                if count:
                    break
                self._wait(select.POLLIN)
                continue
            if not more:
                break
            count += more
            self._received_bytes += more
        return count

    def hold(self, data: bytes) -> None:
        """Send *data* with what is sent next, in one packet."""
        self._held += data

    def sendall(self, data: bytes) -> None:
        held, self._held = self._held, b""
        parts = [memoryview(part) for part in (held, data) if part]
        while parts:
            parts = _behind(parts, self._send(parts))

    def send(self, data: bytes) -> int:
        self.sendall(data)
        return len(data)

    def finish(self) -> None:
        """Send what is held, and count among the slow no more."""
        try:
            self.sendall(b"")
        finally:
            self.leave()

    def leave(self) -> None:
        if self._is_slow:
            self._crowd.leave(self)

    def _send(self, parts: Sequence[memoryview]) -> int:
        while True:
            try:
                sent = self._socket.sendmsg(parts)
            except BlockingIOError:
                self._wait(select.POLLOUT)
                continue
            self._sent_bytes += sent
            return sent

    def _wait(self, event: int) -> None:
        """Wait until the socket is ready or a look is due; raises ``Ended``."""
        waiting = select.poll()
        waiting.register(self._socket, event)
        started = time.monotonic()
        self._turns.pause()
        try:
            waiting.poll(_LOOK_SECONDS * 1000)
        finally:
            self._turns.resume()
        self._count(time.monotonic() - started)
        try:
            self._ensure_may_wait()
        except (TooSlow, RequestTimeout) as refusal:
            self.environ[REFUSED] = refusal
            raise Ended from refusal

    def _ensure_may_wait(self) -> None:
        if self.is_unwanted:
            raise TooSlow
        if self._still_seconds >= self._patience.stall_seconds:
            raise RequestTimeout(_STALLED)
        if self._window_seconds >= WINDOW_SECONDS:
            if self._window_bytes < self._patience.min_rate_bytes * WINDOW_SECONDS:
                raise RequestTimeout(_STALLED)
            self._window_seconds, self._window_bytes = 0.0, 0

    def _count(self, seconds: float) -> None:
        moved = self._received_bytes + self._sent_bytes - self._on_their_way()
        more = moved - self._seen_bytes
        self._seen_bytes = moved
        self._still_seconds = 0.0 if more else self._still_seconds + seconds
        self._waited_seconds += seconds
        self._window_seconds += seconds
        self._window_bytes += more
        if self._waited_seconds >= SLOW_SECONDS and not self._is_slow:
            self._is_slow = True
            self._crowd.join(self)

    def _on_their_way(self) -> int:
        """Bytes that the system has taken and the client has not: they have not moved yet."""
        if not self._sent_bytes:
            return 0
        queued = fcntl.ioctl(self._socket, termios.TIOCOUTQ, struct.pack("i", 0))
        return int(struct.unpack("i", queued)[0])


def _behind(parts: Sequence[memoryview], sent: int) -> list[memoryview]:
    """What is left of *parts* after the first *sent* bytes."""
    left = []
    for part in parts:
        if sent < len(part):
            left.append(part[sent:])
        sent = max(0, sent - len(part))
    return left
