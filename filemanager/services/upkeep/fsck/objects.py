"""Objects: those that have rows against those that the store lists."""

from collections.abc import Iterator

from filemanager.domain.blobs.blob import StoredObject
from filemanager.domain.blobs.store import BlobStore
from filemanager.domain.blobs.upkeep import KnownObject
from filemanager.domain.ports import Database
from filemanager.services.upkeep.watching import Problem

Pair = tuple[KnownObject | None, StoredObject | None]


def paired(rows: Iterator[KnownObject], stored: Iterator[StoredObject]) -> Iterator[Pair]:
    """Rows and objects of equal keys, both given in the order of keys; None where one is alone."""
    row, found = next(rows, None), next(stored, None)
    while row is not None or found is not None:
        if found is None or (row is not None and row.key < found.key):
            yield row, None
            row = next(rows, None)
        elif row is None or found.key < row.key:
            yield None, found
            found = next(stored, None)
        else:
            yield row, found
            row, found = next(rows, None), next(stored, None)


def object_problems(
    database: Database, blobs: BlobStore, row: KnownObject | None, stored: StoredObject | None
) -> Iterator[Problem]:
    """An object without a row is none; a row without blobs needs no object either."""
    if row is None or row.end_bytes is None:
        return
    # A listing that began before the object was written does not have it.
    size_bytes = blobs.object_size(row.key) if stored is None else stored.size_bytes
    if size_bytes is None:
        yield Problem("object_missing", row.key, f"blobs lie in it up to byte {row.end_bytes}")
        return
    if size_bytes != row.size_bytes:
        detail = f"{size_bytes} bytes in the store, {row.size_bytes} in the database"
        yield Problem("object_size", row.key, detail)
    if size_bytes < row.end_bytes:
        yield from _cut_off(database, row.key, size_bytes)


def _cut_off(database: Database, key: str, size_bytes: int) -> Iterator[Problem]:
    with database.read() as tx:
        lying = tx.blobs.in_object(key)
    for blob in lying:
        end = blob.offset + blob.stored_bytes
        if end > size_bytes:
            detail = f"lies in bytes {blob.offset} to {end} of {key}, which has {size_bytes}"
            yield Problem("blob_cut_off", blob.digest, detail)
