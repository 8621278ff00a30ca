"""The socket as a thread uses it: it waits here alone, and here it is decided for how long."""

import fcntl
import select
import socket
import struct
import termios
from collections.abc import Sequence

from werkzeug.exceptions import RequestTimeout

from filemanager.api.http.context import REFUSED
from filemanager.domain.errors import TooSlow
from filemanager.serving.pace import Clients, Pace

_LOOK_SECONDS = 1.0
"""So often a waiting thread looks whether it still may."""


class Ended(ConnectionError):
    """The client has gone, or was too slow; then the environment of the request says how it is
    refused.
    """


class Wire:
    """Carries one request and its answer. The socket must not block."""

    def __init__(self, connection: socket.socket, clients: Clients) -> None:
        self._socket = connection
        self._turns = clients.turns
        self._clock = clients.clock
        self._held = b""
        self._received_bytes = 0
        self._sent_bytes = 0
        self.pace = Pace(clients)

    def count_received(self, count: int) -> None:
        """Count bytes that came before a thread waited."""
        self._received_bytes += count

    def recv(self, size: int) -> bytes:
        """What is there, after waiting for the first byte; nothing at the end."""
        while True:
            try:
                data = self._socket.recv(size)
            except BlockingIOError:
                self._wait(select.POLLIN)
                continue
            except OSError as error:
                raise Ended from error
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
            except OSError as error:
                raise Ended from error
            if not more:
                break
            count += more
            self._received_bytes += more
        return count

    def hold(self, data: bytes) -> None:
        """Send *data* with what is sent next, in one packet."""
        self._held += data

    def sendall(self, data: bytes) -> None:
        """*data*, behind what is held."""
        held, self._held = self._held, b""
        parts = [memoryview(part) for part in (held, data) if part]
        while parts:
            parts = _behind(parts, self._send(parts))

    def _send(self, parts: Sequence[memoryview]) -> int:
        while True:
            try:
                sent = self._socket.sendmsg(parts)
            except BlockingIOError:
                self._wait(select.POLLOUT)
                continue
            except OSError as error:
                raise Ended from error
            self._sent_bytes += sent
            return sent

    def _wait(self, event: int) -> None:
        """Wait until the socket is ready or a look is due; raises ``Ended``."""
        waiting = select.poll()
        waiting.register(self._socket, event)
        started = self._clock()
        self._turns.pause()
        try:
            waiting.poll(_LOOK_SECONDS * 1000)
        finally:
            self._turns.resume()
        # What goes on until this thread runs again is the service's own, and not the client's.
        waited = min(self._clock() - started, _LOOK_SECONDS)
        try:
            self.pace.wait(waited, self._received_bytes + self._sent_bytes - self._on_their_way())
        except (TooSlow, RequestTimeout) as refusal:
            self.pace.environ[REFUSED] = refusal
            raise Ended from refusal

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
