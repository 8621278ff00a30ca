"""How the content origin words refusals: as plain text, since no page of ours is there."""

from flask import Response, has_request_context, request

from filemanager.api.http.dialects import PROBLEM, Dialect, Refusal
from filemanager.api.http.front.hosts import Hosts
from filemanager.api.pages.texts import said
from filemanager.web.previews.policy import policy

_MEDIA = "text/plain"


def dialect(hosts: Hosts) -> Dialect:
    """Covers whatever is asked there."""

    def covers(_path: str, _endpoint: str | None) -> bool:
        return has_request_context() and hosts.is_content(request.host)

    return Dialect(covers=covers, word=_worded, model=PROBLEM.model, media=_MEDIA)


def _worded(refusal: Refusal) -> Response:
    text = said(refusal.message)
    headers = {
        **policy(None),
        "Cache-Control": "no-store",
        "Content-Language": text.language,
        "Vary": "Accept-Language",
    }
    return Response(f"{text.text}\n", refusal.status, mimetype=_MEDIA, headers=headers)
