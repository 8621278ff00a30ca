"""The upload-workspace API: the drop-in routes of the original."""

from collections.abc import Callable
from functools import partial
from http import HTTPStatus

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue

from filemanager.api.http.context import caller, services
from filemanager.api.http.dialects import API
from filemanager.api.http.guards import Holds, Owns, Public
from filemanager.api.http.operations import UPLOAD_FORM, Answer, operation
from filemanager.api.http.requests import ensure_fits, read_form
from filemanager.api.http.responses import Shown, represent, send
from filemanager.api.http.views import Reason
from filemanager.api.workspaces.drop_in.summary import headers_of, summary_of
from filemanager.api.workspaces.drop_in.views import DropInSummary, EditedSummary, ServiceStatus
from filemanager.domain.caller import Scope
from filemanager.domain.ids import WorkspaceId
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.tree import TreePath, locate
from filemanager.domain.workspaces.workspace import Workspace
from filemanager.sanitize.inspection import Sent
from filemanager.services.downloads import Download
from filemanager.services.workspaces.editing import Edited
from filemanager.services.workspaces.files import Received, Terms, ensure_not_empty
from filemanager.services.workspaces.summary import Summary

workspaces = Blueprint("workspaces", __name__, url_prefix=API)

_STATE = ("ARXIV-OWNER", "ETag", "Last-Modified")
_SUMMARY = Answer(DropInSummary, headers=_STATE)
_REASON = Answer(Reason, headers=_STATE)
_BYTES = (*_STATE, "Content-Length", "Content-Disposition", "Accept-Ranges")
_UPLOAD_ERRORS = (400, 404, 413, 503)
_READ_CONDITIONS = ("If-None-Match", "If-Match", "Range", "If-Range")


@workspaces.get("/status")
@operation(
    guard=Public("probes and clients ask it before they have a token"),
    answers={200: Answer(ServiceStatus), 503: Answer(ServiceStatus)},
)
def status() -> ResponseReturnValue:
    """Say whether the service can work."""
    is_up = services().health.database_answers()
    return represent({"database": is_up}, 200 if is_up else HTTPStatus.SERVICE_UNAVAILABLE)


@workspaces.post("/")
@operation(
    guard=Holds(Scope.CREATE),
    sends=UPLOAD_FORM,
    errors=_UPLOAD_ERRORS,
    answers={201: Answer(DropInSummary, headers=("Location", *_STATE))},
)
def create() -> ResponseReturnValue:
    """Make a workspace with its first file or archive."""
    ensure_fits()
    with services().intake.spool(request.content_length) as spool:
        form = read_form(spool, before_bytes=lambda: None)
        sent = Sent(*_place(form.name, is_ancillary=False), ensure_not_empty(form.content))
        blank = services().workspaces.blank(caller())
        received = services().files.create(caller(), blank, sent, spool)
    return _uploaded(received)


@workspaces.post("/<id:workspace_id>")
@operation(
    guard=Owns(Scope.UPDATE),
    sends=UPLOAD_FORM,
    errors=_UPLOAD_ERRORS,
    answers={201: Answer(DropInSummary, headers=("Location", *_STATE))},
)
def add(workspace_id: int) -> ResponseReturnValue:
    """Add a file or archive."""
    ask = partial(services().files.ensure_writable, WorkspaceId(workspace_id))
    return _add(workspace_id, Terms(), ask)


@workspaces.post("/<id:workspace_id>/checkpoint_with_upload")
@operation(
    guard=Owns(Scope.CREATE_CHECKPOINT),
    sends=UPLOAD_FORM,
    errors=(*_UPLOAD_ERRORS, 409),
    answers={201: Answer(DropInSummary, headers=("Location", *_STATE))},
)
def checkpoint_with_upload(workspace_id: int) -> ResponseReturnValue:
    """Make a checkpoint, then add a file or archive; both or neither."""
    ask = partial(services().checkpoints.ensure_possible, WorkspaceId(workspace_id))
    return _add(workspace_id, Terms(checkpoint_first=True), ask)


@workspaces.get("/<id:workspace_id>")
@operation(guard=Owns(Scope.READ), errors=(404,), answers={200: _SUMMARY})
def summary(workspace_id: int) -> ResponseReturnValue:
    """Show a workspace."""
    # No 304 here: the ETag names the content, and a lock or a finding changes no content.
    return _summarized(services().workspaces.summary(WorkspaceId(workspace_id)))


@workspaces.delete("/<id:workspace_id>/<public_path:path>")
@operation(
    guard=Owns(Scope.DELETE), errors=(404,), answers={200: Answer(EditedSummary, headers=_STATE)}
)
def delete_file(workspace_id: int, path: str) -> ResponseReturnValue:
    """Delete a file, or with a closing slash a directory."""
    edited = services().editing.delete(caller(), WorkspaceId(workspace_id), path)
    return _edited(edited, "deleted file")


@workspaces.post("/<id:workspace_id>/delete_all")
@operation(
    guard=Owns(Scope.UPDATE), errors=(404,), answers={200: Answer(EditedSummary, headers=_STATE)}
)
def delete_all(workspace_id: int) -> ResponseReturnValue:
    """Delete every file."""
    edited = services().editing.delete_all(caller(), WorkspaceId(workspace_id))
    return _edited(edited, "deleted all files")


@workspaces.delete("/<id:workspace_id>")
@operation(guard=Owns(Scope.DELETE_WORKSPACE), errors=(404,), answers={200: Answer(Reason)})
def delete(workspace_id: int) -> ResponseReturnValue:
    """Delete a workspace for good; its log stays."""
    services().workspaces.delete(caller(), WorkspaceId(workspace_id))
    return represent({"reason": "deleted workspace"})


