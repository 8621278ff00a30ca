"""Where things are: as seen from the request in headers and pages, whole in JSON.

A proxy in front may take a prefix off the path, and say so or not: a relative reference (RFC 3986,
4.2) is right all the same, since who asked resolves it against the address that was asked.
"""

from itertools import takewhile
from typing import Any
from urllib.parse import quote, urlsplit

from flask import Flask, Response, request, url_for
from werkzeug.routing import RequestRedirect

from filemanager.api.http.context import base_url
from filemanager.api.http.front.static_files import versioned


def install(app: Flask) -> None:
    """For templates, and for what Flask itself redirects to the closing slash."""
    app.jinja_env.globals["address_of"] = address_of

    @app.after_request
    def redirect(response: Response) -> Response:
        is_redirect = isinstance(request.routing_exception, RequestRedirect)
        # What came before may have refused it.
        if is_redirect and response.location is not None:
            response.headers["Location"] = _own(str(response.location))
            response.set_data(b"")
        return response


def relative(path: str) -> str:
    """*path*, percent-encoded and absolute within this application, as seen from the request."""
    here, there = _directories(), path.split("/")[1:]
    pairs = zip(here, there[:-1], strict=False)
    shared = len(list(takewhile(lambda pair: pair[0] == pair[1], pairs)))
    reference = "/".join([".."] * (len(here) - shared) + there[shared:])
    first = reference.partition("/")[0]
    # Neither nothing, nor what looks like a scheme.
    return reference if first and ":" not in first else f"./{reference}"


def absolute(path: str) -> str:
    """*path*, absolute within this application, with scheme and host."""
    return f"{base_url()}{path}"


def address_of(endpoint: str, filename: str | None = None, **values: Any) -> str:
    """The route with its *values*, or the static file, as seen from the request."""
    if filename is not None:
        values["filename"] = versioned(endpoint, filename)
    return relative(url_for(endpoint, **values).removeprefix(request.script_root))


def _own(url: str) -> str:
    """A URL of this service, as seen from the request."""
    place = urlsplit(url)
    query = f"?{place.query}" if place.query else ""
    return relative(place.path.removeprefix(request.script_root)) + query


def _directories() -> list[str]:
    """As they were sent: an escaped slash in them is none to who resolves a reference."""
    sent = request.environ.get("RAW_URI") or quote(request.path)
    path = sent.partition("?")[0] if sent.startswith("/") else urlsplit(sent).path
    return str(path).split("/")[1:-1]
