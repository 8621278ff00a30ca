"""What is known of a workspace, v2: findings, changes, checkpoints, differences, the log."""

from http import HTTPStatus

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from filemanager.api import views
from filemanager.api.context import caller, services
from filemanager.api.dialects import V2
from filemanager.api.guards import Owns
from filemanager.api.operations import Answer, operation
from filemanager.api.paging import next_link, number_of
from filemanager.api.requests import tags_of
from filemanager.api.responses import not_modified, quoted, represent
from filemanager.api.v2_workspaces import shown
from filemanager.domain.caller import Scope
from filemanager.domain.ids import WorkspaceId

v2_reading = Blueprint("v2_reading", __name__, url_prefix=f"{V2}/workspaces/<id:workspace_id>")

_CHECKPOINT = Answer(views.CheckpointView, headers=("ETag",))


@v2_reading.get("/findings")
@operation(
    guard=Owns(Scope.READ),
    errors=(404,),
    accepts=("If-None-Match",),
    answers={200: Answer(views.FindingList, headers=("ETag",)), 304: Answer(headers=("ETag",))},
)
def findings(workspace_id: int, query: views.FindingQuery) -> ResponseReturnValue:
    """List the findings, also the transient ones of the last upload."""
    workspace, found = services().reading.findings(WorkspaceId(workspace_id))
    tag = quoted(workspace.revision)
    chosen = [
        views.finding_view(finding)
        for finding in found
        if query.severity in (None, finding.severity) and query.code in (None, finding.code)
    ]
    return not_modified(tag) or represent(views.FindingList(findings=chosen), headers={"ETag": tag})


@v2_reading.get("/changes")
@operation(guard=Owns(Scope.READ), errors=(404,), answers={200: Answer(views.AlteredList)})
def changes(workspace_id: int) -> ResponseReturnValue:
    """List what checks removed, renamed and rewrote in the last upload, with before and after."""
    altered = services().reading.altered(WorkspaceId(workspace_id))
    return represent(views.AlteredList(changes=[views.altered_view(one) for one in altered]))


@v2_reading.get("/checkpoints")
@operation(
    guard=Owns(Scope.READ_CHECKPOINTS), errors=(404,), answers={200: Answer(views.CheckpointList)}
)
def checkpoints(workspace_id: int) -> ResponseReturnValue:
    """List the checkpoints, oldest first."""
    found = services().checkpoints.of(WorkspaceId(workspace_id))
    return represent(views.CheckpointList(checkpoints=[views.checkpoint_view(c) for c in found]))


@v2_reading.post("/checkpoints")
@operation(
    guard=Owns(Scope.CREATE_CHECKPOINT),
    errors=(400, 404, 409),
    answers={201: Answer(views.CheckpointView, headers=("ETag", "Location"))},
)
def create_checkpoint(workspace_id: int, body: views.CheckpointWish) -> ResponseReturnValue:
    """Name the present state; nothing is copied."""
    made = services().checkpoints.create(
        caller(), WorkspaceId(workspace_id), body.name, body.description
    )
    headers = {"ETag": quoted(made.checksum), "Location": f"{request.path}/{made.id}"}
    return represent(views.checkpoint_view(made), HTTPStatus.CREATED, headers)


@v2_reading.get("/checkpoints/<id:checkpoint_id>")
@operation(
    guard=Owns(Scope.READ_CHECKPOINTS),
    errors=(404,),
    accepts=("If-None-Match",),
    answers={200: _CHECKPOINT, 304: Answer(headers=("ETag",))},
)
def checkpoint(workspace_id: int, checkpoint_id: int) -> ResponseReturnValue:
    """Show a checkpoint."""
    found = services().checkpoints.find(WorkspaceId(workspace_id), checkpoint_id)
    tag = quoted(found.checksum)
    return not_modified(tag) or represent(views.checkpoint_view(found), headers={"ETag": tag})


@v2_reading.delete("/checkpoints/<id:checkpoint_id>")
@operation(guard=Owns(Scope.DELETE_CHECKPOINT), errors=(404,), answers={204: Answer()})
def delete_checkpoint(workspace_id: int, checkpoint_id: int) -> ResponseReturnValue:
    """Delete a checkpoint; the files of the workspace stay as they are."""
    identity = WorkspaceId(workspace_id)
    found = services().checkpoints.find(identity, checkpoint_id)
    services().checkpoints.delete(caller(), identity, found)
    return Response(status=HTTPStatus.NO_CONTENT)


@v2_reading.post("/checkpoints/<id:checkpoint_id>:restore")
@operation(
    guard=Owns(Scope.RESTORE_CHECKPOINT),
    errors=(404, 412),
    accepts=("If-Match",),
    answers={200: Answer(views.WorkspaceView, headers=("ETag",))},
)
def restore_checkpoint(workspace_id: int, checkpoint_id: int) -> ResponseReturnValue:
    """Go back to a checkpoint, in a new revision."""
    identity = WorkspaceId(workspace_id)
    found = services().checkpoints.find(identity, checkpoint_id)
    return shown(services().checkpoints.restore(caller(), identity, found, tags_of("If-Match")))


@v2_reading.get("/diff")
@operation(guard=Owns(Scope.READ), errors=(404, 413), answers={200: Answer(views.DifferenceList)})
def diff(workspace_id: int, query: views.DifferenceQuery) -> ResponseReturnValue:
    """Compare two revisions, each a number or ``checkpoint:<id>``.

    ``Accept: text/x-diff`` gives a unified diff of the text files.
    """
    identity = WorkspaceId(workspace_id)
    old = services().reading.revision(identity, query.from_)
    new = services().reading.revision(identity, query.to)
    found = services().reading.difference(identity, old, new)
    if request.accept_mimetypes.best_match(["application/json", "text/x-diff"]) == "text/x-diff":
        text = services().reading.text_difference(found)
        return Response(text, mimetype="text/x-diff", headers={"X-Content-Type-Options": "nosniff"})
    return represent(
        views.DifferenceList(
            from_revision=old,
            to_revision=new,
            differences=[views.difference_view(one) for one in found],
        )
    )


@v2_reading.get("/log")
@operation(
    guard=Owns(Scope.READ_LOGS),
    errors=(404,),
    answers={200: Answer(views.LogLineList, headers=("Link",))},
)
def log(workspace_id: int, query: views.PageQuery) -> ResponseReturnValue:
    """Read the log, oldest first."""
    after = number_of(query.cursor)
    lines = services().logs.page(WorkspaceId(workspace_id), after, query.limit)
    is_full = len(lines) == query.limit
    shown_lines = views.LogLineList(lines=[views.log_line_view(line) for line in lines])
    return represent(shown_lines, headers=next_link(lines[-1].id if is_full else None))