@workspaces.post("/<id:workspace_id>/lock")
@operation(guard=Owns(Scope.UPDATE), errors=(404,), answers={200: _REASON})
def lock(workspace_id: int) -> ResponseReturnValue:
    """Refuse changes until unlocked."""
    return _turned(services().workspaces.lock(caller(), WorkspaceId(workspace_id)), "locked")


@workspaces.post("/<id:workspace_id>/unlock")
@operation(guard=Owns(Scope.UPDATE), errors=(404,), answers={200: _REASON})
def unlock(workspace_id: int) -> ResponseReturnValue:
    """Allow changes again."""
    return _turned(services().workspaces.unlock(caller(), WorkspaceId(workspace_id)), "unlocked")


@workspaces.post("/<id:workspace_id>/release")
@operation(guard=Owns(Scope.RELEASE), errors=(404,), answers={200: _REASON})
def release(workspace_id: int) -> ResponseReturnValue:
    """Say that the workspace is no longer needed."""
    return _turned(services().workspaces.release(caller(), WorkspaceId(workspace_id)), "released")


@workspaces.post("/<id:workspace_id>/unrelease")
@operation(guard=Owns(Scope.RELEASE), errors=(404,), answers={200: _REASON})
def unrelease(workspace_id: int) -> ResponseReturnValue:
    """Take the release back."""
    turned = services().workspaces.unrelease(caller(), WorkspaceId(workspace_id))
    return _turned(turned, "unreleased")


@workspaces.get("/<id:workspace_id>/content")
@operation(
    guard=Owns(Scope.READ),
    errors=(404, 412, 416),
    accepts=_READ_CONDITIONS,
    answers={
        200: Answer(media="application/tar+gzip", headers=_BYTES),
        304: Answer(headers=_STATE),
    },
)
def content(workspace_id: int) -> ResponseReturnValue:
    """Get all files as one tar.gz."""
    return tarball(services().content.archive(WorkspaceId(workspace_id)))


@workspaces.get("/<id:workspace_id>/<public_path:path>/content")
@operation(
    guard=Owns(Scope.READ),
    errors=(404, 412, 416),
    accepts=_READ_CONDITIONS,
    answers={200: Answer(media="application/*", headers=_BYTES), 304: Answer(headers=_STATE)},
)
def file_content(workspace_id: int, path: str) -> ResponseReturnValue:
    """Get one file."""
    download = services().content.file(WorkspaceId(workspace_id), path)
    return send(download, Shown(tag=download.tag, media="application/*", is_drop_in=True))


@workspaces.get("/<id:workspace_id>/log")
@operation(
    guard=Owns(Scope.READ_LOGS),
    errors=(404, 412, 416),
    accepts=_READ_CONDITIONS,
    answers={
        200: Answer(media="application/tar+gzip", headers=_BYTES),
        304: Answer(headers=_STATE),
    },
)
def log(workspace_id: int) -> ResponseReturnValue:
    """Get the workspace's log as text."""
    return tarball(services().logs.workspace_log(caller(), WorkspaceId(workspace_id)))


@workspaces.get("/log")
@operation(
    guard=Holds(Scope.READ_SERVICE_LOGS),
    errors=(416,),
    accepts=("Range",),
    answers={200: Answer(media="application/tar+gzip", headers=_BYTES)},
)
def service_log() -> ResponseReturnValue:
    """Get the service's log as text."""
    return tarball(services().logs.service_log(caller()))


def tarball(download: Download) -> Response:
    """As the original sent packages and, oddly, logs too: clients know this type."""
    return send(download, Shown(tag=download.tag, media="application/tar+gzip", is_drop_in=True))


def _add(workspace_id: int, terms: Terms, before_bytes: Callable[[], None]) -> Response:
    ensure_fits()
    with services().intake.spool(request.content_length) as spool:
        form = read_form(spool, before_bytes)
        area, path = _place(form.name, is_ancillary=form.is_ancillary)
        sent = Sent(area, path, ensure_not_empty(form.content))
        identity = WorkspaceId(workspace_id)
        received = services().files.add(caller(), identity, sent, spool, terms=terms)
    return _uploaded(received)


def _place(name: str, *, is_ancillary: bool) -> tuple[Area, TreePath]:
    """Where a part goes by its file name; a leading ``./`` is dropped as ever."""
    while name.startswith("./"):
        name = name[2:]
    if is_ancillary:
        return Area.ANCILLARY, TreePath.parse(name.removeprefix("anc/"))
    return locate(name)


def _uploaded(received: Received) -> Response:
    assert received.summary is not None  # noqa: S101  # the drop-in terms always ask for it
    response = _summarized(received.summary)
    response.status_code = HTTPStatus.CREATED
    response.headers["Location"] = workspace_url(received.workspace)
    return response


def workspace_url(workspace: Workspace) -> str:
    """Absolute: clients of the original split it at the host."""
    path = url_for("workspaces.summary", workspace_id=workspace.id)
    return f"{services().public_url or request.host_url.rstrip('/')}{path}"


def _summarized(shown: Summary, reason: str | None = None) -> Response:
    body = summary_of(shown, locked=services().workspaces.is_locked(shown.workspace))
    if reason is not None:
        body["reason"] = reason
    return represent(body, headers=headers_of(shown.workspace, shown.checksum))


def _edited(edited: Edited, reason: str) -> Response:
    return _summarized(edited.summary, reason)


def _turned(workspace: Workspace, what: str) -> Response:
    known = services().workspaces.named(workspace)
    headers = headers_of(known, known.tree.checksum or "")
    return represent({"reason": f"{what} workspace"}, headers=headers)
