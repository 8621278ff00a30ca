"""Pointers: made once for each content that they name, and what is worked out of them."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, case, delete, exists, select, update

from filemanager.db.engine.columns import milliseconds
from filemanager.db.engine.statements import chunks, insert_missing
from filemanager.db.packages import hashing
from filemanager.db.packages.rows import POINTER_COLUMNS, pointer_of
from filemanager.db.packages.tables import (
    package_items,
    pending_pointers,
    pointers,
    saved_hashes,
)
from filemanager.domain.ids import Digest
from filemanager.domain.packages.hashing import HashSlot, SavedHashes
from filemanager.domain.packages.pointer import (
    NewPointer,
    ObjectPlace,
    Pointer,
    PointerId,
    PointerState,
    UrlPlace,
)
from filemanager.domain.sources.source import SourceId

_UPDATE = update(pointers).where(pointers.c.id == bindparam("pointer"))
_FORGET_STATE = delete(saved_hashes).where(saved_hashes.c.pointer_id == bindparam("pointer"))
# What was gone, or another, and is added once more has been found again.
_FIND_AGAIN = (
    update(pointers)
    .where(
        pointers.c.identity.in_(bindparam("identities", expanding=True)),
        pointers.c.state.in_([PointerState.GONE.value, PointerState.CHANGED.value]),
    )
    .values(
        state=case(
            (pointers.c.sha256.is_(None), PointerState.PENDING.value),
            else_=PointerState.EXACT.value,
        )
    )
)
_IS_UNUSED = ~exists().where(package_items.c.pointer_id == pointers.c.id)


class SqlPointers:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def hold(self, new: Sequence[NewPointer], at: datetime) -> Sequence[Pointer]:
        identities = [_identity(one) for one in new]
        rows = dict(zip(identities, new, strict=True))
        found: dict[str, Pointer] = {}
        # In one order, so that two who add the same objects never wait for each other in a circle.
        for chunk in chunks(sorted(rows)):
            values = {identity: _values(identity, rows[identity], at) for identity in chunk}
            found |= self._held(values)
            # One that was there may just have been pruned.
            if gone := values.keys() - found.keys():
                found |= self._held({identity: values[identity] for identity in sorted(gone)})
        return [found[identity] for identity in identities]

    def find_all(self, ids: Collection[PointerId]) -> Mapping[PointerId, Pointer]:
        found: dict[PointerId, Pointer] = {}
        for chunk in chunks(sorted(set(ids))):
            statement = select(*POINTER_COLUMNS).where(pointers.c.id.in_(chunk))
            for one in map(pointer_of, self._connection.execute(statement)):
                found[one.id] = one
        return found

    def save_digests(self, pointer_id: PointerId, sha256: Digest, md5: str, at: datetime) -> None:
        values = {
            "sha256": sha256,
            "md5": md5,
            "state": PointerState.EXACT.value,
            "checked_at": milliseconds(at),
        }
        self._connection.execute(_UPDATE.values(**values), {"pointer": pointer_id})
        self._connection.execute(_FORGET_STATE, {"pointer": pointer_id})

    def mark(self, pointer_id: PointerId, state: PointerState, at: datetime) -> None:
        marked = _UPDATE.values(state=state.value, checked_at=milliseconds(at))
        self._connection.execute(marked, {"pointer": pointer_id})

    def saved_hashes(self, pointer_id: PointerId) -> SavedHashes | None:
        return hashing.find(self._connection, pointer_id)

    def save_hashes(self, pointer_id: PointerId, saved: SavedHashes) -> None:
        hashing.save(self._connection, pointer_id, saved)

    def take_slot(
        self, source_id: SourceId, claim: str, at: datetime, until: datetime
    ) -> HashSlot | None:
        return hashing.take_slot(self._connection, source_id, claim, at, until)

    def keep_slot(self, slot: HashSlot, until: datetime) -> bool:
        return hashing.keep_slot(self._connection, slot, until)

    def free_slot(self, slot: HashSlot) -> None:
        hashing.free_slot(self._connection, slot)

    def _held(self, values: Mapping[str, Mapping[str, object]]) -> Mapping[str, Pointer]:
        """By identity. Locked until the items are there: nobody prunes them meanwhile."""
        insert_missing(self._connection, [pointers.c.identity], list(values.values()))
        self._connection.execute(_FIND_AGAIN, {"identities": list(values)})
        held = (
            select(pointers.c.identity, *POINTER_COLUMNS)
            .where(pointers.c.identity.in_(values))
            .order_by(pointers.c.id)
            .with_for_update(read=True, key_share=True)
        )
        return {row.identity: pointer_of(row) for row in self._connection.execute(held)}

    def prune(self, made_before: datetime, limit: int) -> int:
        old = pointers.c.made_at < milliseconds(made_before)
        unused = select(pointers.c.id).where(old, _IS_UNUSED).order_by(pointers.c.id).limit(limit)
        ids = self._connection.scalars(unused).all()
        if not ids:
            return 0
        # Held first, then asked again: an item may have come meanwhile.
        held = select(pointers.c.id).where(pointers.c.id.in_(ids)).order_by(pointers.c.id)
        self._connection.execute(held.with_for_update()).all()
        gone = self._connection.scalars(
            select(pointers.c.id).where(pointers.c.id.in_(ids), _IS_UNUSED)
        ).all()
        for table in (pending_pointers, saved_hashes):
            self._connection.execute(delete(table).where(table.c.pointer_id.in_(gone)))
        self._connection.execute(delete(pointers).where(pointers.c.id.in_(gone)))
        return len(gone)


def _identity(new: NewPointer) -> str:
    """What tells contents apart: by source, key, version and ETag, or all that is said of a URL."""
    place = new.place
    if isinstance(place, ObjectPlace):
        pinned = place.pinned
        told = ["object", int(place.source_id), pinned.key, pinned.version, pinned.etag]
    else:
        told = ["url", place.url, new.size_bytes, new.sha256, new.md5]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _values(identity: str, new: NewPointer, at: datetime) -> dict[str, object]:
    state = PointerState.PENDING if new.sha256 is None else PointerState.EXACT
    return {
        "identity": identity,
        "size_bytes": new.size_bytes,
        "sha256": new.sha256,
        "md5": new.md5,
        "state": state.value,
        "made_at": milliseconds(at),
        **_place_values(new.place),
    }


def _place_values(place: ObjectPlace | UrlPlace) -> dict[str, object]:
    if isinstance(place, UrlPlace):
        nowhere = dict.fromkeys(("source_id", "key", "version", "etag"))
        return {**nowhere, "kind": "url", "url": place.url}
    pinned = place.pinned
    return {
        "kind": "object",
        "source_id": place.source_id,
        "key": pinned.key,
        "version": pinned.version,
        "etag": pinned.etag,
        "url": None,
    }
