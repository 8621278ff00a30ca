"""Blobs: immutable bytes named by their SHA-256, each a slice of a stored object."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum
from typing import BinaryIO, Protocol

from filemanager.domain.ids import Digest

LARGE_BLOB_BYTES = 1 << 20
"""From this size on a blob is an object of its own; smaller ones of one upload share a pack."""

RAW_OBJECT_BYTES = 64 << 10
"""``LARGE_BLOB_BYTES`` of blobs that are kept raw."""

PACK_BYTES = 256 << 20
"""A pack is closed, and the next begun, before it grows past this."""

SMALL_PACK_BYTES = (64 << 10) - 1
"""A pack up to this size lies in a row of the database until it is moved: to commit the row is one
sync, where a file, its directory and the commit are three. More does not go into one of MariaDB's.
"""

SMALL = "small"
"""What the keys of such packs begin with, and of segments of uploads that lie with them."""

CHUNK_BYTES = 1 << 20
"""How much is held in memory of any body on its way through."""

Slices = Mapping[tuple[str, int], bytes]
"""Stored bytes, not verified, by the key of their object and the offset in it."""


def is_small(key: str) -> bool:
    """Whether the object may lie in a row; if not, it is in the store under the same key."""
    return key.startswith(f"{SMALL}/")


class Encoding(StrEnum):
    """How a blob's bytes lie in its object.

    ``gzip``: ten header bytes, a deflate stream that ends in a sync flush, ``03 00``, crc32, size;
    so the slice is a gzip file, and ``[10:-10]`` of it may be followed by any other deflate block.
    """

    RAW = "raw"
    GZIP = "gzip"


class KeptAs(Enum):
    """How ``BlobStore.put`` keeps what it is given.

    ``COMPACT``: compressed where that is worth it. ``RAW``: byte for byte, so that an object which
    holds one blob can be copied, or given out, by the store itself.
    """

    COMPACT = "compact"
    RAW = "raw"


class Content(Protocol):
    """Bytes at rest that can be read more than once, by several readers.

    ``crc32`` is zlib's, ``md5`` in hex; None where it was not worked out on the way. Nothing of the
    bytes is held in memory but small contents.
    """

    @property
    def size_bytes(self) -> int: ...
    @property
    def digest(self) -> Digest: ...
    @property
    def crc32(self) -> int: ...
    @property
    def md5(self) -> str | None: ...

    def open(self) -> BinaryIO:
        """A new seekable reader at offset 0; the caller closes it."""

    def head(self, length: int) -> bytes:
        """The first bytes, at most *length*."""


def hashed(content: Content, algorithm: str) -> bytes:
    """The digest by an algorithm of hashlib; what is not known of the content is read for once."""
    if algorithm == "sha256":
        return bytes.fromhex(content.digest)
    if algorithm == "md5" and (known := content.md5) is not None:
        return bytes.fromhex(known)
    found = hashlib.new(algorithm, usedforsecurity=False)
    with content.open() as stream:
        while chunk := stream.read(CHUNK_BYTES):
            found.update(chunk)
    return found.digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredBlob:
    """Where a blob lies. ``stored_crc32`` is that of the slice as stored.

    ``encoder`` names what compressed it (``isal-3``), so that a slice can be made again; empty for
    raw. ``md5`` is None until somebody needs it.
    """

    digest: Digest
    size_bytes: int
    crc32: int
    encoding: Encoding
    encoder: str
    object_key: str
    offset: int
    stored_bytes: int
    stored_crc32: int
    md5: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredObject:
    """An object as the store lists it; ``modified_at`` is the store's clock, UTC."""

    key: str
    size_bytes: int
    modified_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Put:
    """What ``BlobStore.put`` wrote: the slices, and the objects that hold them as (key, bytes).

    ``small_packs`` are those of the objects that it left to the transaction which adds the rows.
    """

    blobs: tuple[StoredBlob, ...]
    objects: tuple[tuple[str, int], ...]
    small_packs: tuple[tuple[str, bytes], ...] = ()
