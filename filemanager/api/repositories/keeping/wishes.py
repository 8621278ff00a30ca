"""What clients ask of repositories: queries and JSON bodies as models."""

from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from filemanager.api.http.wishes import PageQuery, PublicPath, Wish
from filemanager.domain.ids import MAX_ID
from filemanager.domain.repositories.repository import Visibility

_FINGERPRINT_DIGITS = 40
_ID_DIGITS = 16
_MOST_KEYS = 20


def _key_id(given: str) -> str:
    """What signatures name a key by: the end of the fingerprint of a key of version 4."""
    return given.upper()[-_ID_DIGITS:]


KeyId = Annotated[
    str,
    Field(
        pattern=rf"^(?:[0-9A-Fa-f]{{{_ID_DIGITS}}}|[0-9A-Fa-f]{{{_FINGERPRINT_DIGITS}}})$",
        description="An id of 16 hex digits, or a fingerprint of 40.",
    ),
    AfterValidator(_key_id),
]
Edition = Annotated[
    str,
    Field(min_length=1, max_length=64, description="A publication's number, or a snapshot's name."),
]
PackageNumber = Annotated[int, Field(ge=1, le=MAX_ID)]
Kept = Annotated[int, Field(ge=1, le=1_000_000, description="How many versions stay.")]


class AwaitQuery(Wish):
    wait: bool = Field(
        default=False, description="Answer when clients see it, 202 where that takes long."
    )


class PackageRemovalQuery(AwaitQuery):
    purge: bool = Field(
        default=False, description="From earlier publications and snapshots too, for good."
    )


class RuleWish(Wish):
    """What is not named stays as it is."""

    visibility: Visibility | None = None
    rpm_keys: tuple[KeyId, ...] | None = Field(
        None,
        max_length=_MOST_KEYS,
        description="Rpms that come must be signed by one of them; none: by anybody or nobody.",
    )
    keep_latest: int | None = Field(
        None,
        ge=0,
        le=1_000_000,
        description="How many versions of each name and architecture stay; 0: all.",
    )


class PackageListQuery(PageQuery):
    q: str | None = Field(None, max_length=255, description="Part of the name, in any case.")
    name: str | None = Field(None, max_length=255)
    arch: str | None = Field(None, max_length=64, description="`source` for what is built from.")


class PublicationDifferenceQuery(PageQuery):
    from_: Edition = Field(alias="from")
    to: Edition


class SnapshotWish(Wish):
    name: str = Field(min_length=1, max_length=64)
    edition: Edition | None = Field(None, description="The newest publication unless given.")


class FetchWish(Wish):
    workspace: int = Field(ge=0, le=MAX_ID)
    path: PublicPath | Annotated[list[PublicPath], Field(min_length=1, max_length=1000)] = Field(
        description="A file there, or several that belong together."
    )
    product: str | None = Field(
        None, max_length=200, description="What files of a repository for apt lie under."
    )

    @property
    def paths(self) -> list[str]:
        return [self.path] if isinstance(self.path, str) else self.path


class PromotionWish(Wish):
    from_: str = Field(
        alias="from", min_length=1, max_length=260, description="The path of a repository."
    )
    packages: tuple[PackageNumber, ...] | None = Field(None, min_length=1, max_length=1000)
    edition: Edition | None = Field(None, description="All packages of it, instead of some.")

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.packages is None) is (self.edition is None):
            raise PydanticCustomError("one_of", "Name either packages or an edition.")
        return self


class RetentionQuery(AwaitQuery):
    keep: Kept | None = Field(None, description="As the repository's rule says unless given.")
    dry_run: bool = Field(default=False, description="Only say what would go.")
