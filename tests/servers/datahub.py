"""The services of DataHub that BitStore's client asks beside the raw store, on one address."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import quote, urlsplit

_AS_IT_IS = "".join(map(chr, range(33, 127)))
_PASSED_ON = ("Auth-Token", "Content-Type")


@dataclass
class DataHub:
    """Gives out tokens of its own, passes on what is for the raw store, and keeps the rest.

    ``token`` makes the token of a user for a service. ``specs`` are the source specs that came.
    """

    token: Callable[[str, str], str]
    public_key: bytes
    store: str = ""
    url: str = ""
    specs: list[dict[str, Any]] = field(default_factory=list)


@contextmanager
def datahub(token: Callable[[str, str], str], public_key: bytes) -> Iterator[DataHub]:
    """Start it on loopback; ``store``, the URL of the raw store's service, is set afterwards.

    Users log in with their names.
    """
    hub = DataHub(token, public_key)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"hub": hub}))
    hub.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    hub: DataHub

    def do_GET(self) -> None:
        if self.path == "/auth/public-key":
            self._answer(200, self.hub.public_key)
        elif self.path.startswith("/auth/authorize?service="):
            token = self.hub.token(self.headers["Auth-Token"], self.path.partition("=")[2])
            self._answer(200, json.dumps({"token": token}).encode())
        else:
            self._pass_on()

    def do_POST(self) -> None:
        if self.path == "/source/upload":
            self.hub.specs.append(json.loads(self._body()))
            self._answer(200, b'{"success": true}')
        else:
            self._pass_on()

    def _pass_on(self) -> None:
        headers = {name: self.headers[name] for name in _PASSED_ON if name in self.headers}
        # No library that would write the path more nicely than the client does.
        path = quote(self.path, safe=_AS_IT_IS, encoding="latin-1")
        with closing(HTTPConnection(urlsplit(self.hub.store).netloc, timeout=60)) as connection:
            connection.request(self.command, path, self._body(), headers)
            told = connection.getresponse()
            self._answer(told.status, told.read())

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing: a test prints what it compares."""
