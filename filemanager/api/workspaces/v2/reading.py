"""What is known of a workspace, v2: findings, changes, checkpoints, differences, the log."""

from http import HTTPStatus

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from filemanager.api.http.context import caller, services
from filemanager.api.http.dialects import V2
from filemanager.api.http.guards import Owns
from filemanager.api.http.operations import Answer, operation
from filemanager.api.http.paging import next_link, number_of
from filemanager.api.http.reads import SAFE, read, read_text
from filemanager.api.http.responses import not_modified, quoted, represent
from filemanager.api.http.wishes import PageQuery
from filemanager.api.workspaces.v2 import views, wishes
from filemanager.api.workspaces.v2.workspaces import expected, shown, shown_again
from filemanager.domain.caller import Scope
from filemanager.domain.ids import WorkspaceId
from filemanager.domain.workspaces.checkpoint import Checkpoint
from filemanager.domain.workspaces.errors import WorkspaceChanged

v2_reading = Blueprint("v2_reading", __name__, url_prefix=f"{V2}/workspaces/<id:workspace_id>")

_UNCHANGED = Answer(headers=("ETag",))
_DIFF = "text/x-diff"


@v2_reading.get("/findings")
@operation(
    guard=Owns(Scope.READ),
    errors=(404,),
    accepts=("If-None-Match",),
    answers={200: Answer(views.FindingList, headers=("ETag",)), 304: _UNCHANGED},
)
def findings(workspace_id: int, query: wishes.FindingQuery) -> ResponseReturnValue:
    """List the findings, also the transient ones of the last upload, then advice to the author.

    Advice has the severity ``info``, changes nothing and is told here only. Files are read for it
    when it is first asked for, of many or large ones a part each time: ``advice_incomplete`` says
    so. It is left out where only another severity is asked for.
    """
    identity = WorkspaceId(workspace_id)
    revision, found = services().reading.findings(identity)
    advice = services().advice.of(identity, revision, query.severity)
    chosen = [
        views.finding_view(finding)
        for finding in (*found, *advice)
        if query.severity in (None, finding.severity) and query.code in (None, finding.code)
    ]
    return read(views.FindingList(findings=chosen))


@v2_reading.get("/changes")
@operation(
    guard=Owns(Scope.READ),
    errors=(404,),
    accepts=("If-None-Match",),
    answers={200: Answer(views.AlteredList, headers=("ETag",)), 304: _UNCHANGED},
)
def changes(workspace_id: int) -> ResponseReturnValue:
    """List what checks removed, renamed and rewrote in the last upload, with before and after."""
    revision, altered = services().reading.altered(WorkspaceId(workspace_id))
    changed = views.AlteredList(changes=[views.altered_view(one) for one in altered])
    return read(changed, tag=revision)


@v2_reading.get("/checkpoints")
@operation(
    guard=Owns(Scope.READ_CHECKPOINTS),
    errors=(404,),
    accepts=("If-None-Match",),
    answers={200: Answer(views.CheckpointList, headers=("ETag",)), 304: _UNCHANGED},
)
def checkpoints(workspace_id: int) -> ResponseReturnValue:
    """List the checkpoints, oldest first."""
    found = services().checkpoints.of(WorkspaceId(workspace_id))
    return read(views.CheckpointList(checkpoints=[views.checkpoint_view(c) for c in found]))


def _made(checkpoint: Checkpoint) -> Response:
    headers = {"ETag": quoted(checkpoint.checksum), "Location": f"{request.path}/{checkpoint.id}"}
    return represent(views.checkpoint_view(checkpoint), HTTPStatus.CREATED, headers)


def _made_again(kept: str, workspace_id: int, **_: object) -> Response:
    return _made(services().checkpoints.find(WorkspaceId(workspace_id), int(kept)))


@v2_reading.post("/checkpoints")
@operation(
    guard=Owns(Scope.CREATE_CHECKPOINT),
    errors=(400, 404, 409, 412),
    accepts=("If-Match",),
    answers={201: Answer(views.CheckpointView, headers=("ETag", "Location"))},
    again=_made_again,
)
def create_checkpoint(workspace_id: int, body: wishes.CheckpointWish) -> ResponseReturnValue:
    """Name the present state; nothing is copied."""
    made = services().checkpoints.create(
        caller(), WorkspaceId(workspace_id), body.name, body.description, expected()
    )
    return _made(made)


