"""Uploads on their way in, as JSON: each by itself, and batches that are received together."""

from collections.abc import Sequence
from datetime import datetime

from flask import Blueprint
from flask.typing import ResponseReturnValue

from filemanager.api.http.context import caller
from filemanager.api.http.front.references import absolute
from filemanager.api.http.operations import Answer, operation
from filemanager.api.http.paging import next_link, place_of
from filemanager.api.http.preferences import prefers_async
from filemanager.api.http.reads import read
from filemanager.api.http.responses import represent
from filemanager.api.http.views import View
from filemanager.api.http.wishes import PageQuery
from filemanager.api.jobs.answers import JobView, accepted, job_path
from filemanager.api.uploads.door import door
from filemanager.api.uploads.guard import BringsUploads, guest_id, path_here
from filemanager.domain.errors import Malformed
from filemanager.domain.ids import is_random_id
from filemanager.domain.jobs.job import Job
from filemanager.domain.uploads.upload import (
    BatchId,
    Upload,
    UploadId,
    UploadNotFound,
    UploadState,
    batch_id_from,
    name_of,
    upload_id_from,
)

states = Blueprint("uploads", __name__)

_OWN = BringsUploads("An upload is its owner's; its place looks at the scopes when it is received.")


class UploadError(View):
    code: str
    detail: str


class UploadStateView(View):
    """``path`` is what was sent; ``result`` says what became of it, ``error`` why nothing did."""

    id: str
    batch: str
    path: str
    state: UploadState
    size_bytes: int | None
    received_bytes: int
    job: str | None
    result: dict[str, object] | None
    error: UploadError | None
    created_at: datetime
    expires_at: datetime


class UploadList(View):
    uploads: list[UploadStateView]


class BatchView(View):
    id: str
    uploads: list[UploadStateView]


@states.get("")
@operation(
    guard=_OWN,
    accepts=("If-None-Match",),
    answers={
        200: Answer(UploadList, headers=("ETag", "Link")),
        304: Answer(headers=("ETag",)),
    },
)
def list_uploads(query: PageQuery) -> ResponseReturnValue:
    """List my uploads that are not over yet."""
    limit = query.limit
    found = door().uploads.unfinished(caller(), _after(query.cursor), limit + 1)
    after = found[limit - 1].id if len(found) > limit else None
    listed = UploadList(uploads=[upload_view(one) for one in found[:limit]])
    return read(listed, headers=next_link(after))


@states.get("/<upload_id>")
@operation(
    guard=_OWN,
    errors=(404,),
    accepts=("If-None-Match",),
    answers={200: Answer(UploadStateView, headers=("ETag",)), 304: Answer(headers=("ETag",))},
)
def get_upload(upload_id: str) -> ResponseReturnValue:
    """Show an upload: how far it is, and what became of it."""
    return read(upload_view(door().uploads.get(caller(), upload_id_from(upload_id))))


@states.get("/batches/<batch_id>")
@operation(
    guard=_OWN,
    errors=(404,),
    accepts=("If-None-Match",),
    answers={200: Answer(BatchView, headers=("ETag",)), 304: Answer(headers=("ETag",))},
)
def get_batch(batch_id: str) -> ResponseReturnValue:
    """Show the uploads of a batch."""
    batch = _batch_from(batch_id)
    return read(_batch_view(batch, door().receiving.show(caller(), batch)))


@states.post("/batches/<batch_id>:receive")
@operation(
    guard=_OWN,
    errors=(400, 403, 404, 409, 412, 413, 507),
    accepts=("Prefer",),
    answers={
        200: Answer(BatchView),
        202: Answer(JobView, headers=("Location", "Retry-After", "Preference-Applied")),
    },
)
def receive_batch(batch_id: str) -> ResponseReturnValue:
    """Receive a batch: all of its uploads in one revision, or none.

    Asked again it answers the same. A large batch becomes a job, which a guest sees by the batch.
    """
    batch = _batch_from(batch_id)
    reception = door().receiving.receive(caller(), batch, is_async=prefers_async())
    if reception.job is not None:
        return accepted(reception.job, _watched(batch, reception.job))
    return represent(_batch_view(batch, reception.uploads))


def upload_view(upload: Upload) -> UploadStateView:
    code = upload.code
    return UploadStateView(
        id=upload.id,
        batch=upload.batch,
        path=name_of(upload),
        state=upload.state,
        size_bytes=upload.size_bytes,
        received_bytes=upload.received_bytes,
        job=None if upload.job_id is None else absolute(job_path(upload.job_id)),
        result=None if upload.result is None else dict(upload.result),
        error=None if code is None else UploadError(code=code, detail=upload.message or ""),
        created_at=upload.created_at,
        expires_at=upload.expires_at,
    )


def _batch_view(batch: BatchId, found: Sequence[Upload]) -> BatchView:
    return BatchView(id=batch, uploads=[upload_view(one) for one in found])


def _watched(batch: BatchId, job: Job) -> str:
    """Jobs are shown to those who have a token."""
    is_guest = guest_id() is not None
    return path_here(f"/uploads/batches/{batch}") if is_guest else job_path(job.id)


def _batch_from(text: str) -> BatchId:
    batch = batch_id_from(text)
    if batch is None:
        raise UploadNotFound
    return batch


def _after(cursor: str | None) -> UploadId | None:
    match place_of(cursor):
        case None:
            return None
        case str(after) if is_random_id(after):
            return UploadId(after)
    raise Malformed("The cursor is not one that this list gave out.")
