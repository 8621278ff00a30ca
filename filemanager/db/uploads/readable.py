"""Which bytes somebody may read: those of the files that a workspace of theirs has now."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Connection, bindparam, or_, select, true

from filemanager.db.blobs.tables import blobs
from filemanager.db.engine.columns import UNTIL_FOREVER
from filemanager.db.engine.statements import chunks
from filemanager.db.trees.tables import entries
from filemanager.db.workspaces.tables import workspaces
from filemanager.domain.ids import Digest
from filemanager.domain.trees.areas import Area
from filemanager.domain.uploads.grant import Reader
from filemanager.domain.workspaces.workspace import Status

_LIVING = (
    select(entries.c.digest)
    .distinct()
    .join_from(entries, workspaces, workspaces.c.tree_id == entries.c.tree_id)
    .join(blobs, blobs.c.digest == entries.c.digest)
    .where(
        entries.c.digest.in_(bindparam("digests", expanding=True)),
        entries.c.until == UNTIL_FOREVER,
        # What checks removed is not given out.
        entries.c.area.in_((Area.SOURCE.value, Area.ANCILLARY.value)),
        workspaces.c.status != Status.DELETED.value,
        blobs.c.quarantined_at.is_(None),
    )
)


def readable(
    connection: Connection, digests: Collection[Digest], reader: Reader
) -> frozenset[Digest]:
    statement = _LIVING.where(_is_open_to(reader))
    found: set[Digest] = set()
    for chunk in chunks(sorted(set(digests))):
        found.update(map(Digest, connection.scalars(statement, {"digests": chunk})))
    return frozenset(found)


def _is_open_to(reader: Reader) -> ColumnElement[bool]:
    if reader.is_global:
        return true()
    own = workspaces.c.owner == (reader.owner or "")
    return or_(own, workspaces.c.id.in_(sorted(reader.workspaces)))
