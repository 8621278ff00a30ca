"""What clients ask of grants."""

from typing import Annotated

from pydantic import Field

from filemanager.api.http.wishes import UNPACK_WORDS, PublicPath, Wish
from filemanager.domain.ids import MAX_ID, Digest, parse_digest
from filemanager.domain.uploads.grant import MAX_FILES
from filemanager.services.uploads.plans import MAX_PARTS

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
    workspace: int = Field(ge=0, le=MAX_ID)
    unpack: bool | None = Field(default=None, description=UNPACK_WORDS)
    files: list[GrantedFileWish] = Field(min_length=1, max_length=MAX_FILES)


class WantedPart(Wish):
    number: int = Field(ge=1, le=MAX_PARTS)
    sha256: Sha256 | None = Field(None, description="Of the part; then the store compares it.")

    @property
    def digest(self) -> Digest | None:
        return None if self.sha256 is None else parse_digest(self.sha256)


class PartsBody(Wish):
    parts: list[WantedPart] = Field(min_length=1, max_length=1000)
