"""The bucket's pages for people, and who gets one; no outside request is made by them."""

from flask import Response, render_template, request

from filemanager.api.bucket.door import door
from filemanager.api.http.security import page_headers

PAGE_HEADERS = page_headers(
    "style-src 'self'", "script-src 'self'", "connect-src 'self'", "form-action 'self'"
) | {"Vary": "Accept"}


def wants_page() -> bool:
    """JSON is for those who name it above HTML: browsers, ``*/*`` and nothing at all get a page."""
    asked = {
        value.partition(";")[0].strip().lower(): quality
        for value, quality in reversed(list(request.accept_mimetypes))
    }
    json, html = asked.get("application/json", 0), asked.get("text/html", asked.get("text/*"))
    if html is None:
        return not json or json < asked.get("*/*", 0)
    return json <= html


def form_page(endpoint: str, verb: str) -> Response:
    page = render_template(
        "bucket_form.html",
        endpoint=endpoint,
        verb=verb,
        max_bytes=door().max_bytes,
        max_parts=door().service.terms.form_drops,
    )
    return Response(page, mimetype="text/html", headers=PAGE_HEADERS)
