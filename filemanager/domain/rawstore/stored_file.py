"""Files of the rawstore door: what was authorised, what the store holds, and what is refused."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from filemanager.domain.caller import Owner
from filemanager.domain.errors import (
    Conflict,
    Forbidden,
    NotFound,
    Rejected,
    Unauthenticated,
    Unavailable,
)

MEGABYTE = 1_000_000

FORM_LIFETIME = timedelta(seconds=3600)
URL_LIFETIME = timedelta(days=1)

POST_TIME = timedelta(hours=1)
"""A store looks at a form's expiry when a post begins; so long may it take to end."""

MAX_POST_BYTES = 5 << 30
"""What S3 takes in one request."""

ACTIVE_TYPES = frozenset({"text/html", "application/xhtml+xml", "image/svg+xml"})
"""A browser runs scripts in these, under the name of whoever serves them."""


class Findability(StrEnum):
    PUBLISHED = "published"
    UNLISTED = "unlisted"
    PRIVATE = "private"


class StoredFileState(StrEnum):
    """``PENDING``: authorised, not seen yet. ``CHANGED``: the store holds something else."""

    PENDING = "pending"
    SETTLED = "settled"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """``md5`` is 32 lower-case hex digits."""

    size_bytes: int
    md5: str
    media_type: str
    findability: Findability

    def has_bytes_of(self, other: "Version") -> bool:
        return (self.size_bytes, self.md5) == (other.size_bytes, other.md5)

    def may_stand_for(self, other: "Version") -> bool:
        """Whether readers of either would be served by one object."""
        is_private = Findability.PRIVATE in (self.findability, other.findability)
        is_alike = self.has_bytes_of(other) and self.media_type == other.media_type
        return is_alike and not is_private


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """``wanted`` is what was authorised last, ``held`` what the store held when last looked at.

    ``held_version`` is the object's own name for that. ``revision`` grows with every change of the
    row. ``expires_at`` is the end of the last form.

    What is posted lies at ``key``. ``lies_at`` is set once owners share an object: nobody is given
    a form for that key any more. ``leaves`` is an object that this file needs no longer.
    """

    bucket: str
    key: str
    owner: Owner
    wanted: Version
    created_at: datetime
    expires_at: datetime
    state: StoredFileState = StoredFileState.PENDING
    held: Version | None = None
    held_version: str | None = None
    dataset_id: str | None = None
    flow_ids: tuple[str, ...] = ()
    looked_at: datetime | None = None
    lies_at: str | None = None
    leaves: str | None = None
    revision: int = 0

    @property
    def counted_bytes(self) -> int:
        """A promise counts until it is known to be void, and so does what it would replace."""
        return max(self.wanted.size_bytes, self.held.size_bytes if self.held else 0)

    @property
    def closes_at(self) -> datetime:
        """After this nobody can post it any more."""
        return self.expires_at + POST_TIME

    @property
    def is_closed(self) -> bool:
        """Whether it was looked at after the last moment at which it could be posted."""
        return self.looked_at is not None and self.looked_at > self.closes_at

    @property
    def is_final(self) -> bool:
        """Whether looking again would show nothing new, and nothing is left to be done."""
        return self.is_closed and self.leaves is None

    @property
    def is_private(self) -> bool:
        """Whether it is not for others, or will not be once it is posted."""
        return self.wanted.findability is Findability.PRIVATE

    def is_for(self, wish: "DepositedFile") -> bool:
        return (self.wanted.size_bytes, self.wanted.md5) == (wish.size_bytes, wish.md5)

    @property
    def is_settled_for_all(self) -> bool:
        is_settled = self.state is StoredFileState.SETTLED and self.held is not None
        return is_settled and not self.is_private

    @property
    def place(self) -> str:
        """The key of the object that holds the bytes."""
        return self.lies_at or self.key

    @property
    def lies_elsewhere(self) -> bool:
        return self.place != self.key


@dataclass(frozen=True, slots=True)
class StorageLimits:
    """In megabytes of 1,000,000 bytes, as plans are sold."""

    public_mb: int
    private_mb: int


@dataclass(frozen=True, slots=True)
class Depositor:
    """Who asks the rawstore door. ``user`` is what the requests' ``owner`` must be."""

    owner: Owner
    user: str
    limits: StorageLimits


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositedFile:
    """A file that somebody wants to post; ``path`` as it stands in the request."""

    path: str
    size_bytes: int
    md5: str
    media_type: str
    name: str

    def is_equal(self, other: "DepositedFile") -> bool:
        """Whether the same bytes are meant."""
        return (self.size_bytes, self.md5) == (other.size_bytes, other.md5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposit:
    owner: str
    findability: Findability
    files: tuple[DepositedFile, ...]
    dataset: str | None = None
    flow_id: str | None = None


class DepositRefused(Rejected):
    """``field`` names the place in the request, ``why`` ends the sentence."""

    code = "deposit_refused"

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field[:200]}: {why}.")


class NotJson(Rejected):
    """The parser's own words."""

    code = "not_json"


class OwnerDiffers(Unauthenticated):
    code = "owner_differs"

    def __init__(self) -> None:
        super().__init__("The token belongs to another user than the owner in the request.")


class TokensDisagree(Rejected):
    code = "tokens_disagree"

    def __init__(self) -> None:
        super().__init__("The request carries different tokens. Send one.")


class KeyServerSilent(Unavailable):
    code = "key_server_silent"

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__("The server that tells the key of tokens does not answer. Try again.")
        self.retry_after_seconds = retry_after_seconds


class KeyTaken(Forbidden):
    code = "key_taken"

    def __init__(self, path: str) -> None:
        super().__init__(f"The place of '{path[:200]}' belongs to another owner.")


class StorageLimitReached(Forbidden):
    """In the words of the original, which clients show."""

    code = "storage_limit_reached"

    def __init__(self, limit_mb: int, *, is_private: bool) -> None:
        kind = "private storage" if is_private else "storage"
        super().__init__(f"Max {kind} for user exceeded plan limit ({limit_mb}MB)")


class StoredFileNotFound(NotFound):
    """Also for a file that is not the caller's to know of."""

    code = "stored_file_not_found"

    def __init__(self) -> None:
        super().__init__("There is no such file.")


class StoredFileChanged(Conflict):
    code = "stored_file_changed"

    def __init__(self) -> None:
        super().__init__(
            "The stored bytes are not those that were authorised. Authorise and post them again."
        )
