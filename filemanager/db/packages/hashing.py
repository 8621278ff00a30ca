"""How far the hashing of pointers is, and how many read one source for it at the same time."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from filemanager.db.engine.columns import milliseconds
from filemanager.db.engine.statements import insert_missing
from filemanager.db.packages.tables import hash_slots, saved_hashes
from filemanager.domain.packages.hashing import SLOTS, HashSlot, SavedHashes
from filemanager.domain.packages.pointer import PointerId
from filemanager.domain.sources.source import SourceId

_OF_POINTER = saved_hashes.c.pointer_id == bindparam("pointer")
_FREE = (
    select(hash_slots.c.id, hash_slots.c.until)
    .where(hash_slots.c.source_id == bindparam("source"), hash_slots.c.until <= bindparam("now"))
    .order_by(hash_slots.c.slot)
)
_TAKE = (
    update(hash_slots)
    .where(hash_slots.c.id == bindparam("which"), hash_slots.c.until == bindparam("seen"))
    .values(claim=bindparam("mine"), until=bindparam("ends"))
)
_HELD = update(hash_slots).where(
    hash_slots.c.id == bindparam("which"), hash_slots.c.claim == bindparam("mine")
)
_NOBODY = ""
_LONG_AGO = 0


def find(connection: Connection, pointer_id: PointerId) -> SavedHashes | None:
    row = connection.execute(
        select(saved_hashes).where(_OF_POINTER), {"pointer": pointer_id}
    ).one_or_none()
    if row is None:
        return None
    return SavedHashes(position=row.position, made_by=row.made_by, sha256=row.sha256, md5=row.md5)


def save(connection: Connection, pointer_id: PointerId, saved: SavedHashes) -> None:
    connection.execute(delete(saved_hashes).where(_OF_POINTER), {"pointer": pointer_id})
    values = {
        "pointer_id": pointer_id,
        "position": saved.position,
        "made_by": saved.made_by,
        "sha256": saved.sha256,
        "md5": saved.md5,
    }
    connection.execute(insert(saved_hashes), values)


def take_slot(
    connection: Connection, source_id: SourceId, claim: str, at: datetime, until: datetime
) -> HashSlot | None:
    """Each free one is tried by a conditional update, which has one winner."""
    blank = {"source_id": source_id, "claim": _NOBODY, "until": _LONG_AGO}
    rows = [{**blank, "slot": slot} for slot in range(SLOTS)]
    insert_missing(connection, [hash_slots.c.source_id, hash_slots.c.slot], rows)
    free = connection.execute(_FREE, {"source": source_id, "now": milliseconds(at)}).all()
    for row in free:
        values = {
            "which": row.id,
            "seen": row.until,
            "mine": claim,
            "ends": milliseconds(until),
        }
        if connection.execute(_TAKE, values).rowcount:
            return HashSlot(row.id, claim)
    return None


def keep_slot(connection: Connection, slot: HashSlot, until: datetime) -> bool:
    kept = _HELD.values(until=milliseconds(until))
    return bool(connection.execute(kept, {"which": slot.id, "mine": slot.claim}).rowcount)


def free_slot(connection: Connection, slot: HashSlot) -> None:
    freed = _HELD.values(until=_LONG_AGO)
    connection.execute(freed, {"which": slot.id, "mine": slot.claim})
