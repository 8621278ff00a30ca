"""What clients ask for: queries and JSON bodies as models; what does not fit them is 422."""

import json
from typing import Annotated

from pydantic import (
    AfterValidator,
    Field,
)
from pydantic_core import PydanticCustomError

from filemanager.api.http.wishes import UNPACK_WORDS, Cursor, Limit, Moment, PublicPath, Wish
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.findings import Severity
from filemanager.domain.trees.kinds import FileKind
from filemanager.domain.workspaces.workspace import Status

MAX_METADATA_BYTES = 16 << 10
"""Of a workspace's metadata: a list of workspaces shows it a thousand times."""


def _small_enough(metadata: dict[str, object]) -> dict[str, object]:
    if len(json.dumps(metadata)) > MAX_METADATA_BYTES:
        limit = {"limit": MAX_METADATA_BYTES}
        raise PydanticCustomError("too_large", "The metadata exceed {limit} bytes of JSON.", limit)
    return metadata


Metadata = Annotated[dict[str, object], Field(max_length=100), AfterValidator(_small_enough)]


class WorkspaceListQuery(Wish):
    owner: str | None = Field(None, max_length=500)
    status: Status | None = Field(None, description="Deleted ones are listed only by this.")
    updated_since: Moment | None = None
    limit: Limit = 100
    cursor: Cursor | None = None


class FileListQuery(Wish):
    revision: str | None = Field(
        None, max_length=40, description="A number or `checkpoint:<id>`; the present one else."
    )
    limit: Limit = 100
    cursor: Cursor | None = None


class EntryListQuery(FileListQuery):
    area: Area | None = Field(None, description="Source and ancillary files unless given.")
    kind: FileKind | None = None
    q: str | None = Field(None, max_length=200, description="Part of the path, in any case.")


class FindingQuery(Wish):
    severity: Severity | None = None
    code: str | None = Field(None, max_length=100)


class ChangeQuery(Wish):
    path: PublicPath | None = None


class DifferenceQuery(Wish):
    from_: str = Field(
        alias="from", max_length=40, description="A revision's number or `checkpoint:<id>`."
    )
    to: str | None = Field(None, max_length=40, description="The present revision unless given.")


class UploadQuery(Wish):
    unpack: bool | None = Field(default=None, description=UNPACK_WORDS)


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
    change: str | None = Field(
        None,
        max_length=40,
        description="The `id` of a change that rewrote the file: its bytes before are put back.",
    )


class CheckpointWish(Wish):
    name: str | None = Field(None, min_length=1, max_length=200)
    description: str | None = Field(None, max_length=4000)


class LockWish(Wish):
    reason: str | None = Field(None, max_length=1000)
    expires_at: Moment | None = None
