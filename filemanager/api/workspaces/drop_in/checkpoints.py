"""Checkpoints by the drop-in routes: named by the checksum of what they hold."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from filemanager.api.http.context import caller, services
from filemanager.api.http.dialects import API
from filemanager.api.http.guards import Owns
from filemanager.api.http.operations import Answer, operation
from filemanager.api.http.responses import Shown, moment, quoted, represent, send
from filemanager.api.http.views import Reason
from filemanager.api.workspaces.drop_in.views import DropInCheckpoints
from filemanager.domain.caller import Scope
from filemanager.domain.ids import WorkspaceId

checkpoints = Blueprint("checkpoints", __name__, url_prefix=API)


@checkpoints.post("/<id:workspace_id>/checkpoint")
@operation(
    guard=Owns(Scope.CREATE_CHECKPOINT),
    errors=(400, 404, 409),
    answers={200: Answer(Reason, headers=("ETag",))},
)
def create(workspace_id: int) -> ResponseReturnValue:
    """Make a checkpoint of the present state."""
    made = services().checkpoints.create(caller(), WorkspaceId(workspace_id))
    return represent({"reason": "created checkpoint"}, headers={"ETag": made.checksum})


@checkpoints.get("/<id:workspace_id>/list_checkpoints")
@operation(
    guard=Owns(Scope.READ_CHECKPOINTS), errors=(404,), answers={200: Answer(DropInCheckpoints)}
)
def listing(workspace_id: int) -> ResponseReturnValue:
    """List the checkpoints, oldest first."""
    found = services().checkpoints.of(WorkspaceId(workspace_id))
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
    answers={200: Answer(Reason)},
    is_safe=False,
)
def restore(workspace_id: int, checksum: str) -> ResponseReturnValue:
    """Go back to a checkpoint. POST it; GET is for older clients."""
    identity = WorkspaceId(workspace_id)
    found = services().checkpoints.find_by_checksum(identity, checksum)
    services().checkpoints.restore(caller(), identity, found)
    return represent({"reason": f"Restored checkpoint '{checksum}'"})


@checkpoints.delete("/<id:workspace_id>/delete_checkpoint/<checksum>")
@operation(guard=Owns(Scope.DELETE_CHECKPOINT), errors=(404,), answers={200: Answer(Reason)})
def delete(workspace_id: int, checksum: str) -> ResponseReturnValue:
    """Delete a checkpoint."""
    identity = WorkspaceId(workspace_id)
    found = services().checkpoints.find_by_checksum(identity, checksum)
    services().checkpoints.delete(caller(), identity, found)
    return represent({"reason": f"Deleted checkpoint '{checksum}'"})


@checkpoints.post("/<id:workspace_id>/delete_all_checkpoints")
@operation(guard=Owns(Scope.DELETE_CHECKPOINT), errors=(404,), answers={200: Answer(Reason)})
def delete_all(workspace_id: int) -> ResponseReturnValue:
    """Delete every checkpoint."""
    services().checkpoints.delete_all(caller(), WorkspaceId(workspace_id))
    return represent({"reason": "Deleted all checkpoints."})


@checkpoints.get("/<id:workspace_id>/checkpoint/<checksum>")
@operation(
    guard=Owns(Scope.READ_CHECKPOINTS),
    errors=(404, 412, 416),
    accepts=("If-None-Match", "If-Match", "Range", "If-Range"),
    answers={
        200: Answer(media="application/tar+gzip", headers=("ETag", "Content-Length")),
        304: Answer(headers=("ETag",)),
    },
)
def content(workspace_id: int, checksum: str) -> ResponseReturnValue:
    """Get the files of a checkpoint as one tar.gz."""
    # The original's two texts, and its one quoted ETag: on GET alone.
    is_head = request.method == "HEAD"
    missing = f"{'Checksum' if is_head else 'File'} '{checksum}' not found."
    download = services().content.checkpoint(WorkspaceId(workspace_id), checksum, missing)
    tag = download.tag if is_head else quoted(download.tag)
    return send(download, Shown(tag=tag, media="application/tar+gzip", is_drop_in=True))
