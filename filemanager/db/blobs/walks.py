"""Walks along all blobs and all objects, for what looks after them."""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, func, select

from filemanager.db.blobs.rows import BLOB_COLUMNS, blob_of
from filemanager.db.blobs.tables import blobs, objects
from filemanager.db.engine.statements import CHUNK
from filemanager.domain.blobs.blob import StoredBlob
from filemanager.domain.blobs.upkeep import KnownObject

_BY_OBJECT = (
    select(*BLOB_COLUMNS)
    .outerjoin_from(blobs, objects, objects.c.id == blobs.c.object_id)
    # Databases do not agree where NULL comes, which is the object of empty blobs.
    .order_by(func.coalesce(blobs.c.object_id, 0), blobs.c.offset, blobs.c.digest)
)


def by_object(connection: Connection) -> Iterator[StoredBlob]:
    rows = connection.execution_options(yield_per=CHUNK).execute(_BY_OBJECT)
    return (blob_of(tuple(row)) for row in rows)


def objects_page(connection: Connection, after: str, limit: int) -> Sequence[KnownObject]:
    """The ends are asked for each object of the page: a join would group all objects first."""
    end = select(func.max(blobs.c.offset + blobs.c.stored_bytes)).where(
        blobs.c.object_id == objects.c.id
    )
    statement = (
        select(objects.c.key, objects.c.size_bytes, end.scalar_subquery())
        .where(objects.c.key > after)
        .order_by(objects.c.key)
        .limit(limit)
    )
    return [
        KnownObject(key=key, size_bytes=size_bytes, end_bytes=end_bytes)
        for key, size_bytes, end_bytes in connection.execute(statement)
    ]
