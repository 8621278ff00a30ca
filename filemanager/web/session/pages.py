"""A page: its template, who is signed in, and what a browser may do with it."""

import re
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import quote

from flask import Response, g, render_template, request

from filemanager.api.http.front.references import relative
from filemanager.api.http.operations import Answer, Body
from filemanager.api.http.security import page_headers
from filemanager.web.door import door
from filemanager.web.session.forms import FORM_TOKEN, form_token
from filemanager.web.texts import language, languages, said

HTML = "text/html"
PAGE = Answer(media=HTML)
MOVED = Answer(headers=("Location",))
FORM = Body("application/x-www-form-urlencoded", {"type": "object"})
HOME = "/w"
NEVER_KEPT = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}

_OWN_PATH = re.compile(r"/(?![/\\])[!-\[\]-~]{0,1999}")
"""Printable ASCII without a backslash, which browsers take for a slash."""

READS = ("GET", "HEAD")


def page(
    template: str, status: int = 200, headers: Mapping[str, str] | None = None, **values: object
) -> Response:
    """Nobody keeps it: it shows what the session may see, and has the secret of its forms."""
    session = g.get("web_session")
    text = render_template(
        template,
        language=language(),
        other_languages={code: name for code, name in languages().items() if code != language()},
        asked_again=asked_path() if request.method in READS else None,
        said=said,
        signed_in=session,
        form_token=form_token,
        form_token_name=FORM_TOKEN,
        link=relative,
        doors=door().doors,
        **values,
    )
    made = Response(text, status, mimetype=HTML, headers={**_headers(), **(headers or {})})
    made.headers["Content-Language"] = language()
    return made


def moved(path: str) -> Response:
    """To what a browser is to get now; *path* is that of a page, with its query."""
    return moved_away(relative(quote(path, safe="/?&=%+:@!$'()*,;~")))


def moved_away(address: str) -> Response:
    """To an address that is none of our pages, and that nobody keeps."""
    return Response(status=HTTPStatus.SEE_OTHER, headers={"Location": address, **NEVER_KEPT})


def asked_path() -> str:
    """Of the request, with its query, percent-encoded."""
    query = request.query_string.decode("ascii", "replace")
    path = quote(request.path)
    return f"{path}?{query}" if query else path


def own_path(to: str) -> str:
    """Nobody is led elsewhere by what stands in a link or a form."""
    return to if _OWN_PATH.fullmatch(to) else HOME


def _headers() -> dict[str, str]:
    """The origin is told to ourselves alone: without it a browser would say ``Origin: null``."""
    connect = " ".join(("'self'", *door().store_origins))
    images = " ".join(("'self'", "blob:", *filter(None, (door().content_origin,))))
    policy = page_headers(
        "script-src 'self'",
        "style-src 'self'",
        f"img-src {images}",
        f"connect-src {connect}",
        "form-action 'self'",
    )
    return {
        **policy,
        "Referrer-Policy": "same-origin",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cache-Control": "no-store",
        "Vary": "Accept, Accept-Language, Cookie",
    }
