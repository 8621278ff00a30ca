"""How pages word refusals: as a page for browsers, as a problem for programs."""

from http import HTTPStatus

from flask import Response, request

from filemanager.api.http.dialects import PROBLEM, Dialect, Refusal, below
from filemanager.api.http.preferences import names_html
from filemanager.api.pages.refusals import title_of
from filemanager.api.pages.texts import said
from filemanager.domain.sessions.errors import SessionNeeded
from filemanager.web.session.kept import kept_fields
from filemanager.web.session.pages import page

PAGES = "pages"
"""The blueprint that holds those of all pages."""


def _covers(path: str, endpoint: str | None) -> bool:
    """What is behind no route is a page for whoever asks for one, unless a door has its own.

    Below a link there are pages and JSON at the same addresses.
    """
    is_below_link = below("/u", path) or below("/g", path)
    return is_below_link or endpoint is None or endpoint.startswith(f"{PAGES}.")


def _worded(refusal: Refusal) -> Response:
    if not names_html():
        return PROBLEM.word(refusal)
    return page(
        "refused.html",
        refusal.status,
        frame="base.html",
        title=title_of(refusal.status),
        message=said(refusal.message),
        may_sign_in=refusal.code == SessionNeeded.code,
        fields=refusal.fields,
        is_stale=refusal.status == HTTPStatus.PRECONDITION_FAILED,
        kept=kept_fields(),
        refused_path=request.path,
    )


DIALECT = Dialect(covers=_covers, word=_worded, model=PROBLEM.model, media=PROBLEM.media)
