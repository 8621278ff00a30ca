"""What checks found and changed, v2."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from filemanager.api.http.operations import Answer, operation
from filemanager.api.http.reads import read
from filemanager.api.workspaces.door import door
from filemanager.api.workspaces.guard import Owns
from filemanager.api.workspaces.v2 import views, wishes
from filemanager.api.workspaces.v2.answers import UNCHANGED, changes_of
from filemanager.domain.caller import Scope
from filemanager.domain.ids import WorkspaceId

findings = Blueprint("findings", __name__, url_prefix="/workspaces/<id:workspace_id>")


@findings.get("/findings")
@operation(
    guard=Owns(Scope.READ),
    errors=(404,),
    accepts=("If-None-Match",),
    answers={200: Answer(views.FindingList, headers=("ETag",)), 304: UNCHANGED},
)
def list_findings(workspace_id: int, query: wishes.FindingQuery) -> ResponseReturnValue:
    """List the findings, also the transient ones of the last upload, then advice to the author.

    Advice has the severity ``info``, changes nothing and is told here only. Files are read for it
    when it is first asked for, of many or large ones a part each time: ``advice_incomplete`` says
    so. It is left out where only another severity is asked for.
    """
    identity = WorkspaceId(workspace_id)
    revision, found = door().reading.findings(identity)
    advice = door().advice.of(identity, revision, query.severity)
    chosen = [
        views.finding_view(finding)
        for finding in (*found, *advice)
        if query.severity in (None, finding.severity) and query.code in (None, finding.code)
    ]
    return read(views.FindingList(findings=chosen))


@findings.get("/changes")
@operation(
    guard=Owns(Scope.READ),
    errors=(400, 404),
    accepts=("If-None-Match",),
    answers={200: Answer(views.AlteredList, headers=("ETag",)), 304: UNCHANGED},
)
def list_changes(workspace_id: int, query: wishes.ChangeQuery) -> ResponseReturnValue:
    """List what checks removed, renamed and rewrote in the last upload, with before and after.

    With a ``path``, list what rewrote the file there, in whichever upload: each can be undone by
    ``files:undelete``.
    """
    revision, altered = door().reading.altered(WorkspaceId(workspace_id), query.path)
    changes = views.AlteredList(changes=changes_of(altered))
    return read(changes, tag=None if query.path else revision)
