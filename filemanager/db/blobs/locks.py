"""Locks on the rows of blobs, always taken in one order so that no two wait for each other."""

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, select

from filemanager.db.blobs.tables import blobs
from filemanager.domain.ids import Digest

_IN_ORDER = (
    select(blobs.c.digest)
    .where(blobs.c.digest.in_(bindparam("digests", expanding=True)))
    .order_by(blobs.c.digest)
)
_TO_KEEP = _IN_ORDER.with_for_update(key_share=True)
_TO_DELETE = _IN_ORDER.with_for_update()


def hold(
    connection: Connection, digests: Sequence[Digest], *, to_delete: bool = False
) -> Sequence[Digest]:
    """Lock rows in the order of their digests and return those that are there.

    Only these may then be written: a row that came meanwhile would be taken out of order. On
    PostgreSQL rows that are not to be deleted can still be referred to by others.
    """
    statement = _TO_DELETE if to_delete else _TO_KEEP
    return [Digest(digest) for digest in connection.scalars(statement, {"digests": digests})]
