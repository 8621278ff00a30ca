"""Request ids, and the one log event that each request ends with."""

import re
import secrets
import time

import structlog
from flask import Flask, Response, g, request

_TAKEN = re.compile(r"[A-Za-z0-9._-]{1,64}")
_HEADER = "X-Request-ID"
_TOLD = 6


def install(app: Flask) -> None:
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
            path=_told_path(),
            status=response.status_code,
            seconds=round(time.perf_counter() - g.started, 4),
        )
        return response


def _told_path() -> str:
    """Who reads a log must not be able to use a secret that is a path."""
    secret = (request.view_args or {}).get("capability")
    return request.path.replace(secret, f"{secret[:_TOLD]}...") if secret else request.path
