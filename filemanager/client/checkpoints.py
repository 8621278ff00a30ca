"""What a workspace was: named, gone back to, compared."""

from collections.abc import Sequence

from filemanager.client.asking import if_match, post_once
from filemanager.client.connection import Ask, Connection
from filemanager.client.values import (
    Checkpoint,
    Difference,
    Workspace,
    checkpoint_from,
    difference_from,
    workspace_from,
)
from filemanager.client.workspaces import path_of


class Checkpoints:
    """With a *revision* a call is refused where the workspace is at another one."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def create(
        self,
        workspace: int,
        *,
        name: str | None = None,
        description: str | None = None,
        revision: int | None = None,
    ) -> Checkpoint:
        """Name the present state; once, however often the connection breaks."""
        wishes = {"name": name, "description": description}
        sent = {key: value for key, value in wishes.items() if value is not None}
        path = f"{path_of(workspace)}/checkpoints"
        return checkpoint_from(post_once(self._connection, path, sent, if_match(revision)))

    def list(self, workspace: int) -> Sequence[Checkpoint]:
        """Oldest first."""
        asked = Ask(method="GET", path=f"{path_of(workspace)}/checkpoints")
        told = self._connection.told(asked)
        return [checkpoint_from(one) for one in told["checkpoints"]]

    def restore(self, workspace: int, checkpoint: int, *, revision: int | None = None) -> Workspace:
        """Make the workspace what it was, in a new revision."""
        path = f"{path_of(workspace)}/checkpoints/{checkpoint}:restore"
        return workspace_from(post_once(self._connection, path, headers=if_match(revision)))

    def diff(self, workspace: int, old: str, new: str | None = None) -> Sequence[Difference]:
        """Compare two revisions, each a number or ``checkpoint:<id>``; *new* None: the present."""
        query = {"from": old, **({"to": new} if new else {})}
        asked = Ask(method="GET", path=f"{path_of(workspace)}/diff", query=query)
        told = self._connection.told(asked)
        return [difference_from(one) for one in told["differences"]]
