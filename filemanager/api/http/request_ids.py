"""Request ids, and the one log event that each request ends with."""

import re
import secrets
import time
from collections.abc import Iterable
from typing import NamedTuple

import structlog
from flask import Flask, Request, Response, g, request

from filemanager.api.http.context import OWNER
from filemanager.domain.workspaces.log import escaped

MOVED = "filemanager.moved"
"""In a request's environment: what its body and that of its answer hold."""

_TAKEN = re.compile(r"[A-Za-z0-9._-]{1,64}")
_HEADER = "X-Request-ID"
_TOLD = 6
_CAPABILITY = "capability"


class Moved(NamedTuple):
    """Bytes, as the heads say."""

    received: int
    sent: int


def install(app: Flask) -> None:
    secret_prefixes = _secret_prefixes(app)

    @app.before_request
    def bind() -> None:
        sent = request.headers.get(_HEADER, "")
        g.request_id = sent if _TAKEN.fullmatch(sent) else secrets.token_hex(8)
        # Threads are used again: what the request before bound must not stay.
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=g.request_id)

    @app.after_request
    def tell(response: Response) -> Response:
        response.headers[_HEADER] = g.request_id
        # Each look at a proxy costs as much as what is looked up.
        asked = request._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001  # as Werkzeug says
        environ = asked.environ
        moved = environ[MOVED] = Moved(
            _number(environ.get("CONTENT_LENGTH")), _number(response.headers.get("Content-Length"))
        )
        structlog.get_logger().info(
            "request",
            method=asked.method,
            path=_told_path(asked, secret_prefixes),
            status=response.status_code,
            seconds=round(time.perf_counter() - g.started, 4),
            caller=environ.get(OWNER),
            address=environ.get("REMOTE_ADDR"),
            received_bytes=moved.received,
            sent_bytes=moved.sent,
        )
        return response


def _secret_prefixes(app: Flask) -> tuple[str, ...]:
    """What leads to the secret in the path of every route that has one."""
    rules = (rule.rule for rule in app.url_map.iter_rules() if _CAPABILITY in rule.arguments)
    return tuple(rule.partition("<")[0] for rule in rules)


def _number(head: str | None) -> int:
    """0 where a head does not say."""
    return int(head) if head and head.isdecimal() else 0


def _told_path(request: Request, secret_prefixes: Iterable[str]) -> str:
    """Who reads a log must not be able to use a secret that is a path, whatever route it met.

    What met none may be one below a prefix that a proxy was to take off.
    """
    path = request.path
    for prefix in secret_prefixes:
        start = path.lower().find(prefix)
        if start == 0 or (start > 0 and request.url_rule is None):
            return escaped(f"{path[: start + len(prefix) + _TOLD]}...")
    return escaped(path)
