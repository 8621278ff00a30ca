"""The objects that bytes of uploads wait in."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import Connection, Executable, bindparam, delete, func, select

from filemanager.db.engine.columns import AnyRow
from filemanager.db.engine.statements import insert_rows
from filemanager.db.uploads.tables import segments
from filemanager.domain.uploads.upload import Segment, UploadId

_OF_UPLOAD = segments.c.upload_id == bindparam("upload")
_ALL = select(segments).where(_OF_UPLOAD).order_by(segments.c.start)
_LAST = select(segments).where(_OF_UPLOAD).order_by(segments.c.start.desc()).limit(1)
_AT = select(segments).where(_OF_UPLOAD, segments.c.start == bindparam("at")).limit(1)
_DROP_ONE = delete(segments).where(segments.c.key == bindparam("at"))
_DROP = delete(segments).where(_OF_UPLOAD)


def add(connection: Connection, given: Sequence[Segment]) -> None:
    insert_rows(connection, segments, (asdict(segment) for segment in given))


def of(connection: Connection, upload_id: UploadId) -> Sequence[Segment]:
    return [_segment(row) for row in connection.execute(_ALL, {"upload": upload_id})]


def last(connection: Connection, upload_id: UploadId) -> Segment | None:
    return _one(connection, _LAST, upload=upload_id)


def at(connection: Connection, upload_id: UploadId, start: int) -> Segment | None:
    return _one(connection, _AT, upload=upload_id, at=start)


def count(connection: Connection, upload_ids: Sequence[UploadId]) -> int:
    counted = select(func.count()).where(segments.c.upload_id.in_(upload_ids))
    return connection.scalar(counted) or 0


def page(connection: Connection, after: str, limit: int) -> Sequence[Segment]:
    found = select(segments).where(segments.c.key > after).order_by(segments.c.key).limit(limit)
    return [_segment(row) for row in connection.execute(found)]


def drop_one(connection: Connection, key: str) -> None:
    connection.execute(_DROP_ONE, {"at": key})


def drop(connection: Connection, upload_id: UploadId) -> Sequence[str]:
    """Returns the keys of their objects."""
    keys = [segment.key for segment in of(connection, upload_id)]
    if keys:
        connection.execute(_DROP, {"upload": upload_id})
    return keys


def _one(connection: Connection, statement: Executable, **asked: object) -> Segment | None:
    row = connection.execute(statement, asked).one_or_none()
    return None if row is None else _segment(row)


def _segment(row: AnyRow) -> Segment:
    return Segment(
        upload_id=UploadId(row.upload_id), key=row.key, start=row.start, size_bytes=row.size_bytes
    )
