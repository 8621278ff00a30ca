"""Workspaces by the drop-in routes: their summary, their life."""

from http import HTTPStatus

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from filemanager.api.http.context import caller, services
from filemanager.api.http.guards import Holds, Public
from filemanager.api.http.operations import UPLOAD_FORM, Answer, operation
from filemanager.api.http.preconditions import ON_CHANGE, ON_READ
from filemanager.api.http.requests import ensure_fits, read_form
from filemanager.api.http.responses import represent
from filemanager.api.http.views import Reason
from filemanager.api.workspaces.door import API, door
from filemanager.api.workspaces.drop_in.answers import (
    REASON,
    STATE,
    SUMMARY,
    UPLOAD_ERRORS,
    UPLOADED,
    summarized_unless_known,
    turned,
    uploaded,
)
from filemanager.api.workspaces.drop_in.forms import place_of
from filemanager.api.workspaces.drop_in.preconditions import of_workspace
from filemanager.api.workspaces.drop_in.views import ServiceStatus
from filemanager.api.workspaces.guard import Owns
from filemanager.domain.caller import Scope
from filemanager.domain.ids import WorkspaceId
from filemanager.sanitize.inspection import Sent
from filemanager.services.workspaces.files import ensure_not_empty

workspaces = Blueprint("workspaces", __name__, url_prefix=API)


@workspaces.get("/status")
@operation(
    guard=Public("probes and clients ask it before they have a token"),
    answers={200: Answer(ServiceStatus), 503: Answer(ServiceStatus)},
)
def get_status() -> ResponseReturnValue:
    """Say whether the service can work."""
    is_up = door().health.database_answers()
    return represent({"database": is_up}, 200 if is_up else HTTPStatus.SERVICE_UNAVAILABLE)


@workspaces.post("/")
@operation(
    guard=Holds(Scope.CREATE),
    sends=UPLOAD_FORM,
    errors=UPLOAD_ERRORS,
    answers={201: UPLOADED},
)
def create_workspace() -> ResponseReturnValue:
    """Make a workspace with its first file or archive."""
    ensure_fits()
    with services().intake.spool(request.content_length) as spool:
        form = read_form(spool, before_bytes=lambda: None)
        sent = Sent(*place_of(form.name, is_ancillary=False), ensure_not_empty(form.content))
        blank = door().workspaces.blank(caller())
        received = door().files.create(caller(), blank, sent, spool)
    return uploaded(received)


@workspaces.get("/<id:workspace_id>")
@operation(
    guard=Owns(Scope.READ),
    errors=(404,),
    accepts=ON_READ,
    answers={200: SUMMARY, 304: Answer(headers=STATE)},
)
def get_workspace(workspace_id: int) -> ResponseReturnValue:
    """Show a workspace."""
    return summarized_unless_known(door().workspaces.summary(WorkspaceId(workspace_id)))


@workspaces.delete("/<id:workspace_id>")
@operation(
    guard=Owns(Scope.DELETE_WORKSPACE),
    errors=(404,),
    accepts=ON_CHANGE,
    answers={200: Answer(Reason)},
)
def delete_workspace(workspace_id: int) -> ResponseReturnValue:
    """Delete a workspace for good; its log stays."""
    identity = WorkspaceId(workspace_id)
    door().workspaces.delete(caller(), identity, of_workspace(identity))
    return represent({"reason": "deleted workspace"})


@workspaces.post("/<id:workspace_id>/lock")
@operation(guard=Owns(Scope.UPDATE), errors=(404,), accepts=ON_CHANGE, answers={200: REASON})
def lock_workspace(workspace_id: int) -> ResponseReturnValue:
    """Refuse changes until unlocked."""
    identity = WorkspaceId(workspace_id)
    locked = door().workspaces.lock(caller(), identity, preconditions=of_workspace(identity))
    return turned(locked, "locked")


@workspaces.post("/<id:workspace_id>/unlock")
@operation(guard=Owns(Scope.UPDATE), errors=(404,), accepts=ON_CHANGE, answers={200: REASON})
def unlock_workspace(workspace_id: int) -> ResponseReturnValue:
    """Allow changes again."""
    identity = WorkspaceId(workspace_id)
    unlocked = door().workspaces.unlock(caller(), identity, of_workspace(identity))
    return turned(unlocked, "unlocked")


@workspaces.post("/<id:workspace_id>/release")
@operation(guard=Owns(Scope.RELEASE), errors=(404,), accepts=ON_CHANGE, answers={200: REASON})
def release_workspace(workspace_id: int) -> ResponseReturnValue:
    """Say that the workspace is no longer needed."""
    identity = WorkspaceId(workspace_id)
    released = door().workspaces.release(caller(), identity, of_workspace(identity))
    return turned(released, "released")


@workspaces.post("/<id:workspace_id>/unrelease")
@operation(guard=Owns(Scope.RELEASE), errors=(404,), accepts=ON_CHANGE, answers={200: REASON})
def unrelease_workspace(workspace_id: int) -> ResponseReturnValue:
    """Take the release back."""
    identity = WorkspaceId(workspace_id)
    back = door().workspaces.unrelease(caller(), identity, of_workspace(identity))
    return turned(back, "unreleased")
