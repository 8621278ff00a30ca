"""Bytes that come by a URL of a grant, where this service keeps them itself."""

from base64 import b64encode
from http import HTTPStatus

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from filemanager.api.http.guards import Capability
from filemanager.api.http.operations import BYTES, Answer, operation
from filemanager.api.http.preferences import ensure_plain_body
from filemanager.api.uploads.door import door

direct = Blueprint("direct", __name__, url_prefix="/direct")


@direct.put("/<capability>")
@operation(
    guard=Capability("The URL is the leave: it was given to who may, for these bytes alone."),
    sends=BYTES,
    errors=(400, 403, 404, 409, 413, 415, 507),
    answers={200: Answer(headers=("Repr-Digest",))},
)
def put_granted_bytes(capability: str) -> ResponseReturnValue:
    """Put the bytes that a URL of a grant is for: of that length and digest, once, in time."""
    ensure_plain_body()
    # Exactly as many as the leave says: the use case counts.
    request.max_content_length = None
    digest = door().direct.take(capability, request.stream, request.content_length)
    encoded = b64encode(bytes.fromhex(digest)).decode()
    return Response(status=HTTPStatus.OK, headers={"Repr-Digest": f"sha-256=:{encoded}:"})
