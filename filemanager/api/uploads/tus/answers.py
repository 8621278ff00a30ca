"""What every answer of the tus door carries, and the one status that HTTP does not know."""

import json
from http import HTTPStatus

from flask import Response, g, request

from filemanager.api.http.context import services
from filemanager.api.http.cors import with_cors
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
        response.headers["Tus-Max-Size"] = str(services().uploads.patience.upload_bytes)
        response.headers["Tus-Checksum-Algorithm"] = ",".join(ALGORITHMS)
    if response.status_code == HTTPStatus.PRECONDITION_FAILED:
        response.headers["Tus-Version"] = VERSION
    return with_cors(response, services().origins)


def mismatched(error: ChecksumMismatch) -> Response:
    title = "Checksum Mismatch"
    problem = {
        "type": f"/docs#{error.code}",
        "title": title,
        "status": CHECKSUM_MISMATCH,
        "detail": error.message,
        "code": error.code,
        "request_id": g.get("request_id", ""),
    }
    status = f"{CHECKSUM_MISMATCH} {title}"
    return Response(json.dumps(problem), status, mimetype="application/problem+json")
