"""Entries with where their bytes lie, and with the bytes of small packs: each by one question."""

from collections.abc import Sequence
from operator import itemgetter

from sqlalchemy import Connection, bindparam, or_, select

from filemanager.db.blobs.rows import BLOB_COLUMNS, blob_of
from filemanager.db.blobs.small_packs import SLICE
from filemanager.db.blobs.tables import blobs, objects, small_packs
from filemanager.db.engine.columns import UNTIL_FOREVER, moment
from filemanager.db.engine.driver import row_of, rows_of
from filemanager.db.trees.queries import CONTENT_AREAS
from filemanager.db.trees.rows import area_of
from filemanager.db.trees.tables import entries
from filemanager.domain.ids import Revision, TreeId
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.listing import FileToRead, PackedEntry
from filemanager.domain.trees.tree import TreePath

_STORED = (
    entries.join(blobs, blobs.c.digest == entries.c.digest)
    .outerjoin(objects, objects.c.id == blobs.c.object_id)
    .outerjoin(small_packs, small_packs.c.key == objects.c.key)
)
_OF_TREE = entries.c.tree_id == bindparam("tree")

# The sum keeps planners off the index of what began, which all that ever was in a tree meets.
_WHOLE = (
    select(entries.c.area, entries.c.path, SLICE, *BLOB_COLUMNS)
    .select_from(_STORED)
    .where(
        _OF_TREE,
        entries.c.since + 0 <= bindparam("revision"),
        entries.c.until > bindparam("revision"),
        or_(*(entries.c.area == area.value for area in CONTENT_AREAS)),
    )
)
_FILE = (
    select(entries.c.modified_at, SLICE, *BLOB_COLUMNS)
    .select_from(_STORED)
    .where(
        _OF_TREE,
        entries.c.until == UNTIL_FOREVER,
        entries.c.area == bindparam("area"),
        entries.c.path == bindparam("path"),
    )
)


def packed_whole(
    connection: Connection, tree_id: TreeId, revision: Revision
) -> Sequence[PackedEntry]:
    rows = rows_of(connection, _WHOLE, {"tree": tree_id, "revision": revision})
    return [
        PackedEntry(area_of(area), TreePath(path), blob_of(tuple(blob)), stored)
        for area, path, stored, *blob in sorted(rows, key=itemgetter(0, 1))
    ]


def file_to_read(
    connection: Connection, tree_id: TreeId, area: Area, path: str
) -> FileToRead | None:
    values = {"tree": tree_id, "area": area.value, "path": str(path)}
    row = row_of(connection, _FILE, values)
    if row is None:
        return None
    modified_at, stored, *blob = row
    return FileToRead(blob_of(tuple(blob)), moment(modified_at), stored)
