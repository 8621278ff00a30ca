"""A PostgreSQL that counts how often somebody waits for it: what leads to it sees who speaks."""

import selectors
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sqlalchemy import make_url

_NAME = ".s.PGSQL.5432"


class RoundTrips:
    """One begins wherever a client speaks after the server has, on each connection by itself."""

    def __init__(self) -> None:
        self.count = 0

    def lead(self, client: socket.socket, server: socket.socket) -> None:
        """Carry what either says to the other until one of them ends."""
        was_client = False
        with selectors.DefaultSelector() as selector, client, server:
            selector.register(client, selectors.EVENT_READ, server)
            selector.register(server, selectors.EVENT_READ, client)
            while True:
                for key, _ in selector.select():
                    said = key.fileobj.recv(1 << 16)  # type: ignore[union-attr]  # a socket
                    if not said:
                        return
                    is_client = key.fileobj is client
                    self.count += is_client and not was_client
                    was_client = is_client
                    key.data.sendall(said)


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
