"""A store on loopback that says what it is told to, and remembers what it was asked."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

FOUND = {"ETag": '"abc"', "Last-Modified": "Sat, 28 Nov 2026 02:00:00 GMT"}


@dataclass
class Told:
    """An answer; its length is that of the body unless the headers say another."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: dict(FOUND))
    body: bytes = b""


@dataclass
class AnsweringStore:
    """``otherwise`` has the answers to requests with these words in them."""

    told: Told = field(default_factory=Told)
    otherwise: dict[str, Told] = field(default_factory=dict)
    port: int = 0
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    """Of each request, by names in lower case."""

    def answer(self, path: str) -> Told:
        return next((told for word, told in self.otherwise.items() if word in path), self.told)


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: Any) -> None:
        """Whoever asked broke off: that is what is looked at."""


@contextmanager
def answering_store(
    told: Told | None = None, tls: ssl.SSLContext | None = None
) -> Iterator[AnsweringStore]:
    """By *tls*, where that is given."""
    store = AnsweringStore(told or Told())
    with _Server(("127.0.0.1", 0), _handler(store)) as server:
        store.port = server.server_address[1]
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield store
        finally:
            server.shutdown()
            thread.join()


def _handler(store: AnsweringStore) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            store.asked.append(f"{self.command} {self.path}")
            store.headers.append({name.lower(): text for name, text in self.headers.items()})
            told = store.answer(self.path)
            self.send_response(told.status)
            for name, text in {"Content-Length": str(len(told.body)), **told.headers}.items():
                self.send_header(name, text)
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(told.body)

        do_HEAD = do_GET  # noqa: N815  # its name there

        def log_message(self, *_: Any) -> None:
            """Nobody reads it."""

    return Handler
