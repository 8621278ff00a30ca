"""Which bytes need not be sent again."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from pydantic import Field

from filemanager.api.http.context import caller
from filemanager.api.http.guards import AnyToken
from filemanager.api.http.operations import Answer, operation
from filemanager.api.http.responses import represent
from filemanager.api.http.views import View
from filemanager.api.http.wishes import Wish
from filemanager.api.uploads.door import door
from filemanager.api.uploads.grant_wishes import Sha256
from filemanager.domain.ids import parse_digest

known_bytes = Blueprint("known", __name__)

MAX_KNOWN = 20_000
"""Digests in one question: as many as files in a bundle, with the usual limit of entries."""

MAX_KNOWN_BYTES = 2 << 20
"""Of the question as JSON."""


class KnownBytesBody(Wish):
    sha256: list[Sha256] = Field(min_length=1, max_length=MAX_KNOWN)


class KnownBytesView(View):
    """Of those asked for, in hex and sorted."""

    sha256: list[str]


@known_bytes.post("/known")
@operation(
    guard=AnyToken("It answers for the files that the token may read, and is silent of others."),
    answers={200: Answer(KnownBytesView)},
    most_bytes=MAX_KNOWN_BYTES,
)
def ask_known_bytes(body: KnownBytesBody) -> ResponseReturnValue:
    """Ask which bytes need not be sent: those of files in workspaces that you may read.

    A bundle names such a file by its SHA-256 and size, and nothing comes for it.
    """
    known = door().uploads.known(caller(), {parse_digest(one) for one in body.sha256})
    return represent(KnownBytesView(sha256=sorted(known)))
