"""How shares word their refusals: pages for browsers, problems for programs."""

from http import HTTPStatus

from flask import Response, render_template, request

from filemanager.api.http.dialects import PROBLEM, Dialect, Refusal, below
from filemanager.api.http.front.references import relative
from filemanager.api.http.preferences import names_html
from filemanager.api.shares.showing.pages import PAGE_HEADERS
from filemanager.domain.shares.errors import (
    SharePasswordForm,
    SharePasswordNeeded,
    WrongSharePassword,
)

_HTML = "text/html"
_CHALLENGE = 'Basic realm="share", charset="UTF-8"'
_ASKS_FOR_PASSWORD = {SharePasswordNeeded.code, WrongSharePassword.code}


def _covers(path: str, endpoint: str | None) -> bool:
    del endpoint
    return below("/s", path) or below("/k", path)


def _worded(refusal: Refusal) -> Response:
    response = _page(refusal) if names_html() else PROBLEM.word(refusal)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    if refusal.code in _ASKS_FOR_PASSWORD and refusal.status is HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = _CHALLENGE
    return response


def _page(refusal: Refusal) -> Response:
    slug = (request.view_args or {}).get("slug")
    is_form = refusal.code == SharePasswordForm.code and slug is not None
    page = render_template(
        "share_form.html" if is_form else "share_error.html",
        status=int(refusal.status),
        title=refusal.status.phrase,
        message=refusal.message,
        action=relative(f"/s/{slug}/unlock") if is_form else None,
    )
    return Response(page, refusal.status, PAGE_HEADERS, mimetype=_HTML)


DIALECT = Dialect(covers=_covers, word=_worded, model=PROBLEM.model, media=PROBLEM.media)
