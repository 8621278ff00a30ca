"""Files by the drop-in routes: added by a form, deleted, read."""

from functools import partial

from flask import Blueprint
from flask.typing import ResponseReturnValue

from filemanager.api.http.context import caller
from filemanager.api.http.operations import UPLOAD_FORM, Answer, operation
from filemanager.api.http.responses import Shown, send
from filemanager.api.workspaces.door import API, door
from filemanager.api.workspaces.drop_in.answers import (
    BYTES,
    READ_CONDITIONS,
    STATE,
    UPLOAD_ERRORS,
    UPLOADED,
    summarized,
    tarball,
)
from filemanager.api.workspaces.drop_in.forms import add_by_form
from filemanager.api.workspaces.drop_in.views import EditedSummary
from filemanager.api.workspaces.guard import Owns
from filemanager.domain.caller import Scope
from filemanager.domain.ids import WorkspaceId
from filemanager.services.workspaces.files import Conditions

files = Blueprint("files", __name__, url_prefix=API)


@files.post("/<id:workspace_id>")
@operation(
    guard=Owns(Scope.UPDATE),
    sends=UPLOAD_FORM,
    errors=UPLOAD_ERRORS,
    answers={201: UPLOADED},
)
def add_file(workspace_id: int) -> ResponseReturnValue:
    """Add a file or archive."""
    ask = partial(door().files.ensure_writable, WorkspaceId(workspace_id))
    return add_by_form(workspace_id, Conditions(), ask)


@files.delete("/<id:workspace_id>/<public_path:path>")
@operation(
    guard=Owns(Scope.DELETE), errors=(404,), answers={200: Answer(EditedSummary, headers=STATE)}
)
def delete_file(workspace_id: int, path: str) -> ResponseReturnValue:
    """Delete a file, or with a closing slash a directory."""
    found = door().editing.delete(caller(), WorkspaceId(workspace_id), path)
    return summarized(found.summary, "deleted file")


@files.post("/<id:workspace_id>/delete_all")
@operation(
    guard=Owns(Scope.UPDATE), errors=(404,), answers={200: Answer(EditedSummary, headers=STATE)}
)
def delete_all_files(workspace_id: int) -> ResponseReturnValue:
    """Delete every file."""
    found = door().editing.delete_all(caller(), WorkspaceId(workspace_id))
    return summarized(found.summary, "deleted all files")


@files.get("/<id:workspace_id>/content")
@operation(
    guard=Owns(Scope.READ),
    errors=(404, 412, 416),
    accepts=READ_CONDITIONS,
    answers={
        200: Answer(media="application/tar+gzip", headers=BYTES),
        304: Answer(headers=STATE),
    },
)
def get_content(workspace_id: int) -> ResponseReturnValue:
    """Get all files as one tar.gz."""
    return tarball(door().content.archive(WorkspaceId(workspace_id)))


@files.get("/<id:workspace_id>/<public_path:path>/content")
@operation(
    guard=Owns(Scope.READ),
    errors=(404, 412, 416),
    accepts=READ_CONDITIONS,
    answers={200: Answer(media="application/*", headers=BYTES), 304: Answer(headers=STATE)},
)
def get_file(workspace_id: int, path: str) -> ResponseReturnValue:
    """Get one file."""
    download = door().content.file(WorkspaceId(workspace_id), path)
    return send(download, Shown(tag=download.tag, media="application/*", is_drop_in=True))
