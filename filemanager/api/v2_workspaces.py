"""Workspaces, v2: my workspaces, their state, their life."""

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from filemanager.api import views
from filemanager.api.context import caller, services
from filemanager.api.dialects import V2
from filemanager.api.guards import Holds, Owns
from filemanager.api.operations import Answer, operation
from filemanager.api.paging import next_link, number_of
from filemanager.api.requests import tags_of
from filemanager.api.responses import not_modified, quoted, represent
from filemanager.api.workspaces import workspace_url
from filemanager.domain.caller import Owner, Scope, owner_of
from filemanager.domain.errors import InsufficientScope
from filemanager.domain.ids import WorkspaceId
from filemanager.domain.listing import WorkspaceQuery
from filemanager.domain.workspace import Workspace
from filemanager.sanitize.registry import PROFILES
from filemanager.services.workspaces import Wishes

v2_workspaces = Blueprint("v2_workspaces", __name__, url_prefix=V2)

_WORKSPACE = Answer(views.WorkspaceView, headers=("ETag",))


@v2_workspaces.get("/workspaces")
@operation(guard=Holds(Scope.READ), answers={200: Answer(views.WorkspaceList, headers=("Link",))})
def listing(query: views.WorkspaceListQuery) -> ResponseReturnValue:
    """List my workspaces; everybody's with a global scope."""
    page = services().workspaces.page(
        WorkspaceQuery(
            owner=_owner(query.owner),
            status=query.status,
            updated_since=query.updated_since,
            after=number_of(query.cursor),
            limit=query.limit,
        )
    )
    shown = views.WorkspaceList(workspaces=[view(one) for one in page.workspaces])
    return represent(shown, headers=next_link(page.next_after))


@v2_workspaces.get("/profiles")
@operation(guard=Holds(Scope.READ), answers={200: Answer(views.ProfileList)})
def profiles() -> ResponseReturnValue:
    """List the profiles that a workspace may be made with."""
    shown = [views.ProfileView(name=one.name, title=one.title) for one in PROFILES.values()]
    return represent(views.ProfileList(profiles=shown))


@v2_workspaces.post("/workspaces")
@operation(
    guard=Holds(Scope.CREATE),
    errors=(400,),
    answers={201: Answer(views.WorkspaceView, headers=("ETag", "Location"))},
)
def create(body: views.WorkspaceWish) -> ResponseReturnValue:
    """Make an empty workspace."""
    made = services().workspaces.create(caller(), _wishes(body))
    response = shown(made)
    response.status_code = 201
    response.headers["Location"] = f"{V2}/workspaces/{made.id}"
    response.headers["Link"] = f'<{workspace_url(made)}>; rel="alternate"'
    return response


@v2_workspaces.get("/workspaces/<id:workspace_id>")
@operation(
    guard=Owns(Scope.READ),
    errors=(404,),
    accepts=("If-None-Match",),
    answers={200: _WORKSPACE, 304: Answer(headers=("ETag",))},
)
def get(workspace_id: int) -> ResponseReturnValue:
    """Show a workspace: state, counts, room, profile."""
    found = services().workspaces.get(WorkspaceId(workspace_id))
    return not_modified(quoted(found.revision)) or shown(found)


@v2_workspaces.patch("/workspaces/<id:workspace_id>")
@operation(
    guard=Owns(Scope.UPDATE),
    errors=(400, 404, 412),
    accepts=("If-Match",),
    answers={200: _WORKSPACE},
)
def patch(workspace_id: int, body: views.WorkspaceWish) -> ResponseReturnValue:
    """Change the name, the metadata or, with ``upload:admin``, the profile."""
    changed = services().workspaces.describe(
        caller(), WorkspaceId(workspace_id), _wishes(body), tags_of("If-Match")
    )
    return shown(changed)


@v2_workspaces.delete("/workspaces/<id:workspace_id>")
@operation(
    guard=Owns(Scope.DELETE_WORKSPACE),
    errors=(404, 412),
    accepts=("If-Match",),
    answers={204: Answer()},
)
def delete(workspace_id: int) -> ResponseReturnValue:
    """Delete a workspace for good; its log stays."""
    services().workspaces.delete(caller(), WorkspaceId(workspace_id), tags_of("If-Match"))
    return Response(status=204)


@v2_workspaces.post("/workspaces/<id:workspace_id>/lock")
@operation(guard=Owns(Scope.UPDATE), errors=(404,), answers={200: _WORKSPACE})
def lock(workspace_id: int, body: views.LockWish) -> ResponseReturnValue:
    """Refuse changes, until unlocked or a moment."""
    locked = services().workspaces.lock(
        caller(), WorkspaceId(workspace_id), body.reason, body.expires_at
    )
    return shown(locked)


@v2_workspaces.post("/workspaces/<id:workspace_id>/unlock")
@operation(guard=Owns(Scope.UPDATE), errors=(404,), answers={200: _WORKSPACE})
def unlock(workspace_id: int) -> ResponseReturnValue:
    """Allow changes again."""
    return shown(services().workspaces.unlock(caller(), WorkspaceId(workspace_id)))


@v2_workspaces.post("/workspaces/<id:workspace_id>/release")
@operation(guard=Owns(Scope.RELEASE), errors=(404,), answers={200: _WORKSPACE})
def release(workspace_id: int) -> ResponseReturnValue:
    """Say that the workspace is no longer needed."""
    return shown(services().workspaces.release(caller(), WorkspaceId(workspace_id)))


@v2_workspaces.post("/workspaces/<id:workspace_id>/unrelease")
@operation(guard=Owns(Scope.RELEASE), errors=(404,), answers={200: _WORKSPACE})
def unrelease(workspace_id: int) -> ResponseReturnValue:
    """Take the release back."""
    return shown(services().workspaces.unrelease(caller(), WorkspaceId(workspace_id)))


@v2_workspaces.post("/workspaces/<id:workspace_id>/check")
@operation(
    guard=Owns(Scope.UPDATE), errors=(404, 409, 413), answers={200: Answer(views.UploadView)}
)
def check(workspace_id: int, query: views.CheckQuery) -> ResponseReturnValue:
    """Run the checks again over every file; with ``dry_run`` only say what they would change."""
    checked = services().rechecking.check(
        caller(), WorkspaceId(workspace_id), dry_run=query.dry_run
    )
    changes = [views.altered_view(altered) for altered in checked.outcome.change.altered]
    return represent(views.UploadView(workspace=view(checked.workspace), changes=changes))


def view(workspace: Workspace) -> views.WorkspaceView:
    room = services().files.room
    return views.workspace_view(workspace, room.max_bytes, room.max_files)


def shown(workspace: Workspace) -> Response:
    """A workspace with its revision as ETag."""
    return represent(view(workspace), headers={"ETag": quoted(workspace.revision)})


def _owner(wanted: str | None) -> Owner | None:
    who = caller()
    if who.holds_globally(Scope.READ):
        return None if wanted is None else owner_of(who.issuer, wanted)
    if wanted not in (None, who.subject):
        raise InsufficientScope(f"{Scope.READ}:*")
    return who.owner


def _wishes(body: views.WorkspaceWish) -> Wishes:
    return Wishes(name=body.name, profile=body.profile, metadata=body.metadata)
