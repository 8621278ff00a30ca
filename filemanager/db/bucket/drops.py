"""Drops and the archives among them that were taken apart."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, exists, func, insert, literal, select

from filemanager.db.bucket import checksums as bucket_checksums
from filemanager.db.bucket import replicas
from filemanager.db.bucket.rows import DROP_COLUMNS, drop_of
from filemanager.db.bucket.tables import drops, explosions
from filemanager.db.engine.columns import UNTIL_FOREVER, milliseconds, optional_milliseconds
from filemanager.db.engine.statements import chunks, insert_missing
from filemanager.db.trees.bare import add_tree, delete_tree
from filemanager.db.trees.rows import TREE_COLUMNS, tree_of
from filemanager.db.trees.tables import entries, trees
from filemanager.domain.bucket.drop import Drop, DropId, Replica
from filemanager.domain.ids import Digest, TreeId
from filemanager.domain.trees.tree import Tree

_ADD = insert(drops).returning(drops.c.id, sort_by_parameter_order=True)
_SENT = drops.c.digest == bindparam("of")
_INSIDE = drops.c.decompressed == bindparam("of")
_TREE = (
    select(*TREE_COLUMNS)
    .join(explosions, explosions.c.tree_id == trees.c.id)
    .where(explosions.c.archive == bindparam("archive"))
)
_HOLD = (
    select(explosions.c.tree_id)
    .where(explosions.c.archive == bindparam("archive"))
    .with_for_update()
)
_IN_ARCHIVE = (
    select(entries.c.path)
    .join(explosions, explosions.c.tree_id == entries.c.tree_id)
    .where(entries.c.digest == bindparam("of"), entries.c.until == UNTIL_FOREVER)
)


class SqlDrops:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, given: Sequence[Drop]) -> Sequence[Drop]:
        added: list[Drop] = []
        for chunk in chunks(given):
            ids = self._connection.scalars(_ADD, [_values(drop) for drop in chunk])
            added += [
                replace(drop, id=DropId(number)) for drop, number in zip(chunk, ids, strict=True)
            ]
        return added

    def page(self, after: DropId | None, limit: int) -> Sequence[Drop]:
        statement = select(*DROP_COLUMNS).order_by(drops.c.id.desc()).limit(limit)
        return self._found(statement if after is None else statement.where(drops.c.id < after))

    def oldest_of(self, digest: Digest) -> Drop | None:
        for condition in (_SENT, _INSIDE):
            oldest = select(*DROP_COLUMNS).where(condition).order_by(drops.c.id).limit(1)
            if found := self._found(oldest, of=digest):
                return found[0]
        return None

    def sent_as(self, digest: Digest) -> Sequence[Drop]:
        return self._found(select(*DROP_COLUMNS).where(_SENT).order_by(drops.c.id), of=digest)

    def sent_names(self, digest: Digest, limit: int) -> Sequence[str]:
        first = func.min(drops.c.id)
        found = select(drops.c.path).where(_SENT).group_by(drops.c.path).order_by(first)
        return self._connection.scalars(found.limit(limit), {"of": digest}).all()

    def holds(self, digest: Digest) -> bool:
        asked = (exists().where(_SENT), exists().where(_INSIDE), _IN_ARCHIVE.exists())
        return any(self._connection.scalar(select(one), {"of": digest}) for one in asked)

    def member_names(self, digest: Digest, limit: int) -> Sequence[str]:
        statement = _IN_ARCHIVE.distinct().order_by(entries.c.path).limit(limit)
        return self._connection.scalars(statement, {"of": digest}).all()

    def expired(self, at: datetime, limit: int) -> Sequence[Drop]:
        is_over = drops.c.expires_at < milliseconds(at)
        statement = select(*DROP_COLUMNS).where(is_over).order_by(drops.c.expires_at, drops.c.id)
        return self._found(statement.limit(limit))

    def take(self, given: Sequence[Drop]) -> Sequence[Drop]:
        """Rows are locked in the order of their ids, then explosions in that of their digests."""
        numbers = sorted({drop.id for drop in given})
        taken: list[Drop] = []
        for chunk in chunks(numbers):
            ours = drops.c.id.in_(chunk)
            held = select(*DROP_COLUMNS).where(ours).order_by(drops.c.id).with_for_update()
            taken += self._found(held)
            self._connection.execute(delete(drops).where(ours))
        for archive in sorted({drop.archive for drop in taken if drop.archive is not None}):
            self._forget_unnamed(archive)
        return taken

    def explosion(self, archive: Digest) -> Tree | None:
        row = self._connection.execute(_TREE, {"archive": archive}).one_or_none()
        return None if row is None else tree_of(tuple(row))

    def hold_explosion(self, archive: Digest) -> Tree | None:
        if self._connection.scalar(_HOLD, {"archive": archive}) is None:
            return None
        return self.explosion(archive)

    def add_explosion(self, archive: Digest) -> Tree | None:
        tree = add_tree(self._connection)
        row = {"archive": archive, "tree_id": tree.id}
        insert_missing(self._connection, (explosions.c.archive,), [row])
        if self._connection.scalar(_HOLD, {"archive": archive}) == tree.id:
            return tree
        delete_tree(self._connection, tree.id)
        return None

    def explosions(self, after: Digest | None, limit: int) -> Sequence[tuple[Digest, TreeId]]:
        statement = (
            select(explosions.c.archive, explosions.c.tree_id)
            .where(explosions.c.archive > (after or ""))
            .order_by(explosions.c.archive)
            .limit(limit)
        )
        return [(Digest(a), TreeId(tree)) for a, tree in self._connection.execute(statement)]

    def blobs(self, after: Digest | None, limit: int) -> Sequence[Digest]:
        found = bucket_checksums.every_blob(after).limit(limit)
        return [Digest(digest) for digest in self._connection.scalars(found)]

    def note_checksums(self, algorithm: str, values: Mapping[Digest, str]) -> Mapping[Digest, str]:
        return bucket_checksums.note(self._connection, algorithm, values)

    def checksums(self, algorithm: str, digests: Sequence[Digest]) -> Mapping[Digest, str]:
        return bucket_checksums.known(self._connection, algorithm, digests)

    def with_checksum(self, value: str) -> tuple[str, Digest] | None:
        return bucket_checksums.find(self._connection, value)

    def without_checksum(
        self, algorithm: str, after: Digest | None, limit: int
    ) -> Sequence[Digest]:
        return bucket_checksums.unknown(self._connection, algorithm, after, limit)

    def taken_names(self, prefix: str) -> Sequence[str]:
        return replicas.taken_names(self._connection, prefix)

    def add_replica(self, path: str, drop: Drop) -> bool:
        return replicas.add(self._connection, path, drop)

    def point_latest(self, path: str, drop: Drop) -> bool:
        return replicas.point_latest(self._connection, path, drop)

    def replica(self, paths: Sequence[str]) -> Replica | None:
        return replicas.find(self._connection, paths)

    def replicas(self, below: str, after: str, limit: int) -> Sequence[Replica]:
        return replicas.page(self._connection, below, after, limit)

    def _found(self, statement: Any, **arguments: object) -> list[Drop]:
        return [drop_of(row) for row in self._connection.execute(statement, arguments)]

    def _forget_unnamed(self, archive: Digest) -> None:
        """An uploader of the same archive holds the row until its drop is there, or waits here."""
        tree_id = self._connection.scalar(_HOLD, {"archive": archive})
        named = select(literal(1)).where(drops.c.archive == archive).limit(1)
        if tree_id is None or self._connection.scalar(named):
            return
        self._connection.execute(delete(explosions).where(explosions.c.archive == archive))
        delete_tree(self._connection, TreeId(tree_id))


def _values(drop: Drop) -> dict[str, object]:
    return {
        "path": drop.path,
        "digest": drop.digest,
        "decompressed": drop.decompressed,
        "archive": drop.archive,
        "size_bytes": drop.size_bytes,
        "kept_bytes": drop.kept_bytes,
        "owner": drop.owner,
        "created_at": milliseconds(drop.created_at),
        "expires_at": optional_milliseconds(drop.expires_at),
    }
