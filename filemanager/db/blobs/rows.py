"""Rows of blobs to values."""

from typing import Any

from filemanager.db.blobs.tables import blobs, objects
from filemanager.domain.blobs.blob import Encoding, StoredBlob
from filemanager.domain.ids import Digest

BLOB_COLUMNS = (
    blobs.c.digest,
    blobs.c.size_bytes,
    blobs.c.crc32,
    blobs.c.encoding,
    blobs.c.encoder,
    objects.c.key,
    blobs.c.offset,
    blobs.c.stored_bytes,
    blobs.c.stored_crc32,
    blobs.c.md5,
)
"""For ``blobs`` left joined with ``objects``."""


def blob_of(columns: tuple[Any, ...]) -> StoredBlob:
    """From the values of ``BLOB_COLUMNS``."""
    digest, size, crc32, encoding, encoder, key, offset, stored_bytes, *rest = columns
    stored_crc32, md5 = rest
    return StoredBlob(
        digest=Digest(digest),
        size_bytes=size,
        crc32=crc32,
        encoding=Encoding(encoding),
        encoder=encoder,
        object_key=key or "",
        offset=offset,
        stored_bytes=stored_bytes,
        stored_crc32=stored_crc32,
        md5=md5,
    )
