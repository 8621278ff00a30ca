"""How connections are taken, watched and let go: what gunicorn's threads leave to a front server.

Clients are not trusted: none may hold a thread by silence, and no half of a body is a body.
"""

import select
import socket
import struct
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, Protocol

from gunicorn.http.errors import ParseException
from gunicorn.workers import gthread

_LINGER_SECONDS = 2.0
_LINGER_BYTES = 1 << 20
"""What is taken of a refused body, so that a client which has sent it all gets its answer."""

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Worker(gthread.ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """Gives a thread only to a connection that says something, and drains without waiting."""

    def set_accept_enabled(self, enabled: bool) -> None:  # noqa: FBT001  # gunicorn's signature
        """Let go of the port as soon as this process drains.

        gunicorn keeps it until its last request ends: clients that connect meanwhile would wait
        and then be cut off, where they could have gone to another node.
        """
        super().set_accept_enabled(enabled)
        if not self.alive:
            for listener in self.sockets:
                self._accept_waiting(listener)
                listener.close()

    def handle(self, conn: Any) -> Any:
        """Answer a request; without one, leave the connection to the poller at once.

        gunicorn waits in the thread: for five seconds here, and for two where it closes a
        connection, there even in the thread that takes new ones.
        """
        if not conn.initialized and not conn.wait_for_data(0):
            return gthread._DEFER  # noqa: SLF001  # what gunicorn's own handle returns then
        is_kept = super().handle(conn)
        if is_kept is False:
            _part(conn.sock)
        return is_kept

    def _accept_waiting(self, listener: Any) -> None:
        """Closing would cut off who is connected already."""
        known = -1
        while self.nr_conns != known:
            known = self.nr_conns
            self.accept(listener)


def limit_stalls(listener: socket.socket, seconds: int) -> None:
    """End a connection that has stood still for so long in the middle of a request or an answer.

    Linux hands the options of *listener* down to its connections.
    """
    limit = struct.pack("@ll", seconds, 0)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)


def whole_bodies(application: Application) -> Application:
    """*application*, to which a body that ends early is an error and not a shorter body."""

    def watched(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH") or "0"
        environ["wsgi.input"] = WholeBody(environ["wsgi.input"], int(length))
        return application(environ, start_response)

    return watched


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class WholeBody:
    """Raises ``OSError`` where fewer bytes than *length_bytes* come, or chunks are malformed.

    gunicorn calls its bodies terminated but ends them silently at the end of the connection, and
    has errors of its own for chunks. Werkzeug makes a 400 of an ``OSError``.
    """

    def __init__(self, body: Readable, length_bytes: int) -> None:
        self._body = body
        self._missing_bytes = length_bytes

    def read(self, size: int = -1) -> bytes:
        try:
            data = self._body.read(size)
        except ParseException as error:
            raise ConnectionError("The body is not framed as HTTP asks.") from error
        self._missing_bytes -= len(data)
        if not data and size and self._missing_bytes > 0:
            raise ConnectionError("The body ended early.")
        return data


def _part(connection: socket.socket) -> None:
    """Say that no more is coming, and stay for a while until the client has gone.

    Closing with bytes unread resets the connection, and the answer may be lost (RFC 9112, 9.6). So
    a little is taken; a client that goes on sending waits then, and has the time to read.
    Afterwards gunicorn's own waiting finds nothing to wait for.
    """
    # Any of these fails where the client is gone, and it need not wait longer then.
    with suppress(OSError):
        connection.shutdown(socket.SHUT_WR)
        _linger(connection)
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RD)


def _linger(connection: socket.socket) -> None:
    deadline = time.monotonic() + _LINGER_SECONDS
    left_bytes = _LINGER_BYTES
    while (left := deadline - time.monotonic()) > 0:
        if left_bytes <= 0:
            _wait_for_end(connection, left)
            return
        connection.settimeout(left)
        taken = len(connection.recv(65536))
        if not taken:
            return
        left_bytes -= taken


def _wait_for_end(connection: socket.socket, seconds: float) -> None:
    """Wait until the client closes or resets, and take nothing more."""
    poll = select.poll()
    poll.register(connection, select.POLLRDHUP)
    poll.poll(seconds * 1000)
