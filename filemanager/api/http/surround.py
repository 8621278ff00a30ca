"""What surrounds every request: its id, its count, and the one log event that it ends with.

Around Flask and not in its hooks: each look at a proxy of Flask's costs as much as what is done
here with it (decision 0017).
"""

import re
import secrets
import time
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import structlog
from flask import Flask, Request

from filemanager.api.http.context import OWNER
from filemanager.domain.workspaces.log import escaped

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


class RequestEnd(NamedTuple):
    """Bytes of bodies as their heads say, seconds to the answer's head."""

    status: int
    seconds: float
    received_bytes: int
    sent_bytes: int


Count = Callable[[Request, RequestEnd], None]

REQUEST_ID = "filemanager.request_id"
"""In a request's environment: the name by which it is looked up in the log."""

_REQUEST = "werkzeug.request"
_TAKEN = re.compile(r"[A-Za-z0-9._-]{1,64}")
_HEADER = "X-Request-ID"
_TYPES_ARE_MEANT = ("X-Content-Type-Options", "nosniff")
_TOLD = 6
_LONGEST = 19
"""Digits of the largest number of bytes that is written down."""

_CAPABILITY = "capability"
_SLUG = "slug"
_ARGUMENT = re.compile(r"<[^>]*>")
_SLASHES = re.compile("/{2,}")


def install(app: Flask, count: Count) -> None:
    """Behind all routes. *count* gets each request and what came of it."""
    inner, told, log = app.wsgi_app, _Told(app), structlog.get_logger()

    def surrounded(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        started = time.perf_counter()
        request_id = environ[REQUEST_ID] = _id_of(environ.get("HTTP_X_REQUEST_ID", ""))
        # Threads are used again: what the request before bound must not stay.
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)

        def start(status: str, headers: list[tuple[str, str]], *exc_info: Any) -> Any:
            asked, seconds = environ[_REQUEST], time.perf_counter() - started
            length = environ.get("CONTENT_LENGTH")
            received = _number(length) if length else 0
            outcome = RequestEnd(int(status[:3]), seconds, received, _length_of(headers))
            headers += [(_HEADER, request_id), _TYPES_ARE_MEANT]
            count(asked, outcome)
            log.info(
                "request",
                method=asked.method,
                path=told.path(asked),
                status=outcome.status,
                seconds=round(seconds, 4),
                caller=environ.get(OWNER),
                address=environ.get("REMOTE_ADDR"),
                received_bytes=outcome.received_bytes,
                sent_bytes=outcome.sent_bytes,
            )
            return start_response(status, headers, *exc_info)

        return inner(environ, start)

    app.wsgi_app = surrounded  # type: ignore[method-assign]  # as Flask asks


def _id_of(sent: str) -> str:
    return sent if _TAKEN.fullmatch(sent) else secrets.token_hex(8)


def _length_of(headers: Iterable[tuple[str, str]]) -> int:
    for name, value in headers:
        if name == "Content-Length":
            return _number(value)
    return 0


def _number(length: str) -> int:
    """0 where it is none."""
    # Of thousands of digits nothing comes, and Python makes no number.
    return int(length[:_LONGEST]) if length.isdecimal() else 0


class _Told:
    """Paths without what opens something: who reads a log must not be able to use it."""

    def __init__(self, app: Flask) -> None:
        capabilities, slugs = _leading_to(app, _CAPABILITY), _leading_to(app, _SLUG)
        # A name in a link that nobody chose is as good as a secret; one that somebody did is told.
        self._opening = re.compile(
            rf"(?P<to_secret>{capabilities})|({slugs}[0-9a-f]{{6}})[0-9a-f]{{26}}(?![^/:])",
            re.IGNORECASE,
        )

    def path(self, request: Request) -> str:
        """Whatever route it met. What met none may be one below a prefix that a proxy was to take
        off.
        """
        path = request.path
        if "//" in path:
            # To routes they are one, and to whoever reads what was meant.
            path = _SLASHES.sub("/", path)
        found = self._opening.search(path)
        if found is None or (found.start() and request.url_rule is not None):
            return escaped(path)
        if found["to_secret"]:
            return escaped(f"{path[: found.end() + _TOLD]}...")
        return escaped(f"{path[: found.end(2)]}...{path[found.end() :]}")


def _leading_to(app: Flask, argument: str) -> str:
    """A pattern of what stands before *argument* in routes that have it, whatever is before it."""
    leading = re.compile(rf"(.*?)<(?:\w+:)?{argument}>")
    found = (leading.match(rule.rule) for rule in app.url_map.iter_rules())
    texts = (_ARGUMENT.split(one[1]) for one in found if one)
    before = sorted({"[^/]+".join(map(re.escape, parts)) for parts in texts})
    return f"(?:{'|'.join(before) or '(?!)'})"
