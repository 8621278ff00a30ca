"""Workspaces, v2: my workspaces, their state, their life."""

from collections.abc import Sequence
from http import HTTPStatus

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from filemanager.api.http.context import caller
from filemanager.api.http.front.references import relative
from filemanager.api.http.guards import Holds
from filemanager.api.http.operations import Answer, operation
from filemanager.api.http.paging import next_link, number_of
from filemanager.api.http.preconditions import ON_CHANGE, preconditions
from filemanager.api.http.preferences import prefers_async
from filemanager.api.http.reads import read
from filemanager.api.http.responses import not_modified, quoted, represent
from filemanager.api.jobs.answers import JobView, accepted
from filemanager.api.jobs.door import door as jobs_door
from filemanager.api.workspaces.door import API, V2, door
from filemanager.api.workspaces.guard import Owns
from filemanager.api.workspaces.v2 import views, wishes
from filemanager.api.workspaces.v2.answers import (
    UNCHANGED,
    WORKSPACE,
    changes_of,
    changes_state,
    living,
    shown,
    view,
)
from filemanager.domain.caller import Owner, Scope, owner_of
from filemanager.domain.errors import InsufficientScope
from filemanager.domain.ids import WorkspaceId
from filemanager.domain.jobs.job import job_id_from
from filemanager.domain.trees.tree import Altered
from filemanager.domain.workspaces.listing import WorkspaceQuery
from filemanager.domain.workspaces.workspace import Workspace
from filemanager.sanitize.registry import PROFILES
from filemanager.services.workspaces.life import Wishes

workspaces = Blueprint("workspaces", __name__)


def _made_again(kept: str, **_: object) -> Response:
    return _made(door().workspaces.get(WorkspaceId(int(kept))))


def _checked_again(kept: str, workspace_id: int, query: wishes.CheckQuery) -> Response:
    """A dry run changes nothing, so that it is simply run again."""
    if kept:
        return accepted(jobs_door().jobs.get(caller(), job_id_from(kept)))
    if query.dry_run:
        return _checked_now(workspace_id, query)
    identity = WorkspaceId(workspace_id)
    _, altered = door().reading.altered(identity)
    return _checked(door().workspaces.get(identity), altered)


@workspaces.get("/workspaces")
@operation(
    guard=Holds(Scope.READ),
    accepts=("If-None-Match",),
    answers={200: Answer(views.WorkspaceList, headers=("ETag", "Link")), 304: UNCHANGED},
)
def list_workspaces(query: wishes.WorkspaceListQuery) -> ResponseReturnValue:
    """List my workspaces; everybody's with a global scope."""
    page = door().workspaces.page(
        WorkspaceQuery(
            owner=_owner(query.owner),
            status=query.status,
            updated_since=query.updated_since,
            after=number_of(query.cursor),
            limit=query.limit,
        )
    )
    listed = views.WorkspaceList(workspaces=[view(one) for one in page.workspaces])
    return read(listed, headers=next_link(page.next_after))


@workspaces.get("/profiles")
@operation(
    guard=Holds(Scope.READ),
    accepts=("If-None-Match",),
    answers={200: Answer(views.ProfileList, headers=("ETag",)), 304: UNCHANGED},
)
def list_profiles() -> ResponseReturnValue:
    """List the profiles that a workspace may be made with."""
    known = [views.ProfileView(name=one.name, title=one.title) for one in PROFILES.values()]
    return read(views.ProfileList(profiles=known))


@workspaces.post("/workspaces")
@operation(
    guard=Holds(Scope.CREATE),
    errors=(400,),
    answers={201: Answer(views.WorkspaceView, headers=("ETag", "Location", "Link"))},
    again=_made_again,
)
def create_workspace(body: wishes.WorkspaceWish) -> ResponseReturnValue:
    """Make an empty workspace."""
    return _made(door().workspaces.create(caller(), _wishes(body)))


@workspaces.get("/workspaces/<id:workspace_id>")
@operation(
    guard=Owns(Scope.READ),
    errors=(404,),
    accepts=("If-None-Match",),
    answers={200: WORKSPACE, 304: UNCHANGED},
)
def get_workspace(workspace_id: int) -> ResponseReturnValue:
    """Show a workspace: state, counts, room, profile."""
    found = door().workspaces.get(WorkspaceId(workspace_id))
    return not_modified(quoted(found.revision)) or read(view(found), tag=found.revision)


