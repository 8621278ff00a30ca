"""How the repositories door words its refusals."""

from http import HTTPStatus

from flask import Response, request

from filemanager.api.http.dialects import Dialect, Refusal, answer_json, below
from filemanager.api.repositories.pages import error_page
from filemanager.api.repositories.paths import API, first_segment
from filemanager.api.repositories.views import RepositoryMessage
from filemanager.domain.errors import InvalidToken

_HTML = "text/html"
_CHALLENGE = 'Basic realm="Authentication Required"'


def dialect(prefix: str, taken: frozenset[str]) -> Dialect:
    """``{"message": …}``, as RWS; what lies below ``api`` is ours, and has problems."""

    def covers(path: str, endpoint: str | None) -> bool:
        del endpoint
        if below(f"{prefix}{API}", path):
            return False
        return below(prefix, path) if prefix else first_segment(path) not in taken

    return Dialect(covers=covers, word=_worded, model=RepositoryMessage)


def _worded(refusal: Refusal) -> Response:
    if refusal.status is HTTPStatus.UNAUTHORIZED and refusal.code != InvalidToken.code:
        challenge = {"WWW-Authenticate": _CHALLENGE}
        return Response("Unauthorized Access", refusal.status, challenge, mimetype=_HTML)
    # RWS knew no 422, and its clients tell by the status whether to try again.
    is_malformed = refusal.status is HTTPStatus.UNPROCESSABLE_ENTITY
    status = HTTPStatus.BAD_REQUEST if is_malformed else refusal.status
    if _wants_page():
        return error_page(status, refusal.message)
    return answer_json({"message": _told(refusal)}, status)


def _told(refusal: Refusal) -> str:
    fields = [f"{one.get('parameter', '')}: {one['detail']}" for one in refusal.fields]
    return " ".join([refusal.message, *fields])


def _wants_page() -> bool:
    """Browsers name HTML; package managers and curl do not."""
    is_read = request.method in ("GET", "HEAD")
    return is_read and _HTML in {one.lower() for one in request.accept_mimetypes.values()}
