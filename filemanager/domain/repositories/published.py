"""What a publication consists of beside the entries of its tree: pages, and their indexes."""

from dataclasses import dataclass


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


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedIndex:
    """An index under one of its names.

    ``path`` is that in the tree, ``file`` names the pages that it is put together from, and
    ``is_gzip`` how.
    """

    path: str
    file: str
    is_gzip: bool
    sums: Sums
