"""The log of a workspace, v2."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from filemanager.api.http.operations import Answer, operation
from filemanager.api.http.paging import next_link, number_of
from filemanager.api.http.reads import read
from filemanager.api.http.wishes import PageQuery
from filemanager.api.workspaces.door import door
from filemanager.api.workspaces.guard import Owns
from filemanager.api.workspaces.v2 import views
from filemanager.api.workspaces.v2.answers import UNCHANGED
from filemanager.domain.caller import Scope
from filemanager.domain.ids import WorkspaceId

logs = Blueprint("logs", __name__, url_prefix="/workspaces/<id:workspace_id>")


@logs.get("/log")
@operation(
    guard=Owns(Scope.READ_LOGS),
    errors=(404,),
    accepts=("If-None-Match",),
    answers={200: Answer(views.LogLineList, headers=("ETag", "Link")), 304: UNCHANGED},
)
def get_log(workspace_id: int, query: PageQuery) -> ResponseReturnValue:
    """Read the log, oldest first; also that of a deleted workspace."""
    after = number_of(query.cursor)
    found = door().logs.page(WorkspaceId(workspace_id), after, query.limit + 1)
    lines = found[: query.limit]
    listed = views.LogLineList(lines=[views.log_line_view(line) for line in lines])
    return read(listed, headers=next_link(lines[-1].id if len(found) > len(lines) else None))
