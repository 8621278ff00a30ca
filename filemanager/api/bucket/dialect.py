"""How the bucket words its refusals."""

from flask import Response

from filemanager.api.bucket.pages import refused_page
from filemanager.api.bucket.views import BucketRefusal
from filemanager.api.http.dialects import Dialect, Refusal, answer_json, below
from filemanager.api.http.preferences import names_html

_FIRST_SEGMENTS = frozenset({"", "config", "upload", "checksum", "blob", "explode", "replica"})


def dialect(prefix: str) -> Dialect:
    """``{"status": …, "code": …, "error": …}``, as the clients of http-bucket expect; browsers
    are shown a page.
    """

    def covers(path: str, endpoint: str | None) -> bool:
        return (endpoint or "").startswith("bucket.") or _is_of_bucket(path, prefix)

    return Dialect(covers=covers, word=_worded, model=BucketRefusal)


def _is_of_bucket(path: str, prefix: str) -> bool:
    """A door without a prefix has the paths that begin like its routes."""
    if prefix:
        return below(prefix, path)
    return path.removeprefix("/").partition("/")[0] in _FIRST_SEGMENTS


def _worded(refusal: Refusal) -> Response:
    if names_html():
        return refused_page(refusal)
    status = refusal.status
    told = {"status": status.phrase.lower(), "code": int(status), "error": refusal.message}
    return answer_json(told, status)
