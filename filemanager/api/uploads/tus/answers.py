"""What every answer of the tus door carries, and the one status that HTTP does not know."""

from http import HTTPStatus

from flask import Response, request

from filemanager.api.http.dialects import Refusal, problem
from filemanager.api.uploads.door import door
from filemanager.api.uploads.tus.bodies import ChecksumMismatch
from filemanager.api.uploads.tus.headers import ALGORITHMS, VERSION

CHECKSUM_MISMATCH = 460
"""Of the protocol's checksum extension; no status of HTTP's registry."""

EXTENSIONS = (
    "creation",
    "creation-with-upload",
    "creation-defer-length",
    "expiration",
    "checksum",
    "termination",
    "concatenation",
)


def decorated(response: Response) -> Response:
    response.headers["Tus-Resumable"] = VERSION
    response.headers["Cache-Control"] = "no-store"
    if request.method == "OPTIONS":
        response.headers["Tus-Version"] = VERSION
        response.headers["Tus-Extension"] = ",".join(EXTENSIONS)
        response.headers["Tus-Max-Size"] = str(door().uploads.limits.upload_bytes)
        response.headers["Tus-Checksum-Algorithm"] = ",".join(ALGORITHMS)
    if response.status_code == HTTPStatus.PRECONDITION_FAILED:
        response.headers["Tus-Version"] = VERSION
    return response


def mismatched(error: ChecksumMismatch) -> Response:
    refusal = Refusal(status=HTTPStatus.BAD_REQUEST, code=error.code, message=error.message)
    return problem(CHECKSUM_MISMATCH, "Checksum Mismatch", refusal)
