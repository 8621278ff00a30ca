"""What v2 answers with when a workspace was asked for or changed."""

from collections.abc import Callable, Sequence

from flask import Response

from filemanager.api.http.operations import Answer, View, operation
from filemanager.api.http.preconditions import ON_CHANGE
from filemanager.api.http.responses import quoted, represent
from filemanager.api.workspaces.door import door
from filemanager.api.workspaces.guard import Owns
from filemanager.api.workspaces.v2 import views
from filemanager.domain.caller import Scope
from filemanager.domain.ids import WorkspaceId
from filemanager.domain.trees.tree import Altered
from filemanager.domain.workspaces.workspace import Workspace

WORKSPACE = Answer(views.WorkspaceView, headers=("ETag",))
UNCHANGED = Answer(headers=("ETag",))


def shown_again(kept: str, workspace_id: int, **_: object) -> Response:
    """The workspace as it is by now, where a change of it was sent again."""
    del kept
    return shown(door().workspaces.get(WorkspaceId(workspace_id)))


def changes_state(scope: Scope) -> Callable[[View], View]:
    """A change of the state that answers with the workspace."""
    return operation(
        guard=Owns(scope),
        errors=(404, 412),
        accepts=ON_CHANGE,
        answers={200: WORKSPACE},
        again=shown_again,
    )


def living(workspace_id: int) -> WorkspaceId:
    """Raise ``WorkspaceNotFound`` for a deleted one: in v2 only its log is left to see."""
    return door().workspaces.get(WorkspaceId(workspace_id)).id


def view(workspace: Workspace) -> views.WorkspaceView:
    room = door().files.room
    return views.workspace_view(workspace, room.max_bytes, room.max_files)


def shown(workspace: Workspace) -> Response:
    """A workspace with its revision as ETag."""
    return represent(view(workspace), headers={"ETag": quoted(workspace.revision)})


def changes_of(altered: Sequence[Altered]) -> list[views.AlteredView]:
    return [views.altered_view(one) for one in altered]
