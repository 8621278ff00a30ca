"""Who may use a route with a workspace in its path."""

from dataclasses import dataclass
from typing import ClassVar

from flask import request

from filemanager.api.http.dialects import below
from filemanager.api.http.guards import Tokens, authenticated
from filemanager.api.workspaces.door import V2, door
from filemanager.domain.caller import Scope
from filemanager.domain.errors import NotOwner
from filemanager.domain.ids import MAX_ID, WorkspaceId
from filemanager.domain.workspaces.errors import WorkspaceNotFound


@dataclass(frozen=True, slots=True)
class Owns:
    """The scope, and the workspace in the path: as its owner, for it by name, or globally."""

    scope: Scope
    tokens: ClassVar = Tokens.NEEDED

    def admit(self, arguments: dict[str, object]) -> None:
        caller = authenticated()
        workspace_id = WorkspaceId(int(str(arguments["workspace_id"])))
        caller.ensure_may_ask(self.scope, str(workspace_id))
        if workspace_id > MAX_ID:
            raise WorkspaceNotFound
        owner = door().workspaces.owner_of(workspace_id)
        try:
            caller.ensure_may(self.scope, owner, str(workspace_id))
        except NotOwner as stranger:
            if below(V2, request.path):
                raise WorkspaceNotFound from stranger
            raise
