"""Checkpoints by the drop-in routes: named by the checksum of what they hold."""

from functools import partial

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from filemanager.api.http.context import caller
from filemanager.api.http.operations import UPLOAD_FORM, Answer, operation
from filemanager.api.http.preconditions import ON_CHANGE, ON_DOWNLOAD, preconditions
from filemanager.api.http.responses import Shown, moment, quoted, represent, send
from filemanager.api.http.views import Reason
from filemanager.api.workspaces.door import API, door
from filemanager.api.workspaces.drop_in.answers import UPLOAD_ERRORS, UPLOADED
from filemanager.api.workspaces.drop_in.forms import add_by_form
from filemanager.api.workspaces.drop_in.preconditions import of_workspace
from filemanager.api.workspaces.drop_in.views import (
    DropInCheckpoints,
)
from filemanager.api.workspaces.guard import Owns
from filemanager.domain.caller import Scope
from filemanager.domain.ids import WorkspaceId
from filemanager.services.workspaces.upload import Conditions

checkpoints = Blueprint("checkpoints", __name__, url_prefix=API)


@checkpoints.post("/<id:workspace_id>/checkpoint")
@operation(
    guard=Owns(Scope.CREATE_CHECKPOINT),
    errors=(400, 404, 409),
    accepts=ON_CHANGE,
    answers={200: Answer(Reason, headers=("ETag",))},
)
def create_checkpoint(workspace_id: int) -> ResponseReturnValue:
    """Make a checkpoint of the present state."""
    identity = WorkspaceId(workspace_id)
    made = door().checkpoints.create(caller(), identity, preconditions=of_workspace(identity))
    return represent({"reason": "created checkpoint"}, headers={"ETag": made.checksum})


@checkpoints.get("/<id:workspace_id>/list_checkpoints")
@operation(
    guard=Owns(Scope.READ_CHECKPOINTS), errors=(404,), answers={200: Answer(DropInCheckpoints)}
)
def list_checkpoints(workspace_id: int) -> ResponseReturnValue:
    """List the checkpoints, oldest first."""
    found = door().checkpoints.of(WorkspaceId(workspace_id))
    shown = [
        {
            "name": checkpoint.name,
            "size": checkpoint.content_bytes,
            "checksum": checkpoint.checksum,
            "modified_datetime": moment(checkpoint.created_at),
        }
        for checkpoint in found
    ]
    return represent({"upload_id": workspace_id, "checkpoints": shown})


@checkpoints.route("/<id:workspace_id>/restore_checkpoint/<checksum>", methods=["GET", "POST"])
@operation(
    guard=Owns(Scope.RESTORE_CHECKPOINT),
    errors=(404,),
    accepts=ON_CHANGE,
    answers={200: Answer(Reason)},
    is_safe=False,
)
def restore_checkpoint(workspace_id: int, checksum: str) -> ResponseReturnValue:
    """Go back to a checkpoint. POST it; GET is for older clients."""
    identity = WorkspaceId(workspace_id)
    found = door().checkpoints.find_by_checksum(identity, checksum)
    door().checkpoints.restore(caller(), identity, found, of_workspace(identity))
    return represent({"reason": f"Restored checkpoint '{checksum}'"})


@checkpoints.delete("/<id:workspace_id>/delete_checkpoint/<checksum>")
@operation(
    guard=Owns(Scope.DELETE_CHECKPOINT),
    errors=(404,),
    accepts=ON_CHANGE,
    answers={200: Answer(Reason)},
)
def delete_checkpoint(workspace_id: int, checksum: str) -> ResponseReturnValue:
    """Delete a checkpoint."""
    identity = WorkspaceId(workspace_id)
    found = door().checkpoints.find_by_checksum(identity, checksum)
    preconditions().ensure(found.state)
    door().checkpoints.delete(caller(), identity, found)
    return represent({"reason": f"Deleted checkpoint '{checksum}'"})


@checkpoints.post("/<id:workspace_id>/delete_all_checkpoints")
@operation(guard=Owns(Scope.DELETE_CHECKPOINT), errors=(404,), answers={200: Answer(Reason)})
def delete_all_checkpoints(workspace_id: int) -> ResponseReturnValue:
    """Delete every checkpoint."""
    door().checkpoints.delete_all(caller(), WorkspaceId(workspace_id))
    return represent({"reason": "Deleted all checkpoints."})


@checkpoints.get("/<id:workspace_id>/checkpoint/<checksum>")
@operation(
    guard=Owns(Scope.READ_CHECKPOINTS),
    errors=(404, 412, 416),
    accepts=ON_DOWNLOAD,
    answers={
        200: Answer(
            media="application/tar+gzip", headers=("ETag", "Last-Modified", "Content-Length")
        ),
        304: Answer(headers=("ETag",)),
    },
)
def get_checkpoint(workspace_id: int, checksum: str) -> ResponseReturnValue:
    """Get the files of a checkpoint as one tar.gz."""
    # The original's two texts, and its one quoted ETag: on GET alone.
    is_head = request.method == "HEAD"
    missing = f"{'Checksum' if is_head else 'File'} '{checksum}' not found."
    download = door().content.checkpoint(WorkspaceId(workspace_id), checksum, missing)
    tag = download.tag if is_head else quoted(download.tag)
    return send(download, Shown(tag=tag, media="application/tar+gzip", is_drop_in=True))


@checkpoints.post("/<id:workspace_id>/checkpoint_with_upload")
@operation(
    guard=Owns(Scope.CREATE_CHECKPOINT),
    sends=UPLOAD_FORM,
    errors=(*UPLOAD_ERRORS, 409),
    accepts=ON_CHANGE,
    answers={201: UPLOADED},
)
def create_checkpoint_with_upload(workspace_id: int) -> ResponseReturnValue:
    """Make a checkpoint, then add a file or archive; both or neither."""
    identity = WorkspaceId(workspace_id)
    ask = partial(door().checkpoints.ensure_possible, identity)
    conditions = Conditions(checkpoint_first=True, of_workspace=of_workspace(identity))
    return add_by_form(workspace_id, conditions, ask)
