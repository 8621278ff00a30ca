"""Resumable uploads by tus 1.0, for clients that speak it."""

from http import HTTPStatus

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import MethodNotAllowed
from werkzeug.http import http_date

from filemanager.api.http.context import caller
from filemanager.api.http.front.references import relative
from filemanager.api.http.operations import Answer, Body, operation
from filemanager.api.jobs.answers import job_path
from filemanager.api.uploads.door import door
from filemanager.api.uploads.guard import BringsUploads, guest_id, path_here
from filemanager.api.uploads.tus import headers as tus_headers
from filemanager.api.uploads.tus.answers import decorated, mismatched
from filemanager.api.uploads.tus.bodies import (
    ChecksumMismatch,
    appended,
    begun_with_body,
    ensure_media,
)
from filemanager.api.uploads.tus.headers import MEDIA, HeaderRefused, ensure_version
from filemanager.api.uploads.tus.targets import batch_of, target_of
from filemanager.domain.uploads.targets import PartTarget
from filemanager.domain.uploads.upload import (
    Upload,
    UploadId,
    UploadOver,
    UploadState,
    Way,
    upload_id_from,
)
from filemanager.services.uploads.resumable import UploadWish

TUS = "/uploads/tus"

tus = Blueprint("tus", __name__, url_prefix="/tus")
tus.after_request(decorated)
tus.register_error_handler(ChecksumMismatch, mismatched)

_BEGINS = BringsUploads("The place that an upload goes to says which scope it takes.")
_OWN = BringsUploads("An upload is its owner's; its place looks at the scopes when it is received.")
_BODY = Body(MEDIA)
_STATE = ("Upload-Offset", "Upload-Expires", "Tus-Resumable", "Link")
_SENT = ("Tus-Resumable", "Upload-Length", "Upload-Checksum")
_REFUSALS = (400, 403, 404, 409, 412, 413, 415, 460, 507)


@tus.post("", strict_slashes=False)
@operation(
    guard=_BEGINS,
    sends=_BODY,
    errors=(*_REFUSALS, 410, 429),
    accepts=(*_SENT, "Upload-Defer-Length", "Upload-Metadata", "Upload-Concat"),
    answers={201: Answer(headers=("Location", *_STATE))},
)
def begin_tus_upload() -> ResponseReturnValue:
    """Begin an upload, perhaps with its first bytes, or put one together of parts.

    ``Upload-Metadata`` says where it goes: ``workspace`` and ``path`` (or ``filename``), and with
    ``batch`` that it waits for others. With ``bundle`` (no value) many files come to the
    ``workspace`` in one revision: a tar of regular files, each behind a pax header with
    ``FILEMANAGER.sha256``, its digest in hex, and where no bytes come, since ``/uploads/known``
    knows them, with ``FILEMANAGER.size``. Anything else refuses all of it and names the member.
    A guest hands in, and says the path alone.
    """
    ensure_version()
    if request.mimetype == MEDIA:
        upload = begun_with_body(_wish())
    else:
        (upload,) = door().uploads.begin(caller(), [_wish()])
    upload = door().receiving.receive_due(caller(), upload)
    return _answer(HTTPStatus.CREATED, upload, Location=relative(_path(upload.id)))


@tus.route("/<upload_id>", methods=["HEAD"])
@operation(
    guard=_OWN,
    errors=(403, 404, 409, 410, 412, 413),
    accepts=("Tus-Resumable",),
    answers={
        200: Answer(
            headers=(*_STATE, "Upload-Length", "Upload-Metadata", "Upload-Concat", "Cache-Control")
        )
    },
)
def ask_tus_offset(upload_id: str) -> ResponseReturnValue:
    """Ask how far an upload is, and become its writer: who writes it now adds nothing any more.

    An upload whose bytes are all here, and that was not received yet, is received now.
    """
    ensure_version()
    upload = door().uploads.take_over(caller(), upload_id_from(upload_id))
    if upload.state is UploadState.REFUSED:
        # With an offset a client would take it for done.
        raise UploadOver
    upload = door().receiving.receive_due(caller(), upload)
    response = _answer(HTTPStatus.OK, upload)
    if upload.size_bytes is None:
        response.headers["Upload-Defer-Length"] = "1"
    else:
        response.headers["Upload-Length"] = str(upload.size_bytes)
    if upload.metadata:
        response.headers["Upload-Metadata"] = upload.metadata
    if (joined := _concatenation(upload)) is not None:
        response.headers["Upload-Concat"] = joined
    return response


