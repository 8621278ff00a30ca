"""Logs by the drop-in routes: the original's lines as text."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from filemanager.api.http.context import caller
from filemanager.api.http.guards import Holds
from filemanager.api.http.operations import Answer, operation
from filemanager.api.http.preconditions import ON_DOWNLOAD
from filemanager.api.workspaces.door import API, door
from filemanager.api.workspaces.drop_in.answers import BYTES, STATE, tarball
from filemanager.api.workspaces.guard import Owns
from filemanager.domain.caller import Scope
from filemanager.domain.ids import WorkspaceId

logs = Blueprint("logs", __name__, url_prefix=API)


@logs.get("/<id:workspace_id>/log")
@operation(
    guard=Owns(Scope.READ_LOGS),
    errors=(404, 412, 416),
    accepts=ON_DOWNLOAD,
    answers={
        200: Answer(media="application/tar+gzip", headers=BYTES),
        304: Answer(headers=STATE),
    },
)
def get_log(workspace_id: int) -> ResponseReturnValue:
    """Get the workspace's log as text."""
    return tarball(door().logs.workspace_log(caller(), WorkspaceId(workspace_id)))


@logs.get("/log")
@operation(
    guard=Holds(Scope.READ_SERVICE_LOGS),
    errors=(412, 416),
    accepts=ON_DOWNLOAD,
    answers={200: Answer(media="application/tar+gzip", headers=BYTES)},
)
def get_service_log() -> ResponseReturnValue:
    """Get the service's log as text."""
    return tarball(door().logs.service_log(caller()))
