"""Questions about the entries of a tree, and their answers a page at a time."""

from dataclasses import dataclass
from datetime import datetime

from filemanager.domain.blobs.blob import StoredBlob
from filemanager.domain.ids import Digest, Revision
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.kinds import FileKind
from filemanager.domain.trees.tree import Entry, TreePath


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
    """An entry as an archive holds it; ``stored`` is its slice, where that came along."""

    area: Area
    path: TreePath
    blob: StoredBlob
    stored: bytes | None = None


@dataclass(frozen=True, slots=True)
class FileToRead:
    """A living entry as it is read; ``stored`` is its slice, where that came along."""

    blob: StoredBlob
    modified_at: datetime
    stored: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A public path in two revisions; None where there is no such file."""

    path: str
    old_digest: Digest | None
    new_digest: Digest | None
    old_bytes: int | None
    new_bytes: int | None
