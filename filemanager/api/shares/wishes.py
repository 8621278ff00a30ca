"""What owners send about their shares."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, field_validator

from filemanager.api.http.wishes import Cursor, Moment, Wish
from filemanager.domain.ids import MAX_ID
from filemanager.domain.requests.secrets import slug_from
from filemanager.domain.shares.share import MAX_AUDIENCE

Version = Literal["latest"] | Annotated[int, Field(ge=1, le=MAX_ID)]
Said = Annotated[str, StringConstraints(max_length=4000)]
Password = Annotated[str, StringConstraints(min_length=1, max_length=256)]
Visits = Annotated[int, Field(ge=1, le=MAX_ID)]
Audience = Annotated[
    list[Annotated[str, StringConstraints(max_length=500, pattern=r"^[^:]+:.+$")]],
    Field(max_length=MAX_AUDIENCE, description="Owners, as `issuer:subject`."),
]


def _slug(given: str | None) -> str | None:
    return given if given is None else slug_from(given)


class NewShareWish(Wish):
    version: Version
    slug: str | None = None
    password: Password | None = Field(None, repr=False)
    expires: Moment | None = None
    description: Said = ""
    max_visits: Visits | None = None
    listing: bool = True
    audience: Audience = Field(default_factory=list)

    _named = field_validator("slug")(_slug)


class EditedShareWish(Wish):
    """What is left out stays as it is; null takes a password, an end or a limit away."""

    version: Version | None = None
    password: Password | None = Field(None, repr=False)
    expires: Moment | None = None
    description: Said | None = None
    max_visits: Visits | None = None
    listing: bool | None = None
    audience: Audience | None = None


class RotatedShareWish(Wish):
    slug: str | None = None

    _named = field_validator("slug")(_slug)


class NewKeyWish(Wish):
    name: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    expires: Moment | None = None


class UnlockWish(Wish):
    password: str | None = Field(None, repr=False)


class PresignWish(Wish):
    paths: Annotated[list[str], Field(max_length=1000)]


class LevelQuery(Wish):
    directory: Annotated[str, Field(max_length=2000)] = ""
    cursor: Cursor | None = None
