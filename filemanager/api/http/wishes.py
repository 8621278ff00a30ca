"""What every door asks of queries and JSON bodies: models whose misfits are 422."""

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

from filemanager.domain.workspaces.listing import MAX_LIMIT

MAX_BODY_BYTES = 64 << 10
"""Of a JSON body. It is read into memory whole."""


UNPACK_WORDS = (
    "True unpacks an archive, false keeps it. Unless said, what is called a document stays whole"
    " though it is a zip (`.npz`, `.pptx`), and the profile `generic` unpacks only what is called"
    " an archive."
)
"""Of what is sent, not of archives inside it."""

_MAX_NUMBER = 2**63 - 1


_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


_LATEST = datetime(9999, 1, 1, tzinfo=UTC)


class Wish(BaseModel):
    """What a client sends: unknown fields are refused, not lost."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

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
    if "\0" in text:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        # Half of a surrogate pair.
        return False
    return True


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


Limit = Annotated[int, Field(ge=1, le=MAX_LIMIT, description="How many at most.")]


Cursor = Annotated[str, Field(max_length=4000, description="From the `Link` of the page before.")]


Moment = Annotated[AwareDatetime, BeforeValidator(_as_text), AfterValidator(_in_utc)]


PublicPath = Annotated[str, Field(min_length=1, max_length=2000)]


class PageQuery(Wish):
    limit: Limit = 100
    cursor: Cursor | None = None
