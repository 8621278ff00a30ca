"""What clients ask of grants."""

from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from filemanager.api.http.wishes import UNPACK_WORDS, PublicPath, Wish
from filemanager.domain.ids import MAX_ID, Digest, WorkspaceId, parse_digest
from filemanager.domain.packages.data_package import DataPackageId
from filemanager.domain.uploads.grant import MAX_FILES
from filemanager.domain.uploads.targets import PackageTarget, RepositoryTarget, WorkspaceTarget
from filemanager.domain.uploads.upload import MAX_REPOSITORY_CHARACTERS
from filemanager.services.uploads.plans import MAX_PARTS, GrantTarget

MAX_GRANT_BYTES = 4 << 20
"""Of a JSON body that names as many files as one may."""

Sha256 = Annotated[str, Field(pattern=r"^[0-9A-Fa-f]{64}$", description="In hex.")]
MediaType = Annotated[
    str,
    Field(
        max_length=200,
        pattern=r"^[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+(; ?[A-Za-z0-9-]+=[A-Za-z0-9._-]+)*$",
        description="Sent as `Content-Type` with the bytes. What a file is, its bytes tell.",
    ),
]


class GrantedFileWish(Wish):
    path: PublicPath
    size: int = Field(ge=0, le=MAX_ID, description="The exact length in bytes.")
    sha256: Sha256
    type: MediaType | None = None

    @property
    def digest(self) -> Digest:
        return parse_digest(self.sha256)


class GrantBody(Wish):
    """A wish is for a workspace, for a repository or for a data package."""

    workspace: int | None = Field(None, ge=0, le=MAX_ID)
    unpack: bool | None = Field(default=None, description=UNPACK_WORDS)
    repository: str | None = Field(
        None,
        min_length=1,
        max_length=MAX_REPOSITORY_CHARACTERS,
        description="The path of a repository.",
    )
    product: str | None = Field(
        None, max_length=200, description="What the files of a repository for apt lie under."
    )
    package: str | None = Field(
        None, pattern=r"^[0-9a-f]{32}$", description="The id of a data package, for texts."
    )
    files: list[GrantedFileWish] = Field(min_length=1, max_length=MAX_FILES)

    @model_validator(mode="after")
    def _to_one_place(self) -> Self:
        named = [one for one in (self.workspace, self.repository, self.package) if one is not None]
        if len(named) != 1:
            raise PydanticCustomError("one_of", "Name a workspace, a repository or a package.")
        return self

    def target(self, path: str) -> GrantTarget:
        """Where the file at *path* goes."""
        if self.repository is not None:
            return RepositoryTarget(repository=self.repository, name=path, product=self.product)
        if self.package is not None:
            return PackageTarget(package_id=DataPackageId(self.package), path=path)
        workspace = WorkspaceId(self.workspace or 0)
        return WorkspaceTarget(workspace_id=workspace, path=path, unpack=self.unpack)


class WantedPart(Wish):
    number: int = Field(ge=1, le=MAX_PARTS)
    sha256: Sha256 | None = Field(None, description="Of the part; then the store compares it.")

    @property
    def digest(self) -> Digest | None:
        return None if self.sha256 is None else parse_digest(self.sha256)


class PartsBody(Wish):
    parts: list[WantedPart] = Field(min_length=1, max_length=1000)
