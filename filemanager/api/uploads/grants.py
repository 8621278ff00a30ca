"""Grants: files are put straight into the store, and received when all have come."""

from http import HTTPStatus

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from filemanager.api.http.context import caller
from filemanager.api.http.front.references import relative
from filemanager.api.http.guards import AnyToken
from filemanager.api.http.operations import Answer, operation
from filemanager.api.http.preferences import prefers_async
from filemanager.api.http.responses import represent
from filemanager.api.jobs.answers import JobView, accepted
from filemanager.api.uploads.door import door
from filemanager.api.uploads.grant_views import (
    GrantStateView,
    GrantView,
    PartPuts,
    PutView,
    grant_view,
    part_puts,
    put_view,
    state_view,
)
from filemanager.api.uploads.grant_wishes import MAX_GRANT_BYTES, GrantBody, PartsBody
from filemanager.domain.uploads.grant import grant_id_from
from filemanager.services.uploads.plans import FileWish, Grant, GrantWish, PartWish
from filemanager.services.uploads.receiving import Reception

grants = Blueprint("grants", __name__, url_prefix="/grants")

_TARGETS = AnyToken("The target says who may, when a grant begins and when it is received.")
_OWNERS = AnyToken("A grant is its owner's; the target looks at rights when it is received.")


def _begun_again(kept: str, **_: object) -> Response:
    """URLs are secrets and are not kept, so these are new ones."""
    return _begun(door().grants.renew(caller(), grant_id_from(kept)))


@grants.post("")
@operation(
    guard=_TARGETS,
    errors=(403, 404, 413, 429),
    answers={201: Answer(GrantView, headers=("Location",))},
    again=_begun_again,
    most_bytes=MAX_GRANT_BYTES,
)
def begin_grant(body: GrantBody) -> ResponseReturnValue:
    """Get leave to put files into the store, all of them or none; their room is reserved.

    What you could download already need not be put (`exists`). Everything else is put to its URL
    with exactly the headers given, which bind length and digest; large files in parts.
    """
    files = [
        FileWish(
            target=body.target(file.path),
            size_bytes=file.size,
            digest=file.digest,
            media_type=file.type or "",
        )
        for file in body.files
    ]
    return _begun(door().grants.begin(caller(), GrantWish(files=files)))


@grants.get("/<grant_id>")
@operation(guard=_OWNERS, errors=(404,), answers={200: Answer(GrantStateView)})
def get_grant(grant_id: str) -> ResponseReturnValue:
    """Show which files have come, and what became of the grant."""
    uploads, arrived = door().grants.get(caller(), grant_id_from(grant_id))
    return represent(state_view(uploads, arrived))


@grants.post("/<grant_id>/files/<id:number>/put")
@operation(guard=_OWNERS, errors=(404, 409, 410), answers={200: Answer(PutView)})
def renew_put(grant_id: str, number: int) -> ResponseReturnValue:
    """Get a new URL for a file, counted from 0: the first expired, or `exists` holds no more."""
    return represent(put_view(door().grants.put_anew(caller(), grant_id_from(grant_id), number)))


@grants.post("/<grant_id>/files/<id:number>/parts")
@operation(guard=_OWNERS, errors=(404, 409, 410), answers={200: Answer(PartPuts)})
def put_parts(grant_id: str, number: int, body: PartsBody) -> ResponseReturnValue:
    """Get URLs for parts of a large file, which is counted from 0 and its parts from 1.

    Ask again when they have expired. What a URL of this service has put is not replaced.
    """
    wishes = [PartWish(part.number, part.digest) for part in body.parts]
    leaves = door().grants.put_parts(caller(), grant_id_from(grant_id), number, wishes)
    return represent(part_puts(leaves))


@grants.post("/<grant_id>:complete")
@operation(
    guard=_OWNERS,
    errors=(400, 403, 404, 409, 412, 413, 507),
    accepts=("Prefer",),
    answers={
        200: Answer(GrantStateView),
        202: Answer(JobView, headers=("Location", "Retry-After", "Preference-Applied")),
    },
)
def complete_grant(grant_id: str) -> ResponseReturnValue:
    """Receive the files in one revision of the workspace, or one push, all of them or none.

    Where files are missing the answer names them, and nothing has changed. To repeat it changes
    nothing more. Large grants become a job.
    """
    identity = grant_id_from(grant_id)
    reception = door().grants.complete(caller(), identity, is_async=prefers_async())
    return _received(reception)


@grants.post("/<grant_id>:abandon")
@operation(guard=_OWNERS, errors=(404, 410), answers={204: Answer()})
def abandon_grant(grant_id: str) -> ResponseReturnValue:
    """Forget a grant and all that was put by it."""
    door().grants.abandon(caller(), grant_id_from(grant_id))
    return Response(status=HTTPStatus.NO_CONTENT)


def _begun(grant: Grant) -> Response:
    headers = {"Location": relative(f"/uploads/grants/{grant.id}")}
    return represent(grant_view(grant), HTTPStatus.CREATED, headers)


def _received(reception: Reception) -> Response:
    if reception.job is not None:
        return accepted(reception.job)
    arrived = {upload.id for upload in reception.uploads}
    return represent(state_view(reception.uploads, arrived))
