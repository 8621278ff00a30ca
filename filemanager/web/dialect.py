"""How pages word refusals: as a page for browsers, as a problem for programs."""

from flask import Response, request

from filemanager.api.http.dialects import PROBLEM, Dialect, Refusal
from filemanager.domain.sessions.errors import SessionNeeded
from filemanager.web.session.pages import HTML, page

PAGES = "pages"
"""The blueprint that holds those of all pages."""


def _covers(path: str, endpoint: str | None) -> bool:
    """What is behind no route is a page for whoever asks for one, unless a door has its own."""
    del path
    return endpoint is None or endpoint.startswith(f"{PAGES}.")


def _worded(refusal: Refusal) -> Response:
    asked = {one.lower() for one in request.accept_mimetypes.values()}
    if HTML not in asked:
        return PROBLEM.word(refusal)
    return page(
        "refused.html",
        refusal.status,
        refusal=refusal,
        may_sign_in=refusal.code == SessionNeeded.code,
    )


DIALECT = Dialect(covers=_covers, word=_worded, model=PROBLEM.model, media=PROBLEM.media)
