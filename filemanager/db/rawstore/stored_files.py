"""The rawstore's registry of files."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from types import SimpleNamespace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    bindparam,
    delete,
    func,
    or_,
    select,
    tuple_,
    update,
)

from filemanager.db.engine.columns import (
    AnyRow,
    milliseconds,
    moment,
    optional_milliseconds,
    optional_moment,
)
from filemanager.db.engine.driver import change_later, row_of, rows_of
from filemanager.db.engine.statements import among, chunks, filled, insert_missing, room_for
from filemanager.db.rawstore.tables import file_owners, stored_files
from filemanager.domain.caller import Owner
from filemanager.domain.rawstore.stored_file import (
    POST_TIME,
    Findability,
    KeyTaken,
    StoredFile,
    StoredFileState,
    Version,
)

_FILE = stored_files.c
_KEY = (_FILE.bucket, _FILE.object_name)
_LOCK = select(file_owners.c.owner).where(file_owners.c.owner == bindparam("of")).with_for_update()
_FIND = select(stored_files).where(_FILE.bucket == bindparam("of"))
_SEEN = (
    _FILE.bucket == bindparam("seen_bucket"),
    _FILE.object_name == bindparam("seen_name"),
    _FILE.revision == bindparam("seen_revision"),
)
_REPLACE = update(stored_files).where(*_SEEN)
_DELETE = delete(stored_files).where(*_SEEN)

_NAMES = tuple(stored_files.columns.keys())
"""Of what the driver gives."""


class SqlStoredFiles:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lock(self, owner: Owner) -> None:
        if row_of(self._connection, _LOCK, {"of": owner}) is None:
            insert_missing(self._connection, [file_owners.c.owner], [{"owner": owner}])
            row_of(self._connection, _LOCK, {"of": owner})

    def find(self, bucket: str, keys: Collection[str]) -> Mapping[str, StoredFile]:
        found: dict[str, StoredFile] = {}
        for chunk in chunks(keys):
            room = room_for(len(chunk))
            asked = filled(_FILE.object_name, chunk, room) | {"of": bucket}
            for row in rows_of(self._connection, _find(room), asked):
                file = _file(SimpleNamespace(**dict(zip(_NAMES, row, strict=True))))
                found[file.key] = file
        return found

    def at_key(self, bucket: str, key: str) -> StoredFile | None:
        return self.find(bucket, [key]).get(key)

    def at(self, bucket: str, places: Collection[str]) -> Sequence[StoredFile]:
        found: list[StoredFile] = []
        for chunk in chunks(places):
            found += self._files(_at(bucket, chunk))
        return found

    def lock_at(self, bucket: str, place: str) -> Sequence[StoredFile]:
        return self._files(_at(bucket, [place]).with_for_update())

    def beginning(self, bucket: str, key: str, limit: int) -> Sequence[StoredFile]:
        conditions = (
            _FILE.bucket == bucket,
            _FILE.object_name > key,
            # No character sorts behind this one.
            _FILE.object_name < f"{key}\U0010ffff",
            _FILE.state == StoredFileState.SETTLED.value,
            _FILE.lies_at.is_(None),
        )
        return self._files(select(stored_files).where(*conditions).order_by(*_KEY).limit(limit))

    def page(self, after: tuple[str, str], limit: int) -> Sequence[StoredFile]:
        behind = tuple_(*_KEY) > tuple_(*after)
        return self._files(select(stored_files).where(behind).order_by(*_KEY).limit(limit))

    def counted_bytes(self, owner: Owner, findability: Findability | None = None) -> int:
        conditions = [_FILE.owner == owner]
        if findability is not None:
            conditions.append(_FILE.findability == findability.value)
        return self._sum(_FILE.counted_bytes, conditions)

    def save(self, files: Iterable[StoredFile]) -> None:
        files = list(files)
        for chunk in chunks(file for file in files if file.revision == 0):
            if not insert_missing(self._connection, _KEY, [_new(file) for file in chunk]):
                self._ensure_ours(chunk)
        changed = [file for file in files if file.revision > 0]
        if changed:
            rows = [_seen(file) | _next(file) for file in changed]
            change_later(self._connection, _REPLACE, rows)

    def replace(self, seen: StoredFile, by: StoredFile | None) -> bool:
        if by is None:
            return self._connection.execute(_DELETE, _seen(seen)).rowcount == 1
        return self._connection.execute(_REPLACE, _seen(seen) | _next(by)).rowcount == 1

    def due(self, closed_before: datetime, owner: Owner | None, limit: int) -> Sequence[StoredFile]:
        expired_before = milliseconds(closed_before - POST_TIME)
        conditions = [_FILE.is_final.is_(False), _FILE.expires_at < expired_before]
        if owner is not None:
            conditions.append(_FILE.owner == owner)
        statement = (
            select(stored_files).where(*conditions).order_by(_FILE.expires_at, *_KEY).limit(limit)
        )
        return self._files(statement)

    def held_bytes_of_owner(self, owner: Owner, findability: Findability | None) -> int:
        return self._held([_FILE.owner == owner], findability)

    def held_bytes_of_dataset(
        self, owner: Owner, dataset_id: str, findability: Findability | None
    ) -> int:
        return self._held([_FILE.owner == owner, _FILE.dataset_id == dataset_id], findability)

    def held_bytes_of_flow(
        self, owner: Owner, flow_id: str, findability: Findability | None
    ) -> int:
        return self._held([_FILE.owner == owner, _FILE.last_flow_id == flow_id], findability)

    def _files(self, statement: Select[Any]) -> list[StoredFile]:
        return [_file(row) for row in self._connection.execute(statement)]

    def _held(self, conditions: list[ColumnElement[bool]], findability: Findability | None) -> int:
        if findability is not None:
            conditions = [*conditions, _FILE.held_findability == findability.value]
        return self._sum(_FILE.held_bytes, conditions)

    def _sum(self, column: ColumnElement[int], conditions: list[ColumnElement[bool]]) -> int:
        # A sum of integers is a decimal on two of the three databases.
        return int(self._connection.scalar(select(func.sum(column)).where(*conditions)) or 0)

    def _ensure_ours(self, files: Sequence[StoredFile]) -> None:
        """Another owner may have inserted the same key since it was looked for."""
        statement = select(_FILE.object_name).where(
            _FILE.bucket == files[0].bucket,
            _FILE.object_name.in_([file.key for file in files]),
            _FILE.owner != files[0].owner,
        )
        taken = self._connection.scalar(statement.limit(1))
        if taken is not None:
            raise KeyTaken(taken)


@cache
def _find(room: int) -> Select[Any]:
    return _FIND.where(among(_FILE.object_name, room))


def _at(bucket: str, places: Collection[str]) -> Select[Any]:
    there = or_(_FILE.lies_at.in_(places), _FILE.leaves.in_(places))
    return select(stored_files).where(_FILE.bucket == bucket, there).order_by(*_KEY)


def _seen(file: StoredFile) -> dict[str, object]:
    return {
        "seen_bucket": file.bucket,
        "seen_name": file.key,
        "seen_revision": file.revision,
    }


def _new(file: StoredFile) -> dict[str, object]:
    return {
        **_values(file),
        "bucket": file.bucket,
        "object_name": file.key,
        "owner": file.owner,
        "created_at": milliseconds(file.created_at),
        "revision": 1,
    }


def _next(file: StoredFile) -> dict[str, object]:
    """Without what never changes: to write a key again is to write its indexes again."""
    return _values(file) | {"revision": file.revision + 1}


def _values(file: StoredFile) -> dict[str, object]:
    wanted, held = file.wanted, file.held
    return {
        "findability": wanted.findability.value,
        "dataset_id": file.dataset_id,
        "last_flow_id": file.flow_ids[-1] if file.flow_ids else None,
        "flow_ids": json.dumps(file.flow_ids),
        "size_bytes": wanted.size_bytes,
        "md5": wanted.md5,
        "media_type": wanted.media_type,
        "state": file.state.value,
        "held_bytes": held.size_bytes if held else None,
        "held_md5": held.md5 if held else None,
        "held_type": held.media_type if held else None,
        "held_findability": held.findability.value if held else None,
        "held_version": file.held_version,
        "counted_bytes": file.counted_bytes,
        "expires_at": milliseconds(file.expires_at),
        "looked_at": optional_milliseconds(file.looked_at),
        "is_final": file.is_final,
        "lies_at": file.lies_at,
        "leaves": file.leaves,
    }


def _file(row: AnyRow | SimpleNamespace) -> StoredFile:
    return StoredFile(
        bucket=row.bucket,
        key=row.object_name,
        owner=Owner(row.owner),
        wanted=Version(
            size_bytes=row.size_bytes,
            md5=row.md5,
            media_type=row.media_type,
            findability=Findability(row.findability),
        ),
        created_at=moment(row.created_at),
        expires_at=moment(row.expires_at),
        state=StoredFileState(row.state),
        held=_held(row),
        held_version=row.held_version,
        dataset_id=row.dataset_id,
        flow_ids=tuple(json.loads(row.flow_ids)),
        looked_at=optional_moment(row.looked_at),
        lies_at=row.lies_at,
        leaves=row.leaves,
        revision=row.revision,
    )


def _held(row: AnyRow | SimpleNamespace) -> Version | None:
    if row.held_bytes is None:
        return None
    return Version(
        size_bytes=row.held_bytes,
        md5=row.held_md5,
        media_type=row.held_type,
        findability=Findability(row.held_findability),
    )
