"""What the sweeper asks of blobs and objects: which are unused, and that they go."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Select,
    and_,
    delete,
    exists,
    func,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from filemanager.db.blobs.locks import hold
from filemanager.db.blobs.tables import blobs, objects
from filemanager.db.engine.metadata import metadata
from filemanager.db.engine.statements import chunks
from filemanager.domain.blobs.blob import SMALL
from filemanager.domain.errors import Conflict
from filemanager.domain.ids import Digest

_PACK_PREFIX = "packs/"
_SMALL_PREFIX = f"{SMALL}/"

HOLDS_A_BLOB = exists().where(blobs.c.object_id == objects.c.id)


def referring_columns() -> Iterator[Column[Any]]:
    """Every column of every table that keeps a blob; one that goes with it does not."""
    for table in metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column is blobs.c.digest and key.ondelete != "CASCADE":
                yield key.parent


def _is_sweepable(wanted_before: int) -> ColumnElement[bool]:
    unused = (~exists().where(column == blobs.c.digest) for column in referring_columns())
    return and_(blobs.c.wanted_at < wanted_before, *unused)


def sweepable(
    connection: Connection, wanted_before: int, limit: int, after: Digest | None
) -> Sequence[Digest]:
    behind = blobs.c.digest > (after or "")
    statement = select(blobs.c.digest).where(behind, _is_sweepable(wanted_before))
    found = connection.scalars(statement.order_by(blobs.c.digest).limit(limit))
    return [Digest(digest) for digest in found]


def drop(connection: Connection, digests: Collection[Digest], wanted_before: int) -> int:
    """Delete in bulk; where a reference has come meanwhile, one by one and without that one."""
    dropped = 0
    for chunk in chunks(sorted(set(digests))):
        held = hold(connection, chunk, to_delete=True)
        try:
            dropped += _delete(connection, held, wanted_before)
        except IntegrityError:
            dropped += sum(_drop_one(connection, digest, wanted_before) for digest in held)
    return dropped


def _drop_one(connection: Connection, digest: Digest, wanted_before: int) -> int:
    try:
        return _delete(connection, [digest], wanted_before)
    except IntegrityError:
        return 0


def _delete(connection: Connection, digests: Sequence[Digest], wanted_before: int) -> int:
    statement = delete(blobs).where(blobs.c.digest.in_(digests), _is_sweepable(wanted_before))
    with connection.begin_nested():
        return connection.execute(statement).rowcount


def mark_dead_objects(connection: Connection, at: int) -> int:
    revived = update(objects).where(objects.c.dead_at.is_not(None), HOLDS_A_BLOB)
    connection.execute(revived.values(dead_at=null()))
    died = update(objects).where(objects.c.dead_at.is_(None), ~HOLDS_A_BLOB)
    return connection.execute(died.values(dead_at=at)).rowcount


def dead_objects(connection: Connection, dead_before: int, limit: int) -> Sequence[str]:
    statement = select(objects.c.key).where(objects.c.dead_at < dead_before, ~HOLDS_A_BLOB)
    ordered = statement.order_by(objects.c.dead_at, objects.c.id)
    return connection.scalars(ordered.limit(limit)).all()


def forget_object(connection: Connection, key: str) -> None:
    """Raise ``Conflict`` while a blob lies in the object."""
    try:
        with connection.begin_nested():
            connection.execute(delete(objects).where(objects.c.key == key))
    except IntegrityError as error:
        raise Conflict(f"A blob lies in the object '{key}'.") from error


def sparse_packs(connection: Connection, live_below: float, limit: int) -> Sequence[str]:
    statement = used_packs(live_below).order_by(objects.c.id).limit(limit)
    return connection.scalars(statement).all()


def used_packs(share_below: float, *conditions: ColumnElement[bool]) -> Select[str]:
    """Keys of packs of which blobs that meet *conditions* use some, but less than that share; of
    small packs, which are to lie in the store, any share.

    Damaged blobs do not count: they cannot be moved, and would have a pack chosen for ever.
    """
    is_small = objects.c.key.startswith(_SMALL_PREFIX)
    is_pack = objects.c.key.startswith(_PACK_PREFIX)
    return (
        select(objects.c.key)
        .join(blobs, blobs.c.object_id == objects.c.id)
        .where(or_(is_small, is_pack), blobs.c.quarantined_at.is_(None), *conditions)
        .group_by(objects.c.id, objects.c.key, objects.c.size_bytes)
        .having(or_(is_small, func.sum(blobs.c.stored_bytes) < objects.c.size_bytes * share_below))
    )
