"""Packs that are small enough to lie in a row: durable with the commit that names them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, Integer, bindparam, delete, func, select

from filemanager.db.blobs.tables import small_packs
from filemanager.db.engine.columns import milliseconds, moment
from filemanager.db.engine.statements import ensure_rows
from filemanager.domain.blobs.blob import StoredObject

_OF_KEY = small_packs.c.key == bindparam("of")
_SIZE = func.length(small_packs.c.bytes)
_FIRST, _LENGTH = bindparam("first", type_=Integer), bindparam("length", type_=Integer)
_READ = select(
    func.substr(small_packs.c.bytes, _FIRST, _LENGTH, type_=small_packs.c.bytes.type)
).where(_OF_KEY)
_SIZE_OF = select(_SIZE).where(_OF_KEY)
_DELETE = delete(small_packs).where(_OF_KEY)
_PAGE = (
    select(small_packs.c.key, _SIZE, small_packs.c.created_at)
    .where(small_packs.c.key > bindparam("after"))
    .order_by(small_packs.c.key)
)


class SqlSmallPacks:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, packs: Mapping[str, bytes], at: datetime) -> None:
        add(self._connection, packs, at)

    def read(self, key: str, start: int, stop: int) -> bytes | None:
        asked = {"of": key, "first": start + 1, "length": stop - start}
        found = self._connection.scalar(_READ, asked)
        return None if found is None else bytes(found)

    def size(self, key: str) -> int | None:
        return self._connection.scalar(_SIZE_OF, {"of": key})

    def delete(self, key: str) -> bool:
        return self._connection.execute(_DELETE, {"of": key}).rowcount > 0

    def page(self, after: str, limit: int) -> Sequence[StoredObject]:
        rows = self._connection.execute(_PAGE.limit(limit), {"after": after})
        return [
            StoredObject(key=key, size_bytes=size, modified_at=moment(created_at))
            for key, size, created_at in rows
        ]


def add(connection: Connection, packs: Mapping[str, bytes], at: datetime) -> None:
    """Insert them; one that is there is the same, by a transaction that is run again."""
    rows = [
        {"key": key, "bytes": data, "created_at": milliseconds(at)} for key, data in packs.items()
    ]
    ensure_rows(connection, (small_packs.c.key,), rows)
