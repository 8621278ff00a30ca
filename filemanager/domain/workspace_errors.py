"""What can be refused of workspaces, their files and their checkpoints."""

from filemanager.domain.errors import (
    Conflict,
    Forbidden,
    NotFound,
    PreconditionFailed,
    Rejected,
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


class WorkspaceChanged(PreconditionFailed):
    code = "workspace_changed"

    def __init__(self) -> None:
        super().__init__("The resource has changed since you read it. Read it again and repeat.")


class WorkspaceBusy(Conflict):
    code = "workspace_busy"

    def __init__(self) -> None:
        super().__init__("The workspace was changed by another request meanwhile. Repeat yours.")


class AlreadyThere(PreconditionFailed):
    code = "already_there"

    def __init__(self, path: str) -> None:
        super().__init__(f"'{path}' exists already, and the request asked to create it.")


class ProfileUnknown(Rejected):
    code = "profile_unknown"

    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__(f"There is no profile '{name}'. Choose one of: {', '.join(known)}.")


class FileNotFound(NotFound):
    code = "file_not_found"

    def __init__(self, message: str = "file not found") -> None:
        super().__init__(message)


class NoContent(NotFound):
    code = "no_content"

    def __init__(self) -> None:
        super().__init__("No content in workspace")


class PathRefused(Rejected):
    """A path that no tree can hold; ``why`` ends the sentence."""

    code = "path_refused"

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f"The path {path[:120]!r} cannot be used: {why}.")
        self.why = why


class PathInTheWay(Conflict):
    """A file would be the directory of another."""

    code = "path_in_the_way"

    def __init__(self, path: str, other: str) -> None:
        super().__init__(
            f"'{path}' cannot be stored beside '{other}': one of them would be a file and a"
            " directory at once. Rename or delete one."
        )


class PlaceTaken(Conflict):
    """A move or an undelete never overwrites."""

    code = "place_taken"

    def __init__(self, path: str) -> None:
        super().__init__(f"'{path}' exists already. Delete it or move it away first.")


class NotRestorable(Rejected):
    code = "not_restorable"

    def __init__(self, path: str) -> None:
        super().__init__(f"'{path}' was refused by a check and cannot be brought back.")


class MissingPart(Rejected):
    code = "missing_part"

    def __init__(self) -> None:
        super().__init__("missing file/archive payload")


class MissingName(Rejected):
    code = "missing_name"

    def __init__(self) -> None:
        super().__init__("file argument missing filename or file not selected")


class EmptyPayload(Rejected):
    code = "empty_payload"

    def __init__(self) -> None:
        super().__init__("file payload is zero length")


class WorkspaceFull(TooLarge):
    code = "workspace_full"

    def __init__(self, limit: str) -> None:
        super().__init__(f"The workspace would hold more than the limit of {limit}.")


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
