"""Blobs: rows that say where each digest's bytes lie. Rows are locked in the order of digests."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, Update, bindparam, select, update

from filemanager.db.blobs import facts as blob_facts
from filemanager.db.blobs import small_packs as blob_small_packs
from filemanager.db.blobs import sweep as blob_sweep
from filemanager.db.blobs import walks as blob_walks
from filemanager.db.blobs.locks import hold
from filemanager.db.blobs.rows import BLOB_COLUMNS, blob_of
from filemanager.db.blobs.tables import blobs, objects
from filemanager.db.engine.columns import milliseconds
from filemanager.db.engine.driver import DriversRow, change, change_each, rows_of
from filemanager.db.engine.statements import (
    among,
    chunks,
    ensure_rows,
    filled,
    missing,
    room_for,
)
from filemanager.domain.blobs.blob import Put, StoredBlob
from filemanager.domain.blobs.upkeep import KnownObject
from filemanager.domain.errors import BlobsGone
from filemanager.domain.ids import Digest

_BLOBS = select(*BLOB_COLUMNS).outerjoin_from(blobs, objects, objects.c.id == blobs.c.object_id)
_OBJECT = select(objects.c.id).where(objects.c.key == bindparam("object_key")).scalar_subquery()
_OBJECT_IDS = select(objects.c.key, objects.c.id).where(
    objects.c.key.in_(bindparam("keys", expanding=True))
)
_MOVE = (
    update(blobs)
    .where(
        blobs.c.digest == bindparam("moved"),
        blobs.c.object_id
        == select(objects.c.id).where(objects.c.key == bindparam("old_key")).scalar_subquery(),
        blobs.c.offset == bindparam("old_offset"),
    )
    .values(object_id=_OBJECT)
)
_QUARANTINED = select(blobs.c.digest).where(blobs.c.quarantined_at.is_not(None))
_SAVE_MD5 = update(blobs).where(blobs.c.digest == bindparam("told")).values(md5=bindparam("found"))
_HEAL = (
    update(blobs)
    .where(blobs.c.digest == bindparam("healed"))
    .values(quarantined_at=None, object_id=_OBJECT)
)


class SqlBlobs:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, digests: Collection[Digest]) -> Mapping[Digest, StoredBlob]:
        found: dict[Digest, StoredBlob] = {}
        for chunk in chunks(digests):
            room = room_for(len(chunk))
            rows = rows_of(self._connection, _find(room), filled(blobs.c.digest, chunk, room))
            found.update((blob.digest, blob) for blob in map(blob_of, rows))
        return found

    def sound(self, digests: Collection[Digest]) -> Collection[Digest]:
        found: set[Digest] = set()
        for chunk in chunks(digests):
            rows = self._states(chunk)
            found.update(Digest(digest) for digest, doubted_at in rows if doubted_at is None)
        return found

    def add(self, put: Put, at: datetime) -> Collection[Digest]:
        self._add_objects(put, at)
        given = {blob.digest: blob for blob in put.blobs}
        statement = missing(self._connection.dialect.name, (blobs.c.digest,), object_id=_OBJECT)
        new: set[Digest] = set()
        for chunk in chunks(sorted(given)):
            rows = [_in_object(given[one]) | {"wanted_at": milliseconds(at)} for one in chunk]
            written = change_each(self._connection, statement, rows)
            # MariaDB does not tell which were new.
            if written == len(rows) and self._connection.dialect.name != "mysql":
                new.update(chunk)
            else:
                self._heal(rows)
        return new

    def want(self, digests: Collection[Digest], at: datetime) -> Mapping[Digest, StoredBlob]:
        ordered = sorted(set(digests))
        for chunk in chunks(ordered):
            if held := hold(self._connection, chunk):
                room = room_for(len(held))
                values = filled(blobs.c.digest, held, room) | {"wanted_at": milliseconds(at)}
                change(self._connection, _want(room), values)
        found = self.find(ordered)
        if gone := frozenset(ordered) - frozenset(found):
            raise BlobsGone(gone)
        return found

    def in_object(self, key: str) -> Sequence[StoredBlob]:
        statement = _BLOBS.where(objects.c.key == key).order_by(blobs.c.offset, blobs.c.digest)
        return [blob_of(tuple(row)) for row in self._connection.execute(statement)]

    def relocate(self, old: StoredBlob, new: StoredBlob) -> bool:
        at = {"moved": old.digest, "old_key": old.object_key, "old_offset": old.offset}
        return change(self._connection, _MOVE, at | _in_object(new)) == 1

    def page(self, after: Digest | None, limit: int) -> Sequence[StoredBlob]:
        statement = _BLOBS.where(blobs.c.digest > (after or "")).order_by(blobs.c.digest)
        rows = self._connection.execute(statement.limit(limit))
        return [blob_of(tuple(row)) for row in rows]

    def quarantine(self, digest: Digest, at: datetime) -> None:
        statement = update(blobs).where(blobs.c.digest == digest, blobs.c.quarantined_at.is_(None))
        self._connection.execute(statement, {"quarantined_at": milliseconds(at)})

    def quarantined(self) -> Sequence[Digest]:
        # Sorted here: asked for an order, SQLite reads all blobs by their key and not the few.
        return sorted(Digest(digest) for digest in self._connection.scalars(_QUARANTINED))

    def facts(self, digests: Collection[Digest]) -> Mapping[Digest, Mapping[str, str]]:
        return blob_facts.find(self._connection, digests)

    def save_facts(self, facts: Mapping[Digest, Mapping[str, str]]) -> None:
        blob_facts.save(self._connection, facts)

    def save_md5s(self, md5s: Mapping[Digest, str]) -> None:
        rows = [{"told": digest, "found": md5s[digest]} for digest in sorted(md5s)]
        if rows:
            self._connection.execute(_SAVE_MD5, rows)

    def lift_quarantine(self, digest: Digest) -> None:
        statement = update(blobs).where(blobs.c.digest == digest)
        self._connection.execute(statement, {"quarantined_at": None})

    def by_object(self) -> Iterator[StoredBlob]:
        return blob_walks.by_object(self._connection)

    def objects_page(self, after: str, limit: int) -> Sequence[KnownObject]:
        return blob_walks.objects_page(self._connection, after, limit)

    def sweepable(
        self, wanted_before: datetime, limit: int, after: Digest | None = None
    ) -> Sequence[Digest]:
        before = milliseconds(wanted_before)
        return blob_sweep.sweepable(self._connection, before, limit, after)

    def drop(self, digests: Collection[Digest], wanted_before: datetime) -> int:
        return blob_sweep.drop(self._connection, digests, milliseconds(wanted_before))

    def mark_dead_objects(self, at: datetime) -> int:
        return blob_sweep.mark_dead_objects(self._connection, milliseconds(at))

    def dead_objects(self, dead_before: datetime, limit: int) -> Sequence[str]:
        return blob_sweep.dead_objects(self._connection, milliseconds(dead_before), limit)

    def forget_object(self, key: str) -> None:
        blob_sweep.forget_object(self._connection, key)

    def sparse_packs(self, live_below: float, limit: int) -> Sequence[str]:
        return blob_sweep.sparse_packs(self._connection, live_below, limit)

    def _add_objects(self, put: Put, at: datetime) -> None:
        """Those that blobs of *put* lie in; where it does not bring one along it is there."""
        rows = [
            {"key": key, "size_bytes": size_bytes, "created_at": milliseconds(at)}
            for key, size_bytes in put.objects
        ]
        # A transaction that is run again after BlobsGone brings its first objects along.
        ensure_rows(self._connection, (objects.c.key,), rows)
        blob_small_packs.add(self._connection, dict(put.small_packs), at)
        named = {blob.object_key for blob in put.blobs if blob.object_key}
        if others := named.difference(key for key, _ in put.objects):
            _ensure_all(others, object_ids(self._connection, others))

    def _states(self, digests: Sequence[object]) -> Sequence[DriversRow]:
        room = room_for(len(digests))
        return rows_of(self._connection, _states(room), filled(blobs.c.digest, digests, room))

    def _heal(self, rows: Sequence[Mapping[str, object]]) -> None:
        """Point quarantined blobs at the bytes that have just been put."""
        given = {row["digest"]: row for row in rows}
        for digest, doubted_at in self._states(list(given)):
            if doubted_at is not None:
                change(self._connection, _HEAL, {"healed": digest, **given[digest]})


# The time is looked at by who asks: as a condition it makes SQLite read every blob without one.
@cache
def _states(room: int) -> Select[Any]:
    states = select(blobs.c.digest, blobs.c.quarantined_at).where(among(blobs.c.digest, room))
    return states.order_by(blobs.c.digest)


@cache
def _find(room: int) -> Select[Any]:
    return _BLOBS.where(among(blobs.c.digest, room))


@cache
def _want(room: int) -> Update:
    return update(blobs).where(among(blobs.c.digest, room))


def _ensure_all(keys: Collection[str], found: Collection[str]) -> None:
    """A blob whose object has no row would seem to be empty."""
    if gone := set(keys).difference(found):
        raise KeyError(*sorted(gone))


def _in_object(blob: StoredBlob) -> dict[str, object]:
    """What a blob is and where; an empty blob lies nowhere."""
    return {
        "digest": blob.digest,
        "size_bytes": blob.size_bytes,
        "crc32": blob.crc32,
        "encoding": blob.encoding.value,
        "encoder": blob.encoder,
        "object_key": blob.object_key,
        "offset": blob.offset,
        "stored_bytes": blob.stored_bytes,
        "stored_crc32": blob.stored_crc32,
        "md5": blob.md5,
    }


def object_ids(connection: Connection, keys: Collection[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for chunk in chunks(keys):
        rows = connection.execute(_OBJECT_IDS, {"keys": chunk})
        found.update((key, number) for key, number in rows)
    return found
