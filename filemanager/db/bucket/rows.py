"""Rows of drops as values of the domain."""

from filemanager.db.bucket.tables import drops
from filemanager.db.engine.columns import AnyRow, moment, optional_moment
from filemanager.domain.bucket.drop import Drop, DropId
from filemanager.domain.caller import Owner
from filemanager.domain.ids import Digest
from filemanager.domain.trees.tree import TreePath

DROP_COLUMNS = (
    drops.c.id,
    drops.c.path,
    drops.c.digest,
    drops.c.decompressed,
    drops.c.archive,
    drops.c.size_bytes,
    drops.c.kept_bytes,
    drops.c.owner,
    drops.c.created_at,
    drops.c.expires_at,
)


def drop_of(row: AnyRow) -> Drop:
    """From the values of ``DROP_COLUMNS``, which stand first in *row*."""
    return Drop(
        id=DropId(row[0]),
        path=TreePath(row[1]),
        digest=Digest(row[2]),
        decompressed=None if row[3] is None else Digest(row[3]),
        archive=None if row[4] is None else Digest(row[4]),
        size_bytes=row[5],
        kept_bytes=row[6],
        owner=None if row[7] is None else Owner(row[7]),
        created_at=moment(row[8]),
        expires_at=optional_moment(row[9]),
    )
