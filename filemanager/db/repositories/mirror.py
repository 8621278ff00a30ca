"""What lies in the bucket that clients read: packages that are known there, and what has to go."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Table,
    and_,
    bindparam,
    delete,
    exists,
    or_,
    select,
    update,
)

from filemanager.db.engine.columns import milliseconds, moment
from filemanager.db.engine.statements import chunks, insert_missing, insert_rows
from filemanager.db.repositories.tables import known_objects, leftovers, repositories
from filemanager.db.trees.tables import trees
from filemanager.domain.ids import TreeId
from filemanager.domain.repositories.mirror import BucketObject, Quarantine
from filemanager.domain.repositories.repository import Visibility

_KNOWN_COLUMNS = (
    known_objects.c.path,
    known_objects.c.size_bytes,
    known_objects.c.etag,
    known_objects.c.digest,
    known_objects.c.why,
    known_objects.c.tries,
    known_objects.c.again_at,
)
_KNOWN = select(*_KNOWN_COLUMNS).where(known_objects.c.tree_id == bindparam("tree"))
_OURS = select(known_objects.c.path).where(
    known_objects.c.tree_id == bindparam("tree"), known_objects.c.digest.is_not(None)
)
_QUARANTINED = _KNOWN.where(known_objects.c.again_at.is_not(None)).order_by(known_objects.c.path)
_DUE = (
    select(leftovers.c.path)
    .where(leftovers.c.tree_id == bindparam("tree"), leftovers.c.due_at <= bindparam("at"))
    .order_by(leftovers.c.due_at)
    .limit(bindparam("limit"))
)
_HAS_DUE = exists().where(
    leftovers.c.tree_id == repositories.c.tree_id, leftovers.c.due_at <= bindparam("at")
)
_IS_BEHIND = and_(
    repositories.c.visibility == Visibility.PUBLIC.value,
    or_(repositories.c.mirrored.is_(None), repositories.c.mirrored != trees.c.revision),
)
_SHOWS_TOO_MUCH = and_(
    repositories.c.visibility == Visibility.PRIVATE.value,
    repositories.c.mirror_begun.is_not(None),
)
_UNMIRRORED = (
    select(repositories.c.path)
    .join(trees, trees.c.id == repositories.c.tree_id)
    .where(
        repositories.c.published_at.is_not(None),
        or_(_IS_BEHIND, _SHOWS_TOO_MUCH, _HAS_DUE),
    )
    .order_by(repositories.c.path)
)


class SqlKnownObjects:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, tree_id: TreeId, paths: Collection[str]) -> Mapping[str, BucketObject]:
        found: dict[str, BucketObject] = {}
        for chunk in chunks(sorted(set(paths))):
            statement = _KNOWN.where(known_objects.c.path.in_(chunk))
            for row in self._connection.execute(statement, {"tree": tree_id}):
                found[row[0]] = _known(row)
        return found

    def note(self, tree_id: TreeId, objects: Sequence[BucketObject]) -> None:
        by_path = {one.path: one for one in objects}
        self.forget(tree_id, by_path)
        insert_rows(self._connection, known_objects, _known_rows(tree_id, by_path))

    def forget(self, tree_id: TreeId, paths: Collection[str]) -> None:
        _delete(self._connection, known_objects, tree_id, paths)

    def ours(self, tree_id: TreeId) -> Sequence[str]:
        return self._connection.scalars(_OURS, {"tree": tree_id}).all()

    def quarantined(self, tree_id: TreeId) -> Sequence[BucketObject]:
        return [_known(row) for row in self._connection.execute(_QUARANTINED, {"tree": tree_id})]


class SqlLeftovers:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, tree_id: TreeId, paths: Collection[str], due_at: datetime) -> None:
        key = (leftovers.c.tree_id, leftovers.c.path)
        at = milliseconds(due_at)
        for chunk in chunks(sorted(set(paths))):
            rows = [{"tree_id": tree_id, "path": path, "due_at": at} for path in chunk]
            insert_missing(self._connection, key, rows)

    def remove(self, tree_id: TreeId, paths: Collection[str]) -> None:
        _delete(self._connection, leftovers, tree_id, paths)

    def hasten(self, tree_id: TreeId, due_at: datetime) -> None:
        at = milliseconds(due_at)
        later = and_(leftovers.c.tree_id == tree_id, leftovers.c.due_at > at)
        self._connection.execute(update(leftovers).where(later).values(due_at=at))

    def due(self, tree_id: TreeId, at: datetime, limit: int) -> Sequence[str]:
        values = {"tree": tree_id, "at": milliseconds(at), "limit": limit}
        return self._connection.scalars(_DUE, values).all()

    def among(self, tree_id: TreeId, paths: Collection[str]) -> Collection[str]:
        found: set[str] = set()
        for chunk in chunks(sorted(set(paths))):
            statement = select(leftovers.c.path).where(
                leftovers.c.tree_id == tree_id, leftovers.c.path.in_(chunk)
            )
            found.update(self._connection.scalars(statement))
        return found


def unmirrored(connection: Connection, at: datetime) -> Sequence[str]:
    return connection.scalars(_UNMIRRORED, {"at": milliseconds(at)}).all()


def _delete(connection: Connection, table: Table, tree_id: TreeId, paths: Collection[str]) -> None:
    for chunk in chunks(sorted(set(paths))):
        of_paths = and_(table.c.tree_id == tree_id, table.c.path.in_(chunk))
        connection.execute(delete(table).where(of_paths))


def _known(row: Sequence[Any]) -> BucketObject:
    path, size_bytes, etag, digest, why, tries, again_at = row
    return BucketObject(
        path=path,
        size_bytes=size_bytes,
        etag=etag,
        digest=digest,
        quarantine=None if again_at is None else Quarantine(why, tries, moment(again_at)),
    )


def _known_rows(
    tree_id: TreeId, by_path: Mapping[str, BucketObject]
) -> Iterator[Mapping[str, object]]:
    for one in by_path.values():
        quarantine = one.quarantine
        yield {
            "tree_id": tree_id,
            "path": one.path,
            "size_bytes": one.size_bytes,
            "etag": one.etag,
            "digest": one.digest,
            "why": quarantine.why if quarantine else None,
            "tries": quarantine.tries if quarantine else 0,
            "again_at": milliseconds(quarantine.again_at) if quarantine else None,
        }
