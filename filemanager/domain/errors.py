"""Everything that can be refused. Kinds first, one subclass for each thing that happens.

A message is for the client: what, which, what now. ``code`` is stable and part of the API.
"""

from typing import ClassVar


class FilemanagerError(Exception):
    """What the service says no with."""

    code: ClassVar[str] = "error"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Unauthenticated(FilemanagerError):
    code = "unauthenticated"


class Forbidden(FilemanagerError):
    code = "forbidden"


class NotFound(FilemanagerError):
    code = "not_found"


class Malformed(FilemanagerError):
    code = "malformed"


class Rejected(FilemanagerError):
    """Well-formed, but not taken: what was sent breaks a rule."""

    code = "rejected"


class Conflict(FilemanagerError):
    code = "conflict"


class PreconditionFailed(FilemanagerError):
    code = "precondition_failed"


class TooLarge(FilemanagerError):
    code = "too_large"


class Gone(FilemanagerError):
    code = "gone"


class StoreFull(FilemanagerError):
    code = "store_full"


class Throttled(FilemanagerError):
    """Too much from one caller at once; less of it would be taken."""

    code = "throttled"


class Unavailable(FilemanagerError):
    """Try again after ``retry_after_seconds``."""

    code = "unavailable"
    retry_after_seconds: ClassVar[int] = 5


# Who asks.


class InvalidToken(Unauthenticated):
    code = "invalid_token"

    def __init__(self) -> None:
        super().__init__("Invalid auth token")


class NoSession(Unauthenticated):
    code = "no_session"

    def __init__(self) -> None:
        super().__init__("Not a valid session")


class InsufficientScope(Forbidden):
    """The token lacks ``scope``."""

    code = "insufficient_scope"

    def __init__(self, scope: str) -> None:
        super().__init__("Access denied")
        self.scope = scope


class NotOwner(Forbidden):
    code = "not_owner"

    def __init__(self) -> None:
        super().__init__("Access denied")


# Workspaces.


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


# Files and paths.


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


# Uploads.


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


class DigestMismatch(Rejected):
    code = "digest_mismatch"

    def __init__(self, algorithm: str) -> None:
        super().__init__(
            f"The bytes received do not have the {algorithm} digest that was sent with them."
            " Send them again."
        )


class RequestTooLarge(TooLarge):
    code = "request_too_large"

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(f"The request is larger than the limit of {limit_bytes} bytes.")


class OverBudget(TooLarge):
    """An upload unpacks to more than its budget; ``limit`` names what ran out."""

    code = "over_budget"

    def __init__(self, limit: str) -> None:
        super().__init__(
            f"The upload unpacks to more than the limit of {limit}. Nothing was added."
        )


class WorkspaceFull(TooLarge):
    code = "workspace_full"

    def __init__(self, limit: str) -> None:
        super().__init__(f"The workspace would hold more than the limit of {limit}.")


# Checkpoints.


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


# The machinery.


class ScratchFull(Unavailable):
    code = "scratch_full"

    def __init__(self) -> None:
        super().__init__("The node has no room for another upload just now. Try again shortly.")


class StoreUnavailable(Unavailable):
    code = "store_unavailable"

    def __init__(self) -> None:
        super().__init__("The object store does not answer. Try again shortly.")


class DatabaseUnavailable(Unavailable):
    code = "database_unavailable"

    def __init__(self) -> None:
        super().__init__("There was a problem connecting to the database.")


class BlobDamaged(Unavailable):
    """Stored bytes are missing or are not what was stored; never sent to a client as content."""

    code = "blob_damaged"

    def __init__(self, digest: str) -> None:
        super().__init__("Stored bytes are damaged; the operator has been told.")
        self.digest = digest


class BlobsGone(FilemanagerError):
    """Blobs that a transaction wanted were swept meanwhile: put them again. Never seen by
    clients.
    """

    code = "blobs_gone"

    def __init__(self, digests: frozenset[str]) -> None:
        super().__init__(f"{len(digests)} blobs were swept.")
        self.digests = digests


# Moving everything elsewhere.


class DatabaseInUse(Conflict):
    code = "database_in_use"

    def __init__(self, table: str) -> None:
        super().__init__(
            f"The database holds data already ({table}). Import into one that was never used."
        )


class DirectoryInUse(Conflict):
    code = "directory_in_use"

    def __init__(self, directory: str) -> None:
        super().__init__(f"There is something in '{directory}' already. Name a new directory.")


class NotAnExport(Rejected):
    """``why`` ends the sentence."""

    code = "not_an_export"

    def __init__(self, why: str) -> None:
        super().__init__(f"This cannot be imported: {why}.")
