"""Locks on the rows of blobs, always taken in one order so that no two wait for each other."""

from collections.abc import Sequence
from functools import cache

from sqlalchemy import Connection, Select, select

from filemanager.db.blobs.tables import blobs
from filemanager.db.engine.driver import rows_of
from filemanager.db.engine.statements import among, filled, room_for
from filemanager.domain.ids import Digest


def hold(
    connection: Connection, digests: Sequence[Digest], *, to_delete: bool = False
) -> Sequence[Digest]:
    """Lock rows in the order of their digests and return those that are there.

    Only these may then be written: a row that came meanwhile would be taken out of order. On
    PostgreSQL rows that are not to be deleted can still be referred to by others.
    """
    if not digests:
        return []
    room = room_for(len(digests))
    statement = _locking(room, to_delete=to_delete)
    rows = rows_of(connection, statement, filled(blobs.c.digest, digests, room))
    return [Digest(digest) for (digest,) in rows]


@cache
def _locking(room: int, *, to_delete: bool) -> Select[str]:
    given = select(blobs.c.digest).where(among(blobs.c.digest, room)).order_by(blobs.c.digest)
    return given.with_for_update() if to_delete else given.with_for_update(key_share=True)
