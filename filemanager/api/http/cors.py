"""Cross-origin requests: from the origins that a setting names, and never with credentials."""

from collections.abc import Collection

from flask import Flask, Response, request

from filemanager.api.http.context import REFUSED

_METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE"
_HEADERS = (
    "Auth-Token, Authorization, Content-Digest, Content-Type, Idempotency-Key, If-Match,"
    " If-None-Match, If-Range, Prefer, Range, Repr-Digest, Tus-Resumable, Upload-Checksum,"
    " Upload-Concat, Upload-Defer-Length, Upload-Length, Upload-Metadata, Upload-Offset,"
    " X-HTTP-Method-Override, X-Requested-With"
)
_EXPOSED = (
    "Content-Disposition, Content-Range, ETag, Link, Location, Preference-Applied, RateLimit,"
    " RateLimit-Policy, Repr-Digest, Retry-After, Tus-Checksum-Algorithm, Tus-Extension,"
    " Tus-Max-Size, Tus-Resumable, Tus-Version, Upload-Concat, Upload-Defer-Length,"
    " Upload-Expires, Upload-Length, Upload-Metadata, Upload-Offset, X-Request-ID"
)
_SECONDS = "600"


def install(app: Flask, origins: Collection[str], blueprints: Collection[str]) -> None:
    """Let pages of *origins* ask the routes of *blueprints*."""
    if not origins:
        return

    @app.after_request
    def allow_origin(response: Response) -> Response:
        # What the server refuses has reached no route, and the page should know why.
        is_open = REFUSED in request.environ or not set(blueprints).isdisjoint(request.blueprints)
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
