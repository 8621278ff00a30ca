"""How shares word their refusals: pages for browsers, problems for programs."""

from http import HTTPStatus

from flask import Response, request

from filemanager.api.http.dialects import PROBLEM, Dialect, Refusal, below
from filemanager.api.http.front.references import relative
from filemanager.api.http.preferences import names_html
from filemanager.api.pages.frames import framed
from filemanager.api.pages.refusals import title_of
from filemanager.api.pages.texts import said
from filemanager.api.shares.showing.pages import PAGE_HEADERS
from filemanager.domain.shares.errors import (
    SharePasswordForm,
    SharePasswordNeeded,
    WrongSharePassword,
)

_CHALLENGE = 'Basic realm="share", charset="UTF-8"'
_ASKS_FOR_PASSWORD = {SharePasswordNeeded.code, WrongSharePassword.code}


def _covers(path: str, endpoint: str | None) -> bool:
    del endpoint
    return below("/s", path) or below("/k", path)


def _worded(refusal: Refusal) -> Response:
    response = _page(refusal) if names_html() else PROBLEM.word(refusal)
    response.headers["Cache-Control"] = "no-store"
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    if refusal.code in _ASKS_FOR_PASSWORD and refusal.status is HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = _CHALLENGE
    return response


def _page(refusal: Refusal) -> Response:
    slug = (request.view_args or {}).get("slug")
    is_form = refusal.code == SharePasswordForm.code and slug is not None
    return framed(
        "share_form.html" if is_form else "refusal.html",
        refusal.status,
        PAGE_HEADERS,
        frame="share_base.html",
        title=title_of(refusal.status),
        message=said(refusal.message),
        action=relative(f"/s/{slug}/unlock") if is_form else None,
    )


DIALECT = Dialect(covers=_covers, word=_worded, model=PROBLEM.model, media=PROBLEM.media)