@workspaces.patch("/workspaces/<id:workspace_id>")
@operation(
    guard=Owns(Scope.UPDATE),
    errors=(400, 404, 409, 412, 413),
    accepts=ON_CHANGE,
    answers={200: WORKSPACE},
)
def change_workspace(workspace_id: int, body: wishes.WorkspaceWish) -> ResponseReturnValue:
    """Change the name, the metadata or, with ``upload:admin``, the profile.

    Another profile checks every file again, in the same revision.
    """
    changed = door().rechecking.describe(
        caller(), WorkspaceId(workspace_id), _wishes(body), preconditions()
    )
    return shown(changed)


@workspaces.delete("/workspaces/<id:workspace_id>")
@operation(
    guard=Owns(Scope.DELETE_WORKSPACE),
    errors=(404, 412),
    accepts=ON_CHANGE,
    answers={204: Answer()},
)
def delete_workspace(workspace_id: int) -> ResponseReturnValue:
    """Delete a workspace for good; its log stays."""
    door().workspaces.delete(caller(), WorkspaceId(workspace_id), preconditions())
    return Response(status=HTTPStatus.NO_CONTENT)


@workspaces.post("/workspaces/<id:workspace_id>/lock")
@changes_state(Scope.UPDATE)
def lock_workspace(workspace_id: int, body: wishes.LockWish) -> ResponseReturnValue:
    """Refuse changes of files, until unlocked or a moment; a lock that holds is not changed."""
    locked = door().workspaces.lock(
        caller(), living(workspace_id), body.reason, body.expires_at, preconditions()
    )
    return shown(locked)


@workspaces.post("/workspaces/<id:workspace_id>/unlock")
@changes_state(Scope.UPDATE)
def unlock_workspace(workspace_id: int) -> ResponseReturnValue:
    """Allow changes again."""
    identity = living(workspace_id)
    return shown(door().workspaces.unlock(caller(), identity, preconditions()))


@workspaces.post("/workspaces/<id:workspace_id>/release")
@changes_state(Scope.RELEASE)
def release_workspace(workspace_id: int) -> ResponseReturnValue:
    """Say that the workspace is no longer needed."""
    identity = WorkspaceId(workspace_id)
    return shown(door().workspaces.release(caller(), identity, preconditions()))


@workspaces.post("/workspaces/<id:workspace_id>/unrelease")
@changes_state(Scope.RELEASE)
def unrelease_workspace(workspace_id: int) -> ResponseReturnValue:
    """Take the release back."""
    identity = WorkspaceId(workspace_id)
    return shown(door().workspaces.unrelease(caller(), identity, preconditions()))


@workspaces.post("/workspaces/<id:workspace_id>/check")
@operation(
    guard=Owns(Scope.UPDATE),
    errors=(404, 409, 412, 413),
    accepts=(*ON_CHANGE, "Prefer"),
    answers={
        200: Answer(views.UploadView, headers=("ETag",)),
        202: Answer(JobView, headers=("Location", "Retry-After", "Preference-Applied")),
    },
    again=_checked_again,
)
def check_workspace(workspace_id: int, query: wishes.CheckQuery) -> ResponseReturnValue:
    """Run the checks again over every file, as if all had just been sent, archives included.

    With ``dry_run`` only say what they would change. With ``Prefer: respond-async`` it becomes a
    job, which ends with the new revision; ``…/changes`` then shows what changed.
    """
    if prefers_async() and not query.dry_run:
        promise = door().recheck_jobs.promise
        return accepted(promise(caller(), WorkspaceId(workspace_id), preconditions()))
    return _checked_now(workspace_id, query)


def _made(workspace: Workspace) -> Response:
    response = shown(workspace)
    response.status_code = HTTPStatus.CREATED
    response.headers["Location"] = relative(f"{V2}/workspaces/{workspace.id}")
    response.headers["Link"] = f'<{relative(f"{API}/{workspace.id}")}>; rel="alternate"'
    return response


def _checked_now(workspace_id: int, query: wishes.CheckQuery) -> Response:
    checked = door().rechecking.check(
        caller(), WorkspaceId(workspace_id), dry_run=query.dry_run, preconditions=preconditions()
    )
    return _checked(checked.workspace, checked.altered)


def _checked(workspace: Workspace, altered: Sequence[Altered]) -> Response:
    body = views.UploadView(workspace=view(workspace), changes=changes_of(altered))
    return represent(body, headers={"ETag": quoted(workspace.revision)})


def _owner(wanted: str | None) -> Owner | None:
    who = caller()
    if who.holds_globally(Scope.READ):
        return None if wanted is None else owner_of(who.issuer, wanted)
    if wanted not in (None, who.subject):
        raise InsufficientScope(f"{Scope.READ}:*")
    return who.owner


def _wishes(body: wishes.WorkspaceWish) -> Wishes:
    return Wishes(name=body.name, profile=body.profile, metadata=body.metadata)
