"""Checkpoints and revisions, v2: named, restored, compared."""

from http import HTTPStatus

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from filemanager.api.http.context import caller
from filemanager.api.http.front.references import relative
from filemanager.api.http.operations import Answer, operation
from filemanager.api.http.preconditions import ON_CHANGE, preconditions
from filemanager.api.http.reads import read, read_text
from filemanager.api.http.responses import not_modified, quoted, represent
from filemanager.api.http.security import SANDBOXED
from filemanager.api.workspaces.door import door
from filemanager.api.workspaces.guard import Owns
from filemanager.api.workspaces.v2 import views, wishes
from filemanager.api.workspaces.v2.answers import UNCHANGED, shown, shown_again
from filemanager.domain.caller import Scope
from filemanager.domain.ids import WorkspaceId
from filemanager.domain.workspaces.checkpoint import Checkpoint

checkpoints = Blueprint("checkpoints", __name__, url_prefix="/workspaces/<id:workspace_id>")

_DIFF = "text/x-diff"


def _made(checkpoint: Checkpoint) -> Response:
    place = relative(f"{request.path}/{checkpoint.id}")
    headers = {"ETag": quoted(checkpoint.checksum), "Location": place}
    return represent(views.checkpoint_view(checkpoint), HTTPStatus.CREATED, headers)


def _made_again(kept: str, workspace_id: int, **_: object) -> Response:
    return _made(door().checkpoints.find(WorkspaceId(workspace_id), int(kept)))


@checkpoints.get("/checkpoints")
@operation(
    guard=Owns(Scope.READ_CHECKPOINTS),
    errors=(404,),
    accepts=("If-None-Match",),
    answers={200: Answer(views.CheckpointList, headers=("ETag",)), 304: UNCHANGED},
)
def list_checkpoints(workspace_id: int) -> ResponseReturnValue:
    """List the checkpoints, oldest first."""
    found = door().checkpoints.of(WorkspaceId(workspace_id))
    return read(views.CheckpointList(checkpoints=[views.checkpoint_view(c) for c in found]))


@checkpoints.post("/checkpoints")
@operation(
    guard=Owns(Scope.CREATE_CHECKPOINT),
    errors=(400, 404, 409, 412),
    accepts=ON_CHANGE,
    answers={201: Answer(views.CheckpointView, headers=("ETag", "Location"))},
    again=_made_again,
)
def create_checkpoint(workspace_id: int, body: wishes.CheckpointWish) -> ResponseReturnValue:
    """Name the present state; nothing is copied."""
    made = door().checkpoints.create(
        caller(), WorkspaceId(workspace_id), body.name, body.description, preconditions()
    )
    return _made(made)


@checkpoints.get("/checkpoints/<id:checkpoint_id>")
@operation(
    guard=Owns(Scope.READ_CHECKPOINTS),
    errors=(404,),
    accepts=("If-None-Match",),
    answers={200: Answer(views.CheckpointView, headers=("ETag",)), 304: UNCHANGED},
)
def get_checkpoint(workspace_id: int, checkpoint_id: int) -> ResponseReturnValue:
    """Show a checkpoint."""
    found = door().checkpoints.find(WorkspaceId(workspace_id), checkpoint_id)
    return read(views.checkpoint_view(found), tag=found.checksum)


@checkpoints.delete("/checkpoints/<id:checkpoint_id>")
@operation(
    guard=Owns(Scope.DELETE_CHECKPOINT),
    errors=(404, 412),
    accepts=ON_CHANGE,
    answers={204: Answer()},
)
def delete_checkpoint(workspace_id: int, checkpoint_id: int) -> ResponseReturnValue:
    """Delete a checkpoint; the files of the workspace stay as they are."""
    identity = WorkspaceId(workspace_id)
    found = door().checkpoints.find(identity, checkpoint_id)
    preconditions().ensure(found.state)
    door().checkpoints.delete(caller(), identity, found)
    return Response(status=HTTPStatus.NO_CONTENT)


@checkpoints.post("/checkpoints/<id:checkpoint_id>:restore")
@operation(
    guard=Owns(Scope.RESTORE_CHECKPOINT),
    errors=(404, 412),
    accepts=ON_CHANGE,
    answers={200: Answer(views.WorkspaceView, headers=("ETag",))},
    again=shown_again,
)
def restore_checkpoint(workspace_id: int, checkpoint_id: int) -> ResponseReturnValue:
    """Go back to a checkpoint, in a new revision; ``If-Match`` names the workspace's present one.

    Nothing is lost: the state before stays in the history for as long as that is kept.
    """
    identity = WorkspaceId(workspace_id)
    found = door().checkpoints.find(identity, checkpoint_id)
    return shown(door().checkpoints.restore(caller(), identity, found, preconditions()))


@checkpoints.get("/diff")
@operation(
    guard=Owns(Scope.READ),
    errors=(404, 413),
    accepts=("If-None-Match",),
    answers={
        200: Answer(views.DifferenceList, headers=("ETag", "Vary"), or_media=(_DIFF,)),
        304: UNCHANGED,
    },
)
def compare_revisions(workspace_id: int, query: wishes.DifferenceQuery) -> ResponseReturnValue:
    """Compare two revisions, each a number or ``checkpoint:<id>``.

    ``Accept: text/x-diff`` gives a unified diff of the text files, at most 16 MiB of them; binary
    files and texts above 1 MiB are only named.
    """
    identity = WorkspaceId(workspace_id)
    old = door().reading.revision(identity, query.from_)
    new = door().reading.revision(identity, query.to)
    is_text = request.accept_mimetypes.best_match(["application/json", _DIFF]) == _DIFF
    tag = f"{old}-{new}-{'diff' if is_text else 'json'}"
    if unchanged := not_modified(quoted(tag)):
        return unchanged
    found = door().reading.difference(identity, old, new)
    if is_text:
        text = door().reading.text_difference(found)
        return read_text(text, _DIFF, tag=tag, headers={"Vary": "Accept", **SANDBOXED})
    listed = views.DifferenceList(
        from_revision=old,
        to_revision=new,
        differences=[views.difference_view(one) for one in found],
    )
    return read(listed, tag=tag, headers={"Vary": "Accept"})
