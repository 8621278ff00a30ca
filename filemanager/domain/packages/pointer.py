"""Pointers: where bytes lie that stay where they are, and what is known of them."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import NewType

from filemanager.domain.ids import Digest
from filemanager.domain.sources.objects import PinnedObject
from filemanager.domain.sources.source import SourceId

PointerId = NewType("PointerId", int)


class PointerState(StrEnum):
    """``exact``: size and digests are known. ``pending``: they are being worked out. ``changed``
    and ``gone``: the source has other bytes there by now, or none.
    """

    EXACT = "exact"
    PENDING = "pending"
    GONE = "gone"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectPlace:
    """An object of a source; ``pinned.key`` is without the source's prefix."""

    source_id: SourceId
    pinned: PinnedObject


@dataclass(frozen=True, slots=True, kw_only=True)
class UrlPlace:
    """A URL on a host that the settings name, whose bytes we never read."""

    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPointer:
    """``md5`` is 32 hex digits. A pointer to a URL comes with size and SHA-256."""

    place: ObjectPlace | UrlPlace
    size_bytes: int
    sha256: Digest | None = None
    md5: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointer:
    """Shared by all packages, and never edited but for what is worked out: digests, state, time.

    A changed object is another pointer.
    """

    id: PointerId
    place: ObjectPlace | UrlPlace
    size_bytes: int
    sha256: Digest | None
    md5: str | None
    state: PointerState
    checked_at: datetime | None

    @property
    def without_digests(self) -> "Pointer":
        """As a version tells of it that was frozen while it was pending."""
        return replace(self, sha256=None, md5=None, state=PointerState.PENDING)


def pointer_file(sha256: Digest, size_bytes: int) -> bytes:
    """The three lines of Git LFS, alone (Git LFS specification, "The Pointer")."""
    lines = (
        "version https://git-lfs.github.com/spec/v1",
        f"oid sha256:{sha256}",
        f"size {size_bytes}",
    )
    return "".join(f"{line}\n" for line in lines).encode("ascii")
