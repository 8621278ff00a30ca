"""The batch API of Git LFS (its specification, "Batch API"): where objects are fetched."""

import json
from typing import Any, Literal

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from filemanager.api.http.bodies import NoJson, parsed_json, sent_bytes
from filemanager.api.http.context import services
from filemanager.api.http.front.references import absolute
from filemanager.api.http.operations import Answer, Body, operation
from filemanager.api.shares.door import contents, door
from filemanager.api.shares.guard import OpensShare, opened
from filemanager.api.shares.sending import REFUSALS
from filemanager.api.shares.visiting import NEVER_KEPT
from filemanager.domain.errors import Malformed
from filemanager.domain.ids import Digest
from filemanager.domain.shares.errors import ShareObjectUnknown
from filemanager.services.shares.contents.presigning import Presigned
from filemanager.services.shares.visiting import Fetch

lfs = Blueprint("lfs", __name__)

MEDIA = "application/vnd.git-lfs+json"
_MOST_BYTES = 1 << 20
_MOST_OBJECTS = 1000
_SAMPLE = {"operation": "download", "objects": [{"oid": "9f" * 32, "size": 65}]}
_BATCH = Body(MEDIA, {"type": "object", "examples": [_SAMPLE]})
_CLONE = OpensShare("who was given the link fetches what it opens")


class LfsObject(BaseModel):
    model_config = ConfigDict(frozen=True)

    oid: str = Field(pattern=r"^[0-9a-f]{64}$")
    size: int = Field(ge=0)


class LfsBatch(BaseModel):
    """What else clients send is passed over, as the specification asks."""

    model_config = ConfigDict(frozen=True)

    operation: Literal["download", "upload"]
    objects: list[LfsObject] = Field(max_length=_MOST_OBJECTS)


@lfs.post("/lfs.git/info/lfs/objects/batch")
@operation(
    guard=_CLONE,
    sends=_BATCH,
    errors=(*REFUSALS, 413, 422),
    answers={200: Answer(media=MEDIA)},
)
def list_lfs_objects() -> ResponseReturnValue:
    """Tell where objects are fetched; nothing can be put."""
    batch = _sent()
    if batch.operation == "upload":
        objects = [_refused(one, 403, "A share is read only.") for one in batch.objects]
    else:
        objects = _downloads(batch)
    body = json.dumps({"transfer": "basic", "hash_algo": "sha256", "objects": objects})
    return Response(body, mimetype=MEDIA, headers=NEVER_KEPT)


def _downloads(batch: LfsBatch) -> list[dict[str, Any]]:
    """Addresses that need no password, since clients send none to them."""
    share = opened()
    found = contents().digests.by_sha256(share, {Digest(one.oid) for one in batch.objects})
    door().visits.fetch(share, Fetch(item=f"lfs ({len(batch.objects)})", size_bytes=None))
    base = absolute(door().visits.place(share, door().visits.begin(share)))
    made = []
    for one in batch.objects:
        shared = found.get(Digest(one.oid))
        if shared is None:
            made.append(_refused(one, 404, ShareObjectUnknown().message))
            continue
        address = contents().presigning.address(share, shared, base)
        if isinstance(address, Presigned):
            made.append(_download(one, address))
        else:
            made.append(_refused(one, 410, address.refusal.message))
    return made


def _download(one: LfsObject, address: Presigned) -> dict[str, Any]:
    action: dict[str, Any] = {"href": address.url}
    if address.ends_at is not None:
        seconds = (address.ends_at - services().clock()).total_seconds()
        action["expires_in"] = max(1, int(seconds))
    return {**one.model_dump(), "authenticated": True, "actions": {"download": action}}


def _refused(one: LfsObject, code: int, message: str) -> dict[str, Any]:
    return {**one.model_dump(), "error": {"code": code, "message": message}}


def _sent() -> LfsBatch:
    try:
        return LfsBatch.model_validate(parsed_json(sent_bytes(_MOST_BYTES)))
    except (NoJson, ValidationError) as error:
        raise Malformed("This is no request of the batch API of Git LFS.") from error
