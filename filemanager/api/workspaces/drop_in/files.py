"""Files by the drop-in routes: added by a form, deleted, read."""

from functools import partial

from flask import Blueprint
from flask.typing import ResponseReturnValue

from filemanager.api.http.context import caller
from filemanager.api.http.operations import UPLOAD_FORM, Answer, operation
from filemanager.api.http.preconditions import ON_CHANGE, ON_DOWNLOAD
from filemanager.api.http.responses import Shown, send
from filemanager.api.workspaces.door import API, door
from filemanager.api.workspaces.drop_in.answers import (
    BYTES,
    STATE,
    UPLOAD_ERRORS,
    UPLOADED,
    summarized,
    tarball,
)
from filemanager.api.workspaces.drop_in.forms import add_by_form
from filemanager.api.workspaces.drop_in.preconditions import file_tag, of_file, of_workspace
from filemanager.api.workspaces.drop_in.views import EditedSummary
from filemanager.api.workspaces.guard import Owns
from filemanager.domain.caller import Scope
from filemanager.domain.ids import Digest, WorkspaceId
from filemanager.services.workspaces.upload import Conditions

files = Blueprint("files", __name__, url_prefix=API)


@files.post("/<id:workspace_id>")
@operation(
    guard=Owns(Scope.UPDATE),
    sends=UPLOAD_FORM,
    errors=UPLOAD_ERRORS,
    accepts=ON_CHANGE,
    answers={201: UPLOADED},
)
def add_file(workspace_id: int) -> ResponseReturnValue:
    """Add a file or archive."""
    identity = WorkspaceId(workspace_id)
    ask = partial(door().files.ensure_writable, identity)
    conditions = Conditions(of_workspace=of_workspace(identity))
    return add_by_form(workspace_id, conditions, ask)


@files.delete("/<id:workspace_id>/<public_path:path>")
@operation(
    guard=Owns(Scope.DELETE),
    errors=(404,),
    accepts=ON_CHANGE,
    answers={200: Answer(EditedSummary, headers=STATE)},
)
def delete_file(workspace_id: int, path: str) -> ResponseReturnValue:
    """Delete a file, or with a closing slash a directory."""
    identity = WorkspaceId(workspace_id)
    found = door().editing.delete(caller(), identity, path, of_file(identity, path))
    return summarized(found.summary, "deleted file")


@files.post("/<id:workspace_id>/delete_all")
@operation(
    guard=Owns(Scope.UPDATE),
    errors=(404,),
    accepts=ON_CHANGE,
    answers={200: Answer(EditedSummary, headers=STATE)},
)
def delete_all_files(workspace_id: int) -> ResponseReturnValue:
    """Delete every file."""
    identity = WorkspaceId(workspace_id)
    found = door().editing.delete_all(caller(), identity, of_workspace(identity))
    return summarized(found.summary, "deleted all files")


@files.get("/<id:workspace_id>/content")
@operation(
    guard=Owns(Scope.READ),
    errors=(404, 412, 416),
    accepts=ON_DOWNLOAD,
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
    accepts=ON_DOWNLOAD,
    answers={200: Answer(media="application/*", headers=BYTES), 304: Answer(headers=STATE)},
)
def get_file(workspace_id: int, path: str) -> ResponseReturnValue:
    """Get one file; its ``ETag`` is the URL-safe base64 MD5 of the bytes."""
    download = door().content.file(WorkspaceId(workspace_id), path)
    return send(
        download,
        Shown(tag=file_tag(Digest(download.tag)), media="application/*", is_drop_in=True),
    )
