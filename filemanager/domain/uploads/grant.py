"""Grants: leave to put the files of one batch straight into the store, and nothing else."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from filemanager.domain.caller import Caller, Owner, Scope
from filemanager.domain.errors import Conflict, Forbidden, NotFound, Rejected
from filemanager.domain.ids import MAX_ID, Digest, WorkspaceId, is_random_id
from filemanager.domain.uploads.upload import BatchId, UploadId, UploadNotFound

MAX_FILES = 1000
"""In one grant, so that numbers fit the ids below."""

_NUMBER = re.compile(r"[1-9][0-9]{0,18}")
_RANDOM_DIGITS = 28
_ID_DIGITS = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """What leave is given for: a whole file (``number`` 0), or a part of one (from 1).

    ``digest`` None: the store looks at the length alone, and we at the digest of the whole.
    ``media_type`` empty: the client sends what it likes.
    """

    upload_id: UploadId
    number: int = 0
    start: int = 0
    size_bytes: int
    digest: Digest | None = None
    media_type: str = ""
    store_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """Where to PUT a portion, and the headers to send with it; once, and until then.

    A *url* that begins with a slash is a path of this service. ``capability`` is the SHA-256 of
    the secret in it, by which we know it again; None: the store knows by itself.
    """

    portion: Portion
    url: str
    headers: Mapping[str, str]
    expires_at: datetime
    capability: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownLeave:
    """A leave as we remember it: whose it is, and what may be put by it."""

    upload_id: UploadId
    start: int
    size_bytes: int
    digest: Digest | None
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Whose files somebody may read: those of an owner's workspaces and of the named ones."""

    is_global: bool
    owner: Owner | None
    workspaces: frozenset[WorkspaceId]


def reader_of(caller: Caller) -> Reader:
    named = {one.resource for one in caller.granted if one.resource is not None}
    # As it is written in a path: other digits, and zeros in front, name no workspace.
    numbers = {int(name) for name in named if _NUMBER.fullmatch(name)}
    allowed = (number for number in numbers if caller.holds_for(Scope.READ, str(number)))
    return Reader(
        is_global=caller.holds_globally(Scope.READ),
        owner=caller.owner if caller.holds(Scope.READ) else None,
        workspaces=frozenset(WorkspaceId(number) for number in allowed if number <= MAX_ID),
    )


def capability_of(secret: str) -> str:
    """What is kept of a secret that was given away: who reads our rows cannot put anything."""
    return sha256(secret.encode()).hexdigest()


def stem_of(grant: BatchId) -> str:
    """What the ids of its uploads begin with: the grant's own random digits."""
    return grant[:_RANDOM_DIGITS]


def upload_id_in(grant: BatchId, number: int) -> UploadId:
    """The upload of the file with that number, from 0: ids in their order are files in theirs.

    Raises ``UploadNotFound`` for a number that no file of a grant has.
    """
    if not 0 <= number < MAX_FILES:
        raise UploadNotFound
    return UploadId(f"{stem_of(grant)}{number:0{_ID_DIGITS - _RANDOM_DIGITS}x}")


class GrantNotFound(NotFound):
    code = "grant_not_found"

    def __init__(self) -> None:
        super().__init__("There is no such grant, or it has expired.")


class PathTwice(Rejected):
    code = "path_twice"

    def __init__(self, path: str) -> None:
        super().__init__(f"'{path[:120]}' is named twice. Each file has a path of its own.")


class NotInParts(Conflict):
    code = "not_in_parts"

    def __init__(self) -> None:
        super().__init__("The file is put whole, or is stored already: it has no parts.")


class PutInParts(Conflict):
    code = "put_in_parts"

    def __init__(self) -> None:
        super().__init__("The file is put in parts. Ask for their URLs.")


class PartUnknown(Rejected):
    code = "part_unknown"

    def __init__(self, number: int, count: int) -> None:
        super().__init__(f"The file has no part {number}: its parts are 1 to {count}.")


class LeaveNotFound(NotFound):
    code = "leave_not_found"

    def __init__(self) -> None:
        super().__init__("There is no such URL to put to, or a newer one took its place.")


class LeaveExpired(Forbidden):
    code = "leave_expired"

    def __init__(self) -> None:
        super().__init__("The URL has expired. Ask the grant for a new one.")


class LeaveUsed(Conflict):
    code = "leave_used"

    def __init__(self) -> None:
        super().__init__("The bytes were put before; what is there is not replaced.")


class WrongLength(Rejected):
    code = "wrong_length"

    def __init__(self, size_bytes: int) -> None:
        super().__init__(
            f"The URL is for exactly {size_bytes} bytes, and fewer were sent. Nothing was stored."
        )


def grant_id_from(text: str) -> BatchId:
    """Raise ``GrantNotFound`` for what is no grant's id."""
    if not is_random_id(text):
        raise GrantNotFound
    return BatchId(text)
