"""How the rawstore door words its refusals."""

from flask import Response

from filemanager.api.http.dialects import Dialect, Refusal, answer_json
from filemanager.api.rawstore.views import RawstoreRefusal

_IN_BARE_WORDS = frozenset({"not_json", "storage_limit_reached"})
"""What BitStore said in plain text; where it said nothing, the answer is JSON."""


def _worded(refusal: Refusal) -> Response:
    if refusal.code in _IN_BARE_WORDS:
        return Response(refusal.message, refusal.status, mimetype="text/plain")
    return answer_json(_told(refusal.message), refusal.status)


def _told(message: str) -> dict[str, object]:
    """BitStore's client shows ``error.message`` of JSON, or all of a body that is none."""
    return {"error": {"message": message}, "reason": message}


DIALECT = Dialect(
    covers=lambda _, endpoint: (endpoint or "").startswith("rawstore."),
    word=_worded,
    model=RawstoreRefusal,
)
"""By endpoint, since the prefix is a setting and the door has a route for each path below it."""
