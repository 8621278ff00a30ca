"""Request ids, and the one log event that each request ends with."""

import re
import secrets
import time
from collections.abc import Iterable

import structlog
from flask import Flask, Response, g, request

from filemanager.domain.workspaces.log import escaped

_TAKEN = re.compile(r"[A-Za-z0-9._-]{1,64}")
_HEADER = "X-Request-ID"
_TOLD = 6
_CAPABILITY = "capability"


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
        structlog.get_logger().info(
            "request",
            method=request.method,
            path=_told_path(secret_prefixes),
            status=response.status_code,
            seconds=round(time.perf_counter() - g.started, 4),
        )
        return response


def _secret_prefixes(app: Flask) -> tuple[str, ...]:
    """What leads to the secret in the path of every route that has one."""
    rules = (rule.rule for rule in app.url_map.iter_rules() if _CAPABILITY in rule.arguments)
    return tuple(rule.partition("<")[0] for rule in rules)


def _told_path(secret_prefixes: Iterable[str]) -> str:
    """Who reads a log must not be able to use a secret that is a path, whatever route it met.

    What met none may be one below a prefix that a proxy was to take off.
    """
    path = request.path
    for prefix in secret_prefixes:
        start = path.lower().find(prefix)
        if start == 0 or (start > 0 and request.url_rule is None):
            return escaped(f"{path[: start + len(prefix) + _TOLD]}...")
    return escaped(path)
