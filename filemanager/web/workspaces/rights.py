"""What the session may do with a workspace, so that a page offers no more."""

from dataclasses import dataclass

from filemanager.domain.caller import Caller, Scope
from filemanager.domain.errors import Forbidden
from filemanager.domain.workspaces.workspace import Status, Workspace


@dataclass(frozen=True, slots=True)
class Offered:
    """``is_open``: active and not locked, so that files may be changed."""

    caller: Caller
    workspace: Workspace
    is_locked: bool

    @property
    def is_open(self) -> bool:
        return self.workspace.status is Status.ACTIVE and not self.is_locked

    @property
    def update(self) -> bool:
        return self.is_open and self._may(Scope.UPDATE)

    @property
    def delete(self) -> bool:
        return self.is_open and self._may(Scope.DELETE)

    @property
    def restore(self) -> bool:
        return self.is_open and self._may(Scope.RESTORE_CHECKPOINT)

    @property
    def lock(self) -> bool:
        return self._may(Scope.UPDATE)

    @property
    def release(self) -> bool:
        return self._may(Scope.RELEASE)

    @property
    def checkpoint(self) -> bool:
        return self._may(Scope.CREATE_CHECKPOINT) and not self.workspace.tree.is_empty

    @property
    def checkpoints(self) -> bool:
        return self._may(Scope.READ_CHECKPOINTS)

    @property
    def package(self) -> bool:
        return self.caller.holds(Scope.PACKAGE_WRITE) and self._may(Scope.READ)

    def _may(self, scope: Scope) -> bool:
        try:
            self.workspace.ensure_allows(self.caller, scope)
        except Forbidden:
            return False
        return True
