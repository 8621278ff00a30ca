"""Questions about many rows, and their answers a page at a time."""

from dataclasses import dataclass
from datetime import datetime

from filemanager.domain.areas import Area
from filemanager.domain.blobs import StoredBlob
from filemanager.domain.caller import Owner
from filemanager.domain.ids import Digest, Revision
from filemanager.domain.kinds import FileKind
from filemanager.domain.tree import Entry, TreePath
from filemanager.domain.workspace import Status, Workspace

MAX_LIMIT = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceQuery:
    """``owner`` None: everybody's. Deleted ones are listed only where ``status`` asks for them."""

    owner: Owner | None
    status: Status | None = None
    updated_since: datetime | None = None
    after: int = 0
    limit: int = 100


@dataclass(frozen=True, slots=True)
class WorkspacePage:
    """By id; ``next_after`` is None on the last page."""

    workspaces: tuple[Workspace, ...]
    next_after: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryQuery:
    """``contains`` is looked for in the path, any case. ``area`` None: source and ancillary."""

    revision: Revision
    area: Area | None = None
    kind: FileKind | None = None
    contains: str | None = None
    after: tuple[Area, str] | None = None
    limit: int = 100


@dataclass(frozen=True, slots=True)
class EntryPage:
    """By area (in the alphabet's order), then path in byte order."""

    entries: tuple[Entry, ...]
    next_after: tuple[Area, str] | None


@dataclass(frozen=True, slots=True)
class PackedEntry:
    """An entry as an archive holds it."""

    area: Area
    path: TreePath
    blob: StoredBlob


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A public path in two revisions; None where there is no such file."""

    path: str
    old_digest: Digest | None
    new_digest: Digest | None
    old_bytes: int | None
    new_bytes: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LogSize:
    """``last_id`` and ``count`` tell one state of a log from another."""

    size_bytes: int
    count: int
    last_id: int
    modified_at: datetime | None
