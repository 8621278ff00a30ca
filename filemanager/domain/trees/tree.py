"""Trees: paths, areas, entries, and what a change of a tree consists of."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Self

from filemanager.domain.ids import Checksum, Digest, Revision, TreeId
from filemanager.domain.requests.preconditions import State
from filemanager.domain.trees.areas import ANCILLARY_DIRECTORY, Area, public_path
from filemanager.domain.trees.checksums import ChecksumForm
from filemanager.domain.trees.errors import PathRefused
from filemanager.domain.trees.findings import Finding
from filemanager.domain.trees.kinds import FileKind

MAX_SEGMENT_BYTES = 255
MAX_PATH_CHARACTERS = 700
MAX_PATH_BYTES = 2600
"""A row of a PostgreSQL index has room for no more."""


class TreePath(str):
    """A relative path inside an area: NFC, ``/`` between segments, none empty, ``.`` or ``..``."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raise ``PathRefused`` for what no tree can hold; nothing is repaired but NFC."""
        path = cls(unicodedata.normalize("NFC", text))
        if why := _fault_of(path):
            raise PathRefused(text, why)
        return path

    @property
    def segments(self) -> list[str]:
        return self.split("/")

    @property
    def name(self) -> str:
        return self.rpartition("/")[2]

    @property
    def parent(self) -> str:
        """The directory, without a closing slash; empty at the top."""
        return self.rpartition("/")[0]

    def with_name(self, name: str) -> "TreePath":
        """The sibling called *name*; parsed, so it raises like ``parse``."""
        parent = self.parent
        return TreePath.parse(f"{parent}/{name}" if parent else name)

    def directories(self) -> list[str]:
        """Every directory above, outermost first: ``a/b/c`` gives ``a``, ``a/b``."""
        found = [index for index, character in enumerate(self) if character == "/"]
        return [self[:index] for index in found]


def _fault_of(path: str) -> str | None:
    size_bytes = len(path.encode("utf-8", "surrogatepass"))
    if len(path) > MAX_PATH_CHARACTERS or size_bytes > MAX_PATH_BYTES:
        return f"it is longer than {MAX_PATH_CHARACTERS} characters or {MAX_PATH_BYTES} bytes"
    # What can be printed holds none, and is told at a hundredth of the time.
    if not path.isprintable() and any(unicodedata.category(c) in ("Cc", "Cs") for c in path):
        return "it holds control characters"
    for segment in path.split("/"):
        if segment in ("", ".", ".."):
            return "it has an empty, '.' or '..' segment"
        if len(segment.encode()) > MAX_SEGMENT_BYTES:
            return f"a segment is longer than {MAX_SEGMENT_BYTES} bytes"
    return None


def locate(public: str) -> tuple[Area, TreePath]:
    """Split a public path into its area and its path there.

    Raises ``PathRefused``; ``anc`` alone is refused, since it is the ancillary area itself.
    """
    path = TreePath.parse(public)
    first, slash, rest = path.partition("/")
    if first != ANCILLARY_DIRECTORY:
        return Area.SOURCE, path
    if not slash:
        raise PathRefused(public, "it is the directory of the ancillary files")
    return Area.ANCILLARY, TreePath(rest)


@dataclass(frozen=True, slots=True)
class Rewrites:
    """What made a file's bytes: the rewrites of *file* in *revision*; None: of the one to be."""

    file: int
    revision: Revision | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A path in an area and the blob behind it.

    ``position`` orders a listing: kept when a path is overwritten, new when it is renamed; None
    asks
    the database to decide so. ``packed_bytes`` is what the entry adds to ``content.tar.gz``; 0 in
    the removed area. ``reason`` says why a removed entry was removed, ``code`` by which check or
    ``deleted``.
    """

    area: Area
    path: TreePath
    kind: FileKind
    size_bytes: int
    digest: Digest
    modified_at: datetime
    packed_bytes: int = 0
    position: int | None = None
    name_as_sent: str | None = None
    reason: str | None = None
    code: str | None = None
    kept_by_owner: bool = False
    rewrites: Rewrites | None = None

    @property
    def public_path(self) -> str:
        return public_path(self.area, self.path)

    @property
    def state(self) -> State:
        """As conditions know it: by the digest."""
        return State(frozenset({self.digest}), self.modified_at)


class Alteration(StrEnum):
    """What a check, or a person, did to a file."""

    REMOVED = "removed"
    RENAMED = "renamed"
    REWRITTEN = "rewritten"
    UNPACKED = "unpacked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Altered:
    """One removal, rename or rewrite with before and after, for the v2 ``changes`` route.

    Paths are public ones. ``after`` is None where nothing is left under check (removed, unpacked).
    A rewrite keeps ``before_bytes`` and the kind before for as long as an entry names its ``file``
    (what ``Rewrites`` tells files of a revision apart by). ``id`` is given by the tree.
    """

    alteration: Alteration
    code: str
    before: str
    after: str | None = None
    before_digest: Digest | None = None
    after_digest: Digest | None = None
    message: str = ""
    file: int | None = None
    before_bytes: int = 0
    before_kind: FileKind | None = None
    id: str | None = None


def identified(altered: Iterable[Altered], revision: Revision) -> tuple[Altered, ...]:
    """What one change of a tree altered, each with the name that the tree keeps it under."""
    return tuple(replace(one, id=f"{revision}-{at}") for at, one in enumerate(altered))


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeChange:
    """What one revision does to a tree.

    Applied in this order: every living entry and finding of ``end_areas`` ends; the living
    entries of ``end`` end; the entries of ``put`` begin, each
    ending
    a living one at its place; the living findings of ``clear`` end: ``(area, path)`` of entries or
    directories (closing slash); ``clear_codes`` ends workspace-level findings by code; then
    ``findings`` begin. ``is_upload`` ends every transient finding
    and the alterations of the upload before.
    """

    end_areas: tuple[Area, ...] = ()
    end: tuple[tuple[Area, TreePath], ...] = ()
    put: tuple[Entry, ...] = ()
    clear: tuple[tuple[Area, str], ...] = ()
    clear_codes: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    altered: tuple[Altered, ...] = ()
    is_upload: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """A tree's row: its revision and the totals kept with it, so that none needs a listing.

    ``counts`` are living entries per area and kind. ``content_bytes`` is what the entries add to
    ``content.tar.gz``, ``kept_bytes`` what all that is kept is charged, living or history.
    ``checksum`` is None after a change until somebody needs it; ``checksum_form`` is that of it.
    """

    id: TreeId
    revision: Revision
    source_bytes: int = 0
    ancillary_bytes: int = 0
    content_bytes: int = 0
    kept_bytes: int = 0
    checksum: Checksum | None = None
    checksum_form: ChecksumForm = ChecksumForm.BUCKETS
    counts: Mapping[Area, Mapping[FileKind, int]] = field(default_factory=dict)

    @property
    def total_bytes(self) -> int:
        return self.source_bytes + self.ancillary_bytes

    def count(self, area: Area) -> int:
        return sum(self.counts.get(area, {}).values())

    @property
    def is_empty(self) -> bool:
        """Neither source nor ancillary files."""
        return not self.count(Area.SOURCE) and not self.count(Area.ANCILLARY)
