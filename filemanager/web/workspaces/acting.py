"""What people do with a workspace, by plain forms: each changes it once and leads back to it."""

from collections.abc import Callable
from urllib.parse import urlencode

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from filemanager.api.http.context import caller
from filemanager.api.http.operations import View, operation
from filemanager.domain.caller import Scope
from filemanager.domain.ids import WorkspaceId
from filemanager.web.door import WorkspaceUses, door
from filemanager.web.session.forms import form, unchanged
from filemanager.web.session.guard import OpensWorkspace
from filemanager.web.session.pages import FORM, MOVED, moved

acting = Blueprint("acting", __name__, url_prefix="/w/<id:workspace_id>")

_REASON_CHARACTERS = 1000
PATH_CHARACTERS = 2000


def acts(scope: Scope, *errors: int) -> Callable[[View], View]:
    return operation(
        guard=OpensWorkspace(scope),
        sends=FORM,
        errors=(403, 404, 409, 412, 413, 415, 422, *errors),
        answers={303: MOVED},
    )


def done(workspace_id: int, what: str, **more: int) -> Response:
    return moved(f"/w/{workspace_id}?{urlencode({'done': what, **more})}")


@acting.post("/delete")
@acts(Scope.DELETE)
def delete_by_form(workspace_id: int) -> ResponseReturnValue:
    """Take a file, or with a closing slash a directory, out; it can be brought back."""
    path = form().text("path")
    _uses().editing.delete(caller(), _live(workspace_id), path, unchanged())
    return done(workspace_id, "deleted")


@acting.post("/move")
@acts(Scope.UPDATE, 400)
def move_by_form(workspace_id: int) -> ResponseReturnValue:
    """Give a file another path; never that of another file."""
    paths = form().text("path"), form().line("to", PATH_CHARACTERS)
    _uses().editing.move(caller(), _live(workspace_id), paths, unchanged())
    return done(workspace_id, "moved")


@acting.post("/bring-back")
@acts(Scope.UPDATE, 400)
def bring_back_by_form(workspace_id: int) -> ResponseReturnValue:
    """Bring back what a person deleted, or a check took for junk."""
    _uses().editing.undelete(caller(), _live(workspace_id), form().text("path"), unchanged())
    return done(workspace_id, "back")


@acting.post("/undo")
@acts(Scope.UPDATE, 400)
def undo_by_form(workspace_id: int) -> ResponseReturnValue:
    """Put back what a file was before a check rewrote it."""
    rewrite = form().text("path"), form().text("change")
    _uses().editing.undo(caller(), _live(workspace_id), rewrite, unchanged())
    return done(workspace_id, "undone")


@acting.post("/check")
@acts(Scope.UPDATE)
def check_by_form(workspace_id: int) -> ResponseReturnValue:
    """Run the checks over every file again."""
    _uses().rechecking.check(
        caller(), _live(workspace_id), dry_run=False, preconditions=unchanged()
    )
    return done(workspace_id, "checked")


@acting.post("/lock")
@acts(Scope.UPDATE)
def lock_by_form(workspace_id: int) -> ResponseReturnValue:
    """Refuse changes of files until it is unlocked."""
    reason = form().line("reason", _REASON_CHARACTERS)
    _uses().life.lock(caller(), _live(workspace_id), reason or None)
    return done(workspace_id, "locked")


@acting.post("/unlock")
@acts(Scope.UPDATE)
def unlock_by_form(workspace_id: int) -> ResponseReturnValue:
    """Allow changes again."""
    _uses().life.unlock(caller(), _live(workspace_id))
    return done(workspace_id, "unlocked")


@acting.post("/release")
@acts(Scope.RELEASE)
def release_by_form(workspace_id: int) -> ResponseReturnValue:
    """Say that the workspace is no longer needed."""
    _uses().life.release(caller(), _live(workspace_id))
    return done(workspace_id, "released")


@acting.post("/unrelease")
@acts(Scope.RELEASE)
def unrelease_by_form(workspace_id: int) -> ResponseReturnValue:
    """Take the release back."""
    _uses().life.unrelease(caller(), _live(workspace_id))
    return done(workspace_id, "unreleased")


def _uses() -> WorkspaceUses:
    return door().workspaces


def _live(workspace_id: int) -> WorkspaceId:
    """Raises ``WorkspaceNotFound`` for a deleted one."""
    return _uses().life.get(WorkspaceId(workspace_id)).id
