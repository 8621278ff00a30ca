"""What clients ask of data packages: queries and JSON bodies as models."""

from typing import Annotated, Any, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from filemanager.api.http.paging import text_of
from filemanager.api.http.wishes import PageQuery, PublicPath, Wish
from filemanager.domain.ids import MAX_ID, Digest, WorkspaceId, parse_digest
from filemanager.domain.packages.data_package import Description
from filemanager.domain.sources.objects import MAX_PAGE
from filemanager.services.packages.adding import AddWish, WantedKey
from filemanager.services.packages.pointing import ObjectWish, UrlWish, WorkspaceFileWish

_MOST_NAMES = 200

Name = Annotated[str, Field(min_length=1, max_length=200)]
Short = Annotated[str, Field(max_length=200)]
SourceName = Annotated[str, Field(min_length=1, max_length=63, description="A source's name.")]
Key = Annotated[
    str, Field(min_length=1, max_length=1024, description="Of an object, without the prefix.")
]
ObjectVersion = Annotated[str, Field(min_length=1, max_length=1024)]
VersionNumber = Annotated[int, Field(ge=1, le=MAX_ID)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9A-Fa-f]{64}$", description="In hex.")]


class DescriptionWish(Wish):
    name: Name
    description: str = Field("", max_length=20_000)
    license: Short = Field("", description="An SPDX identifier, or a URL.")
    creators: tuple[Name, ...] = Field((), max_length=_MOST_NAMES)
    doi: Short = ""
    keywords: tuple[Name, ...] = Field((), max_length=_MOST_NAMES)

    @property
    def described(self) -> Description:
        return Description(**self.model_dump())


class DescriptionChange(Wish):
    """What is not named stays as it is."""

    name: Name | None = None
    description: str | None = Field(None, max_length=20_000)
    license: Short | None = None
    creators: tuple[Name, ...] | None = Field(None, max_length=_MOST_NAMES)
    doi: Short | None = None
    keywords: tuple[Name, ...] | None = Field(None, max_length=_MOST_NAMES)

    @property
    def changes(self) -> dict[str, Any]:
        return self.model_dump(exclude_none=True)


class EditionQuery(Wish):
    version: VersionNumber | None = Field(None, description="What is there now unless given.")


class ItemListQuery(PageQuery):
    version: VersionNumber | None = Field(None, description="What is there now unless given.")
    directory: str | None = Field(
        None,
        max_length=2000,
        description="What lies right in it, its directories first; empty: the top. Without it,"
        " every item at any depth.",
    )


class VersionDifferenceQuery(PageQuery):
    from_: VersionNumber | None = Field(
        None, alias="from", description="A version; what is there now unless given."
    )
    to: VersionNumber | None = Field(None, description="Likewise.")


class PointerWish(Wish):
    """An object of a source, a URL, or a file of a workspace."""

    source: SourceName | None = None
    key: Key | None = None
    version: ObjectVersion | None = Field(None, description="The latest unless given.")
    url: str | None = Field(None, min_length=1, max_length=2000)
    size: int | None = Field(None, ge=0, le=MAX_ID, description="The exact length in bytes.")
    sha256: Sha256 | None = None
    workspace: int | None = Field(None, ge=0, le=MAX_ID)
    path: PublicPath | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        named = {name for name, value in self if value is not None}
        if named - {"version"} not in _KINDS or ("version" in named) > ("source" in named):
            words = "Name source and key; url, size and sha256; or workspace and path."
            raise PydanticCustomError("one_of", "{words}", {"words": words})
        return self

    @property
    def wished(self) -> ObjectWish | UrlWish | WorkspaceFileWish:
        if self.source is not None:
            return ObjectWish(source=self.source, key=self.key or "", version=self.version)
        if self.url is not None:
            digest = parse_digest(self.sha256 or "")
            return UrlWish(url=self.url, size_bytes=self.size or 0, sha256=Digest(digest))
        workspace_id = WorkspaceId(self.workspace or 0)
        return WorkspaceFileWish(workspace_id=workspace_id, path=self.path or "")


_KINDS = ({"source", "key"}, {"url", "size", "sha256"}, {"workspace", "path"})


class WantedKeyWish(Wish):
    key: Key
    version: ObjectVersion | None = Field(None, description="The latest unless given.")
    path: PublicPath | None = Field(None, description="The key unless given.")


class AddBody(Wish):
    source: SourceName
    prefix: str | None = Field(
        None, max_length=1024, description="All objects whose keys begin so; it is taken off them."
    )
    keys: tuple[WantedKeyWish, ...] | None = Field(None, min_length=1, max_length=MAX_PAGE)
    to: str = Field("", max_length=2000, description="The directory that they come into.")

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.prefix is None) is (self.keys is None):
            raise PydanticCustomError("one_of", "Name either a prefix or keys.")
        return self

    @property
    def wished(self) -> AddWish:
        keys = [WantedKey(**one.model_dump()) for one in self.keys or ()]
        return AddWish(source=self.source, prefix=self.prefix, keys=keys, to=self.to)


class ItemMoveWish(Wish):
    """A path that ends in a slash is a directory, with all that lies below it."""

    source: PublicPath = Field(alias="from")
    target: PublicPath = Field(alias="to")


class ImportQuery(Wish):
    source: SourceName | None = Field(None, description="Where paths lie that are no URLs.")
    to: str = Field("", max_length=2000, description="The directory that the items come into.")


class CheckpointedBody(Wish):
    """Of which checkpoint a package is made."""

    workspace: int = Field(ge=0, le=MAX_ID)
    checkpoint: int = Field(ge=0, le=MAX_ID)
    name: Name
    anonymous: bool = Field(
        default=False, description="Tell nobody of owner, creators and log: for peer review."
    )


class FreezeBody(Wish):
    name: Short = Field("", description="`v` and the number unless given.")
    partial: bool = Field(
        default=False,
        description="At once; what has no digests yet has none in this version for good.",
    )


def after_of(cursor: str | None) -> str | None:
    """A path that the page begins behind."""
    return text_of(cursor) or None
