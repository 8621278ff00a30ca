"""The rest of the world, as a proxy that writes down who is asked for, and lets nobody through."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(slots=True)
class Outside:
    url: str = ""
    asked: list[str] = field(default_factory=list)


class _Refusing(BaseHTTPRequestHandler):
    world: Outside

    def do_GET(self) -> None:
        self.world.asked.append(self.path)
        self.send_error(403)

    do_CONNECT = do_HEAD = do_POST = do_GET  # noqa: N815  # as http.server looks for them

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the library's name
        """Nobody reads it."""


@contextmanager
def outside() -> Iterator[Outside]:
    world = Outside()
    handler = type("Handler", (_Refusing,), {"world": world})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        world.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield world
        server.shutdown()
        thread.join()
