"""How the rawstore door words its refusals."""

from flask import Response

from filemanager.api.http.dialects import Dialect, Refusal, answer_reason
from filemanager.api.http.views import Reason

_IN_BARE_WORDS = frozenset({"not_json", "storage_limit_reached"})
"""What BitStore said in plain text; where it said nothing, the answer is JSON."""


def _worded(refusal: Refusal) -> Response:
    if refusal.code in _IN_BARE_WORDS:
        return Response(refusal.message, refusal.status, mimetype="text/plain")
    return answer_reason(refusal)


DIALECT = Dialect(
    covers=lambda _, endpoint: (endpoint or "").startswith("rawstore."),
    word=_worded,
    model=Reason,
)
"""By endpoint, since the prefix is a setting and the door has a route for each path below it."""