@tus.patch("/<upload_id>")
@operation(
    guard=_OWN,
    sends=_BODY,
    errors=(*_REFUSALS, 410),
    accepts=(*_SENT, "Upload-Offset"),
    answers={204: Answer(headers=_STATE)},
)
def append_to_tus_upload(upload_id: str) -> ResponseReturnValue:
    """Append bytes. What arrives counts, even where the connection breaks.

    With the last byte a small upload is received, and a refusal is the answer; of a large one
    ``Link`` names the job that receives it.
    """
    return _append(upload_id_from(upload_id))


@tus.delete("/<upload_id>")
@operation(
    guard=_OWN,
    errors=(404, 410, 412),
    accepts=("Tus-Resumable",),
    answers={204: Answer(headers=("Tus-Resumable",))},
)
def delete_tus_upload(upload_id: str) -> ResponseReturnValue:
    """Forget an upload that is not received yet, with its bytes."""
    return _give_up(upload_id_from(upload_id))


@tus.post("/<upload_id>")
@operation(
    guard=_OWN,
    sends=_BODY,
    errors=(*_REFUSALS, 405, 410),
    accepts=(*_SENT, "Upload-Offset", "X-HTTP-Method-Override"),
    answers={204: Answer(headers=_STATE)},
)
def override_tus_method(upload_id: str) -> ResponseReturnValue:
    """Do what ``X-HTTP-Method-Override`` names, PATCH or DELETE, where only POST gets through."""
    does = {"PATCH": _append, "DELETE": _give_up}
    method = request.headers.get("X-HTTP-Method-Override", "").upper()
    if method not in does:
        raise MethodNotAllowed(valid_methods=["HEAD", "PATCH", "DELETE"])
    return does[method](upload_id_from(upload_id))


def _wish() -> UploadWish:
    metadata = tus_headers.metadata()
    is_part, parts = tus_headers.is_part(), tus_headers.parts()
    if guest_id() is not None and (is_part or parts is not None):
        # What parts hold is counted for nobody until they are put together.
        raise HeaderRefused("Upload-Concat", "is not taken from guests")
    return UploadWish(
        way=Way.TUS,
        target=PartTarget() if is_part else target_of(metadata, guest_id()),
        size_bytes=tus_headers.length().size_bytes if parts is None else None,
        batch=None if is_part else batch_of(metadata),
        metadata=request.headers.get("Upload-Metadata", ""),
        parts=parts or (),
    )


def _append(upload_id: UploadId) -> Response:
    ensure_version()
    ensure_media()
    offset, size_bytes = tus_headers.offset(), tus_headers.told_length()
    if size_bytes is not None:
        door().uploads.tell_size(caller(), upload_id, size_bytes)
    upload = door().receiving.receive_due(caller(), appended(upload_id, offset))
    return _answer(HTTPStatus.NO_CONTENT, upload)


def _give_up(upload_id: UploadId) -> Response:
    ensure_version()
    door().uploads.give_up(caller(), upload_id)
    return Response(status=HTTPStatus.NO_CONTENT)


def _answer(status: HTTPStatus, upload: Upload, **headers: str) -> Response:
    response = Response(status=status, headers=headers)
    response.headers["Upload-Offset"] = str(upload.received_bytes)
    response.headers["Upload-Expires"] = http_date(upload.expires_at)
    if upload.job_id is not None:
        place = job_path(upload.job_id) if guest_id() is None else _state_path(upload.id)
        response.headers["Link"] = f'<{relative(place)}>; rel="status"'
    return response


def _concatenation(upload: Upload) -> str | None:
    if isinstance(upload.target, PartTarget):
        return "partial"
    if upload.parts:
        return "final;" + " ".join(relative(_path(part)) for part in upload.parts)
    return None


def _path(upload_id: UploadId) -> str:
    return path_here(f"{TUS}/{upload_id}")


def _state_path(upload_id: UploadId) -> str:
    return path_here(f"/uploads/{upload_id}")
