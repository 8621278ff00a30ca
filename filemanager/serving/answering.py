"""What a thread does with a connection: it reads a request, and answers it by the application."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from filemanager.api.http.context import REFUSED
from filemanager.serving.connection import Connection
from filemanager.serving.environment import Environment
from filemanager.serving.pace import Clients
from filemanager.serving.reply import Reply
from filemanager.serving.requests import Refused, read_request
from filemanager.serving.wire import Ended, Wire

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]

_log = logging.getLogger("gunicorn.error")


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer is sent. Of the body ``rest_bytes`` are to come; ``ahead`` came behind it."""

    is_kept: bool
    rest_bytes: int = 0
    ahead: bytes = b""


OVER = Answered(is_kept=False)
_GO_ON = b"HTTP/1.1 100 Continue\r\n\r\n"


class Answerer:
    """Serves one request at a time in each of many threads."""

    def __init__(self, application: Application, cfg: Any) -> None:
        self._application = application
        self._cfg = _LookedUpOnce(cfg)
        self._environment = Environment(cfg)
        self.is_closing = False
        """Answers say that their connection ends."""

    def answer(self, connection: Connection, clients: Clients) -> Answered | None:
        """None: the client has gone, or there is no telling where in the answer it is."""
        wire = Wire(connection.socket, clients)
        try:
            return self._answer(connection, wire)
        except Ended:
            return None
        except Exception:  # noqa: BLE001  # the edge of the process: a thread must outlive it
            _log.exception("The application has failed.")
            return None
        finally:
            wire.pace.end()

    def _answer(self, connection: Connection, wire: Wire) -> Answered:
        request, body = read_request(connection, wire, self._cfg)
        environ = self._environment.of(request, connection, body)
        wire.pace.environ = environ
        if isinstance(request, Refused):
            environ[REFUSED] = request.refusal
        elif request._expected_100_continue:  # noqa: SLF001  # gunicorn has no other name for it
            wire.sendall(_GO_ON)
        reply = Reply(request, body, wire)
        reply.is_last |= self.is_closing
        self._run(reply, environ)
        if reply.is_last:
            return OVER
        rest_bytes, ahead = body.rest()
        return Answered(is_kept=True, rest_bytes=rest_bytes, ahead=ahead)

    def _run(self, reply: Reply, environ: dict[str, Any]) -> None:
        chunks = self._application(environ, reply.start)
        try:
            for chunk in chunks:
                reply.write(chunk)
            reply.end()
        finally:
            if hasattr(chunks, "close"):
                chunks.close()


class _LookedUpOnce:
    """gunicorn's settings: it asks for twenty of them at each request, each by a function."""

    def __init__(self, cfg: Any) -> None:
        self._cfg = cfg

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._cfg, name)
        setattr(self, name, found)
        return found
