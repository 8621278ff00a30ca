"""Sources, one row each."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from filemanager.db.engine.columns import milliseconds
from filemanager.db.engine.statements import chunks
from filemanager.db.sources.rows import source_of, written, written_place, written_readers
from filemanager.db.sources.tables import sources
from filemanager.domain.sources.errors import SourceExists, SourceUnknown
from filemanager.domain.sources.source import (
    BucketPlace,
    DirectoryPlace,
    Source,
    SourceId,
    is_source_name,
)

_ALL = select(sources)
_LIVING = _ALL.where(sources.c.living == 0)
_FIND = _LIVING.where(sources.c.name == bindparam("called"))
_FIND_REMOVED = (
    _ALL.where(sources.c.name == bindparam("called"), sources.c.living > 0)
    .order_by(sources.c.living.desc())
    .limit(1)
)
# PostgreSQL: the key does not change, so that pointers which refer to it are not held up.
_LOCK = _FIND.with_for_update(key_share=True)
_PAGE = (
    _LIVING.where(sources.c.name > bindparam("after"))
    .order_by(sources.c.name)
    .limit(bindparam("most"))
)
_ADD = insert(sources).returning(sources)
_SAVE = update(sources).where(sources.c.id == bindparam("source"))
_SEALED = select(sources).where(sources.c.sealed.is_not(None)).with_for_update()


class SqlSources:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self, name: str, place: BucketPlace | DirectoryPlace, readers: Collection[str], at: datetime
    ) -> Source:
        row = {
            **written_place(place),
            "name": name,
            "living": 0,
            "readers": written_readers(readers),
            "probe": "{}",
            "is_declared": False,
            "created_at": milliseconds(at),
        }
        try:
            return source_of(self._connection.execute(_ADD, row).one())
        except IntegrityError as error:
            raise SourceExists(name) from error

    def find(self, name: str) -> Source | None:
        return self._one(_FIND, name)

    def find_removed(self, name: str) -> Source | None:
        return self._one(_FIND_REMOVED, name)

    def lock(self, name: str) -> Source:
        found = self._one(_LOCK, name)
        if found is None:
            raise SourceUnknown
        return found

    def get_all(self, ids: Collection[SourceId]) -> Mapping[SourceId, Source]:
        found: dict[SourceId, Source] = {}
        for chunk in chunks(sorted(set(ids))):
            rows = self._connection.execute(_ALL.where(sources.c.id.in_(chunk)))
            found |= {one.id: one for one in map(source_of, rows)}
        return found

    def save(self, source: Source) -> None:
        self._connection.execute(_SAVE, {"source": source.id} | written(source))

    def page(self, after: str, limit: int) -> Sequence[Source]:
        rows = self._connection.execute(_PAGE, {"after": after, "most": limit})
        return [source_of(row) for row in rows]

    def reseal(self, seal: Callable[[Source], bytes | None]) -> int:
        count = 0
        for source in [source_of(row) for row in self._connection.execute(_SEALED)]:
            sealed = seal(source)
            if sealed != source.sealed:
                self._connection.execute(_SAVE, {"source": source.id, "sealed": sealed})
                count += 1
        return count

    def _one(self, statement: Select[Any], name: str) -> Source | None:
        # Names come from paths as they are, and not every database compares any text.
        if not is_source_name(name):
            return None
        row = self._connection.execute(statement, {"called": name}).one_or_none()
        return None if row is None else source_of(row)
