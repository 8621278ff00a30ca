"""What clients ask for: queries and JSON bodies as models; what does not fit them is 422."""

import json
import math
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Annotated

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)
from pydantic_core import PydanticCustomError

from filemanager.domain.areas import Area
from filemanager.domain.findings import Severity
from filemanager.domain.kinds import FileKind
from filemanager.domain.listing import MAX_LIMIT
from filemanager.domain.workspace import Status

MAX_BODY_BYTES = 64 << 10
"""Of a JSON body. It is read into memory whole."""

MAX_METADATA_BYTES = 16 << 10
"""Of a workspace's metadata: a list of workspaces shows it a thousand times."""

_MAX_NUMBER = 2**63 - 1
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = datetime(9999, 1, 1, tzinfo=UTC)


class Wish(BaseModel):
    """What a client sends: unknown fields are refused, not lost."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _ensure_storable(cls, sent: object) -> object:
        """Refuse what not every database and JSON reader can hold."""
        for value in _leaves(sent):
            if (why := _fault_of(value)) is not None:
                raise PydanticCustomError("not_storable", "{why}", {"why": why})
        return sent


def _leaves(value: object) -> Iterator[object]:
    """Keys and plain values. The parser of JSON has limited the depth."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield key
            yield from _leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner)
    else:
        yield value


def _fault_of(value: object) -> str | None:
    if isinstance(value, str) and not is_storable(value):
        return "A text holds U+0000 or half of a surrogate pair."
    if isinstance(value, int) and abs(value) > _MAX_NUMBER:
        return "A number does not fit 64 bits."
    if isinstance(value, float) and not math.isfinite(value):
        return "A number is not finite."
    return None


def is_storable(text: str) -> bool:
    """Whether every database takes *text*."""
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def _as_text(sent: object) -> object:
    """Refuse seconds since 1970, which the parser would take too."""
    if not isinstance(sent, str) or sent.lstrip("+-").replace(".", "").isdecimal():
        raise PydanticCustomError("moment", "The time must be a text in the form of RFC 3339.")
    return sent


def _in_utc(at: datetime) -> datetime:
    """Years at the ends of the calendar have no UTC time in every zone."""
    if not _EARLIEST <= at <= _LATEST:
        raise PydanticCustomError("moment", "The time must lie between the years 1970 and 9999.")
    return at.astimezone(UTC)


def _small_enough(metadata: dict[str, object]) -> dict[str, object]:
    if len(json.dumps(metadata)) > MAX_METADATA_BYTES:
        limit = {"limit": MAX_METADATA_BYTES}
        raise PydanticCustomError("too_large", "The metadata exceed {limit} bytes of JSON.", limit)
    return metadata


Limit = Annotated[int, Field(ge=1, le=MAX_LIMIT, description="How many at most.")]
Cursor = Annotated[str, Field(max_length=4000, description="From the `Link` of the page before.")]
Moment = Annotated[AwareDatetime, BeforeValidator(_as_text), AfterValidator(_in_utc)]
Metadata = Annotated[dict[str, object], Field(max_length=100), AfterValidator(_small_enough)]
PublicPath = Annotated[str, Field(min_length=1, max_length=2000)]


class WorkspaceListQuery(Wish):
    owner: str | None = Field(None, max_length=500)
    status: Status | None = Field(None, description="Deleted ones are listed only by this.")
    updated_since: Moment | None = None
    limit: Limit = 100
    cursor: Cursor | None = None


class EntryListQuery(Wish):
    area: Area | None = Field(None, description="Source and ancillary files unless given.")
    kind: FileKind | None = None
    q: str | None = Field(None, max_length=200, description="Part of the path, in any case.")
    revision: str | None = Field(
        None, max_length=40, description="A number or `checkpoint:<id>`; the present one else."
    )
    limit: Limit = 100
    cursor: Cursor | None = None


class FindingQuery(Wish):
    severity: Severity | None = None
    code: str | None = Field(None, max_length=100)


class PageQuery(Wish):
    limit: Limit = 100
    cursor: Cursor | None = None


class DifferenceQuery(Wish):
    from_: str = Field(
        alias="from", max_length=40, description="A revision's number or `checkpoint:<id>`."
    )
    to: str | None = Field(None, max_length=40, description="The present revision unless given.")


class UploadQuery(Wish):
    unpack: bool = Field(default=True, description="False keeps an archive as it is.")


class InlineQuery(Wish):
    inline: bool = Field(
        default=False, description="Pictures and plain text may be shown by a browser."
    )


class CheckQuery(Wish):
    dry_run: bool = Field(default=False, description="Only say what would change.")


class WorkspaceWish(Wish):
    name: str | None = Field(None, max_length=200)
    profile: str | None = Field(None, max_length=100)
    metadata: Metadata | None = None


class MoveWish(Wish):
    source: PublicPath
    target: PublicPath


class UndeleteWish(Wish):
    path: PublicPath


class CheckpointWish(Wish):
    name: str | None = Field(None, min_length=1, max_length=200)
    description: str | None = Field(None, max_length=4000)


class LockWish(Wish):
    reason: str | None = Field(None, max_length=1000)
    expires_at: Moment | None = None
