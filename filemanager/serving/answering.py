"""What a thread does with a connection: it reads a request, and answers it by the application."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from gunicorn.http import wsgi

from filemanager.api.http.context import REFUSED
from filemanager.serving.bodies import RequestBody
from filemanager.serving.connection import Connection
from filemanager.serving.pace import Clients
from filemanager.serving.requests import Refused, read_request
from filemanager.serving.wire import Wire

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]

_log = logging.getLogger("gunicorn.error")


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer is sent. Of the body ``rest_bytes`` are to come; ``ahead`` came behind it."""

    is_kept: bool
    rest_bytes: int = 0
    ahead: bytes = b""


OVER = Answered(is_kept=False)


class Answerer:
    """Serves one request at a time in each of many threads."""

    def __init__(self, application: Application, cfg: Any) -> None:
        self._application = application
        self._cfg = _LookedUpOnce(cfg)
        self.is_closing = False
        """Answers say that their connection ends."""

    def answer(self, connection: Connection, clients: Clients) -> Answered | None:
        """None: the client has gone, or there is no telling where in the answer it is."""
        wire = Wire(connection.socket, clients)
        try:
            return self._answer(connection, wire)
        except OSError:
            return None
        except Exception:  # noqa: BLE001  # the edge of the process: a thread must outlive it
            _log.exception("The application has failed.")
            return None
        finally:
            wire.pace.end()

    def _answer(self, connection: Connection, wire: Wire) -> Answered:
        request, body = read_request(connection, wire, self._cfg)
        response, environ = wsgi.create(
            request, wire, connection.client, connection.server, self._cfg
        )
        response.sock = _Together(wire)
        environ |= {"wsgi.multithread": True, "wsgi.input": body}
        wire.pace.environ = environ
        if isinstance(request, Refused):
            environ[REFUSED] = request.refusal
        if self.is_closing:
            response.force_close()
        self._run(response, environ, body)
        wire.flush()
        if response.should_close():
            return OVER
        rest_bytes, ahead = body.rest()
        return Answered(is_kept=True, rest_bytes=rest_bytes, ahead=ahead)

    def _run(self, response: Any, environ: dict[str, Any], body: RequestBody) -> None:
        def start(status: str, headers: Any, exc_info: Any = None) -> Any:
            if not body.may_be_left:
                response.force_close()
            return response.start_response(status, headers, exc_info)

        chunks = self._application(environ, start)
        try:
            for chunk in chunks:
                response.write(chunk)
            response.close()
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


class _Together:
    """Sends the head of an answer with the first of its bytes: one packet less, one wake less."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._is_begun = False

    def sendall(self, data: bytes) -> None:
        send = self._wire.sendall if self._is_begun else self._wire.hold
        self._is_begun = True
        send(data)