@v2_reading.get("/checkpoints/<id:checkpoint_id>")
@operation(
    guard=Owns(Scope.READ_CHECKPOINTS),
    errors=(404,),
    accepts=("If-None-Match",),
    answers={200: Answer(views.CheckpointView, headers=("ETag",)), 304: _UNCHANGED},
)
def checkpoint(workspace_id: int, checkpoint_id: int) -> ResponseReturnValue:
    """Show a checkpoint."""
    found = services().checkpoints.find(WorkspaceId(workspace_id), checkpoint_id)
    return read(views.checkpoint_view(found), tag=found.checksum)


@v2_reading.delete("/checkpoints/<id:checkpoint_id>")
@operation(
    guard=Owns(Scope.DELETE_CHECKPOINT),
    errors=(404, 412),
    accepts=("If-Match",),
    answers={204: Answer()},
)
def delete_checkpoint(workspace_id: int, checkpoint_id: int) -> ResponseReturnValue:
    """Delete a checkpoint; the files of the workspace stay as they are."""
    identity = WorkspaceId(workspace_id)
    found = services().checkpoints.find(identity, checkpoint_id)
    # A checkpoint never changes, so that this need not be asked under a lock.
    if (tags := expected()) is not None and found.checksum not in tags:
        raise WorkspaceChanged
    services().checkpoints.delete(caller(), identity, found)
    return Response(status=HTTPStatus.NO_CONTENT)


@v2_reading.post("/checkpoints/<id:checkpoint_id>:restore")
@operation(
    guard=Owns(Scope.RESTORE_CHECKPOINT),
    errors=(404, 412),
    accepts=("If-Match",),
    answers={200: Answer(views.WorkspaceView, headers=("ETag",))},
    again=shown_again,
)
def restore_checkpoint(workspace_id: int, checkpoint_id: int) -> ResponseReturnValue:
    """Go back to a checkpoint, in a new revision; ``If-Match`` names the workspace's present one.

    Nothing is lost: the state before stays in the history for as long as that is kept.
    """
    identity = WorkspaceId(workspace_id)
    found = services().checkpoints.find(identity, checkpoint_id)
    return shown(services().checkpoints.restore(caller(), identity, found, expected()))


@v2_reading.get("/diff")
@operation(
    guard=Owns(Scope.READ),
    errors=(404, 413),
    accepts=("If-None-Match",),
    answers={
        200: Answer(views.DifferenceList, headers=("ETag", "Vary"), or_media=_DIFF),
        304: _UNCHANGED,
    },
)
def diff(workspace_id: int, query: wishes.DifferenceQuery) -> ResponseReturnValue:
    """Compare two revisions, each a number or ``checkpoint:<id>``.

    ``Accept: text/x-diff`` gives a unified diff of the text files, at most 16 MiB of them; binary
    files and texts above 1 MiB are only named.
    """
    identity = WorkspaceId(workspace_id)
    old = services().reading.revision(identity, query.from_)
    new = services().reading.revision(identity, query.to)
    is_text = request.accept_mimetypes.best_match(["application/json", _DIFF]) == _DIFF
    tag = f"{old}-{new}-{'diff' if is_text else 'json'}"
    if unchanged := not_modified(quoted(tag)):
        return unchanged
    found = services().reading.difference(identity, old, new)
    if is_text:
        text = services().reading.text_difference(found)
        return read_text(text, _DIFF, tag=tag, headers={"Vary": "Accept", **SAFE})
    listed = views.DifferenceList(
        from_revision=old,
        to_revision=new,
        differences=[views.difference_view(one) for one in found],
    )
    return read(listed, tag=tag, headers={"Vary": "Accept"})


@v2_reading.get("/log")
@operation(
    guard=Owns(Scope.READ_LOGS),
    errors=(404,),
    accepts=("If-None-Match",),
    answers={200: Answer(views.LogLineList, headers=("ETag", "Link")), 304: _UNCHANGED},
)
def log(workspace_id: int, query: PageQuery) -> ResponseReturnValue:
    """Read the log, oldest first; also that of a deleted workspace."""
    after = number_of(query.cursor)
    found = services().logs.page(WorkspaceId(workspace_id), after, query.limit + 1)
    lines = found[: query.limit]
    listed = views.LogLineList(lines=[views.log_line_view(line) for line in lines])
    return read(listed, headers=next_link(lines[-1].id if len(found) > len(lines) else None))
