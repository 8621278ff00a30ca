"""A PostgreSQL that counts how often somebody waits for it: what leads to it sees who speaks."""

import selectors
import socket
import struct
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sqlalchemy import make_url

_NAME = ".s.PGSQL.5432"
_HEAD = struct.Struct("!cI")


class RoundTrips:
    """One ends wherever the server says that it is ready for what comes next: nobody sees an answer
    before that, and what is sent without waiting is no round trip of its own.
    """

    def __init__(self) -> None:
        self.count = 0

    def lead(self, client: socket.socket, server: socket.socket) -> None:
        """Carry what either says to the other until one of them ends."""
        heard = bytearray()
        with selectors.DefaultSelector() as selector, client, server:
            selector.register(client, selectors.EVENT_READ, server)
            selector.register(server, selectors.EVENT_READ, client)
            while True:
                for key, _ in selector.select():
                    said = key.fileobj.recv(1 << 16)  # type: ignore[union-attr]  # a socket
                    if not said:
                        return
                    if key.fileobj is server:
                        heard += said
                        self.count += _ready(heard)
                    try:
                        key.data.sendall(said)
                    except BrokenPipeError:
                        return  # the other one has gone meanwhile


def _ready(heard: bytearray) -> int:
    """How often the server says so in its messages, each a letter and its length; whole ones go."""
    found = at = 0
    while len(heard) >= at + _HEAD.size:
        letter, length = _HEAD.unpack_from(heard, at)
        if len(heard) <= at + length:
            break
        found += letter == b"Z"
        at += 1 + length
    del heard[:at]
    return found


@contextmanager
def counted(url: str) -> Iterator[tuple[str, RoundTrips]]:
    """The database of *url* by way of a counter, under a URL of its own."""
    parsed, trips = make_url(url), RoundTrips()
    place = str(Path(str(parsed.query["host"])) / _NAME)
    with ExitStack() as stack:
        directory = stack.enter_context(tempfile.TemporaryDirectory(prefix="trips-"))
        listener = stack.enter_context(socket.socket(socket.AF_UNIX))
        listener.bind(str(Path(directory) / _NAME))
        listener.listen()
        threading.Thread(target=_accept, args=(listener, place, trips), daemon=True).start()
        stack.callback(listener.shutdown, socket.SHUT_RDWR)
        through = parsed.update_query_dict({"host": directory})
        yield through.render_as_string(hide_password=False), trips


def _accept(listener: socket.socket, place: str, trips: RoundTrips) -> None:
    while True:
        try:
            client, _ = listener.accept()
        except OSError:
            return
        server = socket.socket(socket.AF_UNIX)
        server.connect(place)
        threading.Thread(target=trips.lead, args=(client, server), daemon=True).start()
