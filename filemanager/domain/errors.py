"""Everything that can be refused. Kinds first, one subclass for each thing that happens.

A message is for the client: what, which, what now. ``code`` is stable and part of the API.
"""

from typing import ClassVar


class FilemanagerError(Exception):
    """What the service says no with."""

    code: ClassVar[str] = "error"
    retry_after_seconds: int | None = None
    """None: there is no telling whether trying again would help."""

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


class Unsupported(FilemanagerError):
    """Bytes of a kind that is not taken here."""

    code = "unsupported"


class Conflict(FilemanagerError):
    code = "conflict"


class PreconditionFailed(FilemanagerError):
    code = "precondition_failed"


class Misdirected(FilemanagerError):
    """It was meant for another host."""

    code = "misdirected"


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
    retry_after_seconds = 5


class TooSlow(Unavailable):
    """Too many slow requests are open at once, and this was the slowest."""

    code = "too_slow"

    def __init__(self) -> None:
        super().__init__(
            "The connection is slow, and too many slow ones are open at once."
            " Send the request again shortly."
        )


# Who asks.


class InvalidToken(Unauthenticated):
    """``why`` is for the challenge alone (RFC 6750, 3: ASCII without quotes): the message is the
    original's.
    """

    code = "invalid_token"

    def __init__(self, why: str = "The token cannot be read.") -> None:
        super().__init__("Invalid auth token")
        self.why = why


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


class HostUnknown(Misdirected):
    code = "host_unknown"

    def __init__(self) -> None:
        super().__init__(
            "This service does not answer by that host name. Its operator can add the name to"
            " FILEMANAGER_ALLOWED_HOSTS."
        )


# What is sent.


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


class ResourceChanged(PreconditionFailed):
    """A condition of the request does not hold."""

    code = "workspace_changed"  # of the days when nothing else had conditions

    def __init__(self) -> None:
        super().__init__("The resource has changed since you read it. Read it again and repeat.")


# The machinery.


class ScratchFull(Unavailable):
    code = "scratch_full"

    def __init__(self) -> None:
        super().__init__("The node has no room for another upload just now. Try again shortly.")


class DecodersBusy(Unavailable):
    code = "decoders_busy"

    def __init__(self) -> None:
        super().__init__(
            "Another upload is using the memory that unpacking this one needs. Try again shortly."
        )


class StoreUnavailable(Unavailable):
    code = "store_unavailable"

    def __init__(self) -> None:
        super().__init__("The object store does not answer. Try again shortly.")


class DatabaseUnavailable(Unavailable):
    code = "database_unavailable"

    def __init__(self) -> None:
        super().__init__("There was a problem connecting to the database.")


class WritersWait(Unavailable):
    """Others are writing: the turn did not come in time, or too many wait for theirs already."""

    code = "writers_wait"

    def __init__(self) -> None:
        super().__init__("Too much is being written just now. Nothing was changed. Try again.")


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
