"""How pages word refusals: as a page for browsers, as a problem for programs."""

from http import HTTPStatus

from flask import Response, request

from filemanager.api.http.dialects import PROBLEM, Dialect, Refusal, below
from filemanager.api.http.preferences import names_html
from filemanager.domain.sessions.errors import SessionNeeded
from filemanager.web.session.kept import kept_fields
from filemanager.web.session.pages import page
from filemanager.web.texts import _, said

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
        title=_title(refusal.status),
        message=said(refusal.message),
        may_sign_in=refusal.code == SessionNeeded.code,
        fields=refusal.fields,
        is_stale=refusal.status == HTTPStatus.PRECONDITION_FAILED,
        kept=kept_fields(),
        refused_path=request.path,
    )


def _title(status: HTTPStatus) -> str:
    titles = {
        HTTPStatus.BAD_REQUEST: _("Bad Request"),
        HTTPStatus.UNAUTHORIZED: _("Unauthorized"),
        HTTPStatus.FORBIDDEN: _("Forbidden"),
        HTTPStatus.NOT_FOUND: _("Not Found"),
        HTTPStatus.METHOD_NOT_ALLOWED: _("Method Not Allowed"),
        HTTPStatus.CONFLICT: _("Conflict"),
        HTTPStatus.GONE: _("Gone"),
        HTTPStatus.PRECONDITION_FAILED: _("Changed in between"),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: _("Too large"),
        HTTPStatus.UNPROCESSABLE_ENTITY: _("Not understood"),
        HTTPStatus.TOO_MANY_REQUESTS: _("Too Many Requests"),
        HTTPStatus.INTERNAL_SERVER_ERROR: _("Internal Server Error"),
        HTTPStatus.SERVICE_UNAVAILABLE: _("Service Unavailable"),
        HTTPStatus.INSUFFICIENT_STORAGE: _("Insufficient Storage"),
    }
    return titles.get(status, status.phrase)


DIALECT = Dialect(covers=_covers, word=_worded, model=PROBLEM.model, media=PROBLEM.media)
