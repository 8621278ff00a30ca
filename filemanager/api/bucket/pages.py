"""The bucket's pages for people; no outside request is made by them."""

from collections.abc import Iterable
from urllib.parse import quote

from flask import Response, render_template, request

from filemanager.api.bucket.door import door
from filemanager.api.bucket.form import MAX_PARTS
from filemanager.api.http.security import page_headers

_HEADERS = page_headers(
    "style-src 'self'", "script-src 'self'", "connect-src 'self'", "form-action 'self'"
) | {"Vary": "Accept"}


def wants_page() -> bool:
    """JSON is for those who do not ask for HTML by name."""
    accepted = request.accept_mimetypes
    return "text/html" in accepted.values() and accepted.best == "text/html"


def form_page(endpoint: str, verb: str) -> Response:
    page = render_template(
        "bucket_form.html",
        endpoint=endpoint,
        verb=verb,
        max_bytes=door().max_bytes,
        max_parts=MAX_PARTS,
    )
    return Response(page, mimetype="text/html", headers=_HEADERS)


def listing_page(
    title: str, rows: Iterable[tuple[str, str, int | None]], following: object
) -> Response:
    """*rows* are names, addresses and sizes; no size: a directory."""
    linked = [(name, quote(address), size) for name, address, size in rows]
    page = render_template("bucket_listing.html", title=title, rows=linked, following=following)
    return Response(page, mimetype="text/html", headers=_HEADERS)
