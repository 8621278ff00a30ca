"""Whether stored bytes are still those that their digest names."""

import hashlib
from collections.abc import Callable

from filemanager.domain.blobs.blob import StoredBlob
from filemanager.domain.blobs.named_objects import NamedObjects
from filemanager.domain.blobs.store import BlobStore
from filemanager.domain.errors import BlobDamaged
from filemanager.domain.ids import Digest
from filemanager.domain.ports import Database

Pace = Callable[[int], None]
"""Is told of each chunk's size, and may wait before the next is read."""


def unhurried(_size_bytes: int) -> None:
    """Wait for nothing."""


def is_whole(blobs: BlobStore, blob: StoredBlob, pace: Pace = unhurried) -> bool:
    """Read all of *blob* and compare its SHA-256. Raises ``StoreUnavailable``."""
    sha256 = hashlib.sha256()
    try:
        for chunk in blobs.read(blob):
            sha256.update(chunk)
            pace(len(chunk))
    except BlobDamaged:
        return False
    return sha256.hexdigest() == blob.digest


def is_damaged(
    database: Database, blobs: BlobStore, blob: StoredBlob, pace: Pace = unhurried
) -> bool:
    """Whether *blob*, read from the database a while ago, is damaged where it lies now.

    Meanwhile it may have been swept, moved with its pack or healed by an upload, so the row is
    looked at again before bytes are blamed. Raises ``StoreUnavailable``.
    """
    current: StoredBlob | None = blob
    while current is not None and not is_whole(blobs, current, pace):
        before, current = current, _now(database, blob.digest)
        if current == before:
            return True
    return False


def _now(database: Database, digest: Digest) -> StoredBlob | None:
    with database.read() as tx:
        return tx.blobs.find([digest]).get(digest)


def raw_md5(objects: NamedObjects, key: str) -> str:
    """Read, whatever the ETag says: not every store's tells the bytes. In hex.

    Raises ``NamedObjectMissing`` and ``StoreUnavailable``.
    """
    found = hashlib.md5(usedforsecurity=False)
    for chunk in objects.read(key):
        found.update(chunk)
    return found.hexdigest()
