"""What a publication consists of beside the entries of its tree: pages, and their indexes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class IndexPage:
    """A run of records. ``body`` is their deflate stream, which ends in a sync flush; size and
    crc32 are of the records themselves. Pages lie in the byte order of ``first_key``.
    """

    first_key: str
    size_bytes: int
    crc32: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Sums:
    """A whole file by its size and digests in lower-case hex."""

    size_bytes: int
    md5: str
    sha1: str
    sha256: str


class IndexForm(StrEnum):
    """Plain and gzip follow from the pages; what is packed anew as xz is an entry of the tree."""

    PLAIN = "plain"
    GZIP = "gzip"
    XZ = "xz"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedIndex:
    """An index under one of its names.

    ``path`` is that in the tree, ``file`` names the pages that it is put together from.
    """

    path: str
    file: str
    form: IndexForm
    sums: Sums


@dataclass(frozen=True, slots=True)
class IndexDigest:
    """``algorithm`` is ``md5``, ``sha1`` or ``sha256``; ``value`` in lower-case hex."""

    algorithm: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundIndex:
    """An index with the pages that it is put together from, and when it was published first."""

    index: PublishedIndex
    pages: Sequence[IndexPage]
    published_at: datetime
