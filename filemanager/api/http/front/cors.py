"""Cross-origin requests: from the origins that a setting names, and never with credentials."""

from collections.abc import Collection

from flask import Flask, Response, request

from filemanager.api.http.context import REFUSED
from filemanager.api.http.dialects import below

_METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE"
_HEADERS = (
    "Auth-Token, Authorization, Cache-Control, Content-Digest, Content-Type, Idempotency-Key,"
    " If-Match, If-Modified-Since, If-None-Match, If-Range, If-Unmodified-Since, Last-Event-ID,"
    " Prefer, Range, Repr-Digest, Tus-Resumable, Upload-Checksum, Upload-Concat,"
    " Upload-Defer-Length, Upload-Length, Upload-Metadata, Upload-Offset, Want-Repr-Digest,"
    " X-HTTP-Method-Override, X-Request-ID, X-Requested-With"
)
_EXPOSED = (
    "Accept-Ranges, Allow, Content-Disposition, Content-Length, Content-Range, ETag, Last-Modified,"
    " Link, Location, Preference-Applied, RateLimit, RateLimit-Policy, Repr-Digest, Retry-After,"
    " Tus-Checksum-Algorithm, Tus-Extension, Tus-Max-Size, Tus-Resumable, Tus-Version,"
    " Upload-Concat, Upload-Defer-Length, Upload-Expires, Upload-Length, Upload-Metadata,"
    " Upload-Offset, Vary, WWW-Authenticate, X-Request-ID"
)
_SECONDS = "600"


def install(app: Flask, origins: Collection[str], places: Collection[str]) -> None:
    """Let pages of *origins* ask whatever lies at *places* or below: what is refused there too."""
    if not origins:
        return

    @app.after_request
    def allow_origin(response: Response) -> Response:
        # What the server refuses has reached no route, and the page should know why.
        is_open = REFUSED in request.environ or any(below(one, request.path) for one in places)
        return _allowed(response, origins) if is_open else response


def _allowed(response: Response, origins: Collection[str]) -> Response:
    """Tell the browser whether the page that asks may read the answer, or may ask at all.

    No cookie or password of the browser is ever wanted: pages send a token in a header.
    """
    response.vary.add("Origin")
    origin = request.headers.get("Origin")
    if origin is None or origin not in origins:
        return response
    response.headers["Access-Control-Allow-Origin"] = origin
    response.headers["Access-Control-Expose-Headers"] = _EXPOSED
    if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
        response.headers["Access-Control-Allow-Methods"] = _METHODS
        response.headers["Access-Control-Allow-Headers"] = _HEADERS
        response.headers["Access-Control-Max-Age"] = _SECONDS
    return response
