"""What can be refused of workspaces, their files and their checkpoints."""

from filemanager.domain.errors import (
    Conflict,
    Forbidden,
    NotFound,
    Rejected,
    Throttled,
    TooLarge,
)


class WorkspaceNotFound(NotFound):
    code = "workspace_not_found"

    def __init__(self) -> None:
        super().__init__("workspace not found")


class WorkspaceDeleted(NotFound):
    code = "workspace_deleted"

    def __init__(self) -> None:
        super().__init__("Request failed. Workspace has been deleted.")


class WorkspaceNotActive(Forbidden):
    code = "workspace_not_active"

    def __init__(self) -> None:
        super().__init__("upload workspace is not active.")


class WorkspaceLocked(Forbidden):
    code = "workspace_locked"

    def __init__(self) -> None:
        super().__init__("upload workspace is locked.")


class WorkspaceBusy(Conflict):
    code = "workspace_busy"

    def __init__(self) -> None:
        super().__init__("The workspace was changed by another request meanwhile. Repeat yours.")


class GuestsHandInHere(Conflict):
    """Checks take each guest's folder for the tree, and the folders for none of theirs."""

    code = "guests_hand_in_here"

    def __init__(self) -> None:
        super().__init__(
            "Guests hand files into folders of this workspace, which are checked as they come, each"
            " as a tree of its own. All together they are not checked again."
        )


class ProfileUnknown(Rejected):
    code = "profile_unknown"

    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__(f"There is no profile '{name}'. Choose one of: {', '.join(known)}.")


class NoContent(NotFound):
    code = "no_content"

    def __init__(self) -> None:
        super().__init__("No content in workspace")


class WorkspaceFull(TooLarge):
    code = "workspace_full"

    def __init__(self, limit: str) -> None:
        super().__init__(f"The workspace would hold more than the limit of {limit}.")


class TooManyWorkspaces(Throttled):
    code = "too_many_workspaces"

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"You have {limit} workspaces, which is as many as one owner may have"
            " (FILEMANAGER_MAX_OPEN_WORKSPACES). Delete some."
        )


class CheckpointNotFound(NotFound):
    code = "checkpoint_not_found"

    def __init__(self, message: str = "checkpoint not found") -> None:
        super().__init__(message)


class CheckpointLimitReached(Conflict):
    code = "checkpoint_limit_reached"

    def __init__(self) -> None:
        super().__init__("checkpoint limit reached")


class WorkspaceEmpty(Rejected):
    code = "workspace_empty"

    def __init__(self) -> None:
        super().__init__("workspace is empty")


class WorkspaceOpen(Conflict):
    code = "workspace_open"

    def __init__(self) -> None:
        super().__init__(
            "The workspace is open, and its files may still change. Lock or release it, then ask"
            " for the receipt."
        )
