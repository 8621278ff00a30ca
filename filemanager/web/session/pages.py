"""A page: its template, who is signed in, and what a browser may do with it."""

import re
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import quote

from flask import Response, g

from filemanager.api.http.front.references import relative
from filemanager.api.http.operations import Answer, Body
from filemanager.api.pages.frames import HTML, framed, page_headers
from filemanager.web.door import door
from filemanager.web.session.forms import FORM_TOKEN, form_token

PAGE = Answer(media=HTML)
MOVED = Answer(headers=("Location",))
FORM = Body("application/x-www-form-urlencoded", {"type": "object"})
HOME = "/w"
NEVER_KEPT = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}

_OWN_PATH = re.compile(r"/(?![/\\])[!-\[\]-~]{0,1999}")
"""Printable ASCII without a backslash, which browsers take for a slash."""


def page(
    template: str, status: int = 200, headers: Mapping[str, str] | None = None, **values: object
) -> Response:
    """Nobody keeps it: it shows what the session may see, and has the secret of its forms."""
    return framed(
        template,
        status,
        {**_headers(), **(headers or {})},
        signed_in=g.get("web_session"),
        form_token=form_token,
        form_token_name=FORM_TOKEN,
        doors=door().doors,
        **values,
    )


def moved(path: str) -> Response:
    """To what a browser is to get now; *path* is that of a page, with its query."""
    return moved_away(relative(quote(path, safe="/?&=%+:@!$'()*,;~")))


def moved_away(address: str) -> Response:
    """To an address that is none of our pages, and that nobody keeps."""
    return Response(status=HTTPStatus.SEE_OTHER, headers={"Location": address, **NEVER_KEPT})


def own_path(to: str) -> str:
    """Nobody is led elsewhere by what stands in a link or a form."""
    return to if _OWN_PATH.fullmatch(to) else HOME


def _headers() -> dict[str, str]:
    connect = " ".join(("'self'", *door().store_origins))
    images = " ".join(("'self'", "blob:", *filter(None, (door().content_origin,))))
    return {
        **page_headers("script-src 'self'", f"img-src {images}", f"connect-src {connect}"),
        "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cache-Control": "no-store",
    }
