"""A request as WSGI hands it to an application (PEP 3333)."""

from typing import Any
from urllib.parse import unquote_to_bytes

from gunicorn.http.wsgi import base_environ

from filemanager.serving.connection import Connection

_BARE = frozenset({"CONTENT_TYPE", "CONTENT_LENGTH"})
"""Their variables have no prefix."""


class Environment:
    """What is the same for all requests of a process is made once."""

    def __init__(self, cfg: Any) -> None:
        self._common = {**base_environ(cfg), "wsgi.multithread": True, "SCRIPT_NAME": ""}

    def of(self, request: Any, connection: Connection, body: object) -> dict[str, Any]:
        """*request* is gunicorn's, whose parser has refused names that would be one variable."""
        (host, port), client = connection.server[:2], connection.client
        environ = {
            **self._common,
            "wsgi.input": body,
            "wsgi.url_scheme": request.scheme,
            "REQUEST_METHOD": request.method,
            "QUERY_STRING": request.query,
            "RAW_URI": request.uri,
            "PATH_INFO": _decoded(request.path),
            "SERVER_PROTOCOL": f"HTTP/{request.version[0]}.{request.version[1]}",
            "SERVER_NAME": host,
            "SERVER_PORT": str(port),
            "REMOTE_ADDR": client[0],
            "REMOTE_PORT": str(client[1]),
        }
        for header, value in request.headers:
            name = header.replace("-", "_")
            key = name if name in _BARE else f"HTTP_{name}"
            environ[key] = f"{environ[key]},{value}" if key in environ else value
        return environ


def _decoded(path: str) -> str:
    """Bytes as Latin-1, as WSGI has them."""
    return unquote_to_bytes(path).decode("latin-1") if "%" in path else path
