"""Repositories of shares: for git, and what DVC and Git LFS ask beside them."""

import zlib

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel

from filemanager.api.http.bodies import sent_bytes
from filemanager.api.http.operations import ELSEWHERE, Answer, Body, operation
from filemanager.api.http.preconditions import ON_DOWNLOAD
from filemanager.api.http.responses import Shown, quoted, send
from filemanager.api.shares.door import contents
from filemanager.api.shares.guard import OpensShare, opened
from filemanager.api.shares.sending import BYTES, REFUSALS, sent_item
from filemanager.api.shares.visiting import count
from filemanager.domain.shares.errors import GitIsSmart, GitRequestTooLarge
from filemanager.domain.shares.pack import PackKind
from filemanager.exports.git.upload_pack.answers import (
    ADVERTISEMENT_TYPE,
    RESULT_TYPE,
    advertisement,
    answer,
)
from filemanager.exports.git.upload_pack.asked import (
    MAX_REQUEST_BYTES,
    GitRequestBroken,
    asked_in,
)

clones = Blueprint("clones", __name__)

_CLONE = OpensShare("who was given the link clones what it opens")
_SERVICE = "git-upload-pack"
_FRESH = {"Cache-Control": "no-cache, max-age=0, must-revalidate"}
_REQUEST = Body("application/x-git-upload-pack-request")
_INFLATE_GZIP = 16 + zlib.MAX_WBITS


class AdvertisementQuery(BaseModel):
    service: str = ""


@clones.get("/<share_pack:kind>.git/info/refs")
@operation(guard=_CLONE, errors=REFUSALS, answers={200: Answer(media=ADVERTISEMENT_TYPE)})
def list_references(kind: str, query: AdvertisementQuery) -> ResponseReturnValue:
    """Name the branches of a repository, in version 0 of git's protocol."""
    if query.service != _SERVICE:
        raise GitIsSmart
    repository = contents().clones.repository(opened(), PackKind(kind))
    body = advertisement(repository.references)
    return Response(body, mimetype=ADVERTISEMENT_TYPE, headers=_FRESH)


@clones.post("/<share_pack:kind>.git/git-upload-pack")
@operation(
    guard=_CLONE,
    sends=_REQUEST,
    errors=(*REFUSALS, 400, 413, 422),
    answers={200: Answer(media=RESULT_TYPE)},
)
def upload_pack(kind: str) -> ResponseReturnValue:
    """Send a repository: the whole pack, whatever the client has."""
    repository = contents().clones.repository(opened(), PackKind(kind))
    asked = asked_in(_git_request(), set(repository.references.values()))
    body = answer(asked, repository.pack())
    return Response(body, mimetype=RESULT_TYPE, headers=_FRESH)


@clones.get("/dvc/files/md5/<share_hex:first>/<share_hex:rest>.dir")
@operation(guard=_CLONE, accepts=ON_DOWNLOAD, errors=REFUSALS, answers={200: BYTES})
def get_dvc_directory(first: str, rest: str) -> ResponseReturnValue:
    """Get the list that the repository of DVC names by its MD5."""
    download = contents().digests.dvc_directory(opened(), first + rest)
    return send(download, Shown(tag=quoted(download.tag), media="application/json"))


@clones.get("/dvc/files/md5/<share_hex:first>/<share_hex:rest>")
@operation(guard=_CLONE, accepts=ON_DOWNLOAD, errors=REFUSALS, answers={200: BYTES, 302: ELSEWHERE})
def get_dvc_object(first: str, rest: str) -> ResponseReturnValue:
    """Get an item by its MD5, from us or from where it lies."""
    shared = contents().digests.by_md5(opened(), first + rest)
    count(f"f/{shared.item.path}", shared.item.size_bytes)
    return sent_item(shared)


def _git_request() -> bytes:
    """Git compresses what is longer than a kilobyte. Raises ``GitRequestTooLarge``."""
    sent = sent_bytes(MAX_REQUEST_BYTES)
    if request.headers.get("Content-Encoding", "").lower() not in ("gzip", "x-gzip"):
        return sent
    inflater = zlib.decompressobj(_INFLATE_GZIP)
    try:
        plain = inflater.decompress(sent, MAX_REQUEST_BYTES)
    except zlib.error as error:
        raise GitRequestBroken from error
    if inflater.unconsumed_tail:
        raise GitRequestTooLarge
    return plain
