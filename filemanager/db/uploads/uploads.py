"""Uploads and their segments."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, exists, func, select, update

from filemanager.db.engine.callers import caller_of, caller_values
from filemanager.db.engine.columns import AnyRow, milliseconds, moment
from filemanager.db.engine.statements import chunks, insert_rows
from filemanager.db.quotas.tables import reservations
from filemanager.db.uploads import segments as segments_of_uploads
from filemanager.db.uploads import tables as models
from filemanager.db.uploads.leaves import leave_of, save_leaves
from filemanager.db.uploads.readable import readable
from filemanager.db.uploads.tables import segments, uploads
from filemanager.domain.caller import Owner
from filemanager.domain.ids import Digest, WorkspaceId
from filemanager.domain.jobs.job import JobId
from filemanager.domain.quotas import ReservationId
from filemanager.domain.uploads.grant import KnownLeave, Leave, Reader
from filemanager.domain.uploads.targets import (
    DropTarget,
    InvitationTarget,
    PackageTarget,
    PartTarget,
    RepositoryTarget,
    Target,
    WorkspaceTarget,
)
from filemanager.domain.uploads.upload import (
    INCOMING,
    BatchId,
    Segment,
    Upload,
    UploadId,
    UploadNotFound,
    UploadState,
    Way,
)

_PLACE = f"{INCOMING}/"
_OF_ID = uploads.c.id == bindparam("upload")
_GET = select(uploads).where(_OF_ID)
_LOCK = _GET.with_for_update()
_OF_BATCH = (
    select(uploads)
    .where(uploads.c.owner == bindparam("of"), uploads.c.batch == bindparam("together"))
    .order_by(uploads.c.id)
)
# Without an order: the first that the index has.
_LOCK_ANY = _OF_BATCH.order_by(None).limit(1).with_for_update()
_LOCK_BATCH = _OF_BATCH.with_for_update()
_SAVE = update(uploads).where(_OF_ID)
_OVER = tuple(state.value for state in (UploadState.RECEIVED, UploadState.REFUSED))
_IS_EXPIRED = uploads.c.expires_at < bindparam("at")
_COUNT_EXPIRED = select(func.count()).where(_IS_EXPIRED)
_COUNT_EXPIRED_RESERVATIONS = select(func.count(reservations.c.id.distinct())).where(
    reservations.c.expires_at < bindparam("at"),
    ~exists().where(uploads.c.reservation == reservations.c.id, _IS_EXPIRED),
)


class SqlUploads:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, uploads: Sequence[Upload]) -> None:
        insert_rows(self._connection, models.uploads, (_new(upload) for upload in uploads))

    def get(self, upload_id: UploadId) -> Upload:
        return self._one(_GET, upload_id)

    def lock(self, upload_id: UploadId) -> Upload:
        return self._one(_LOCK, upload_id)

    def lock_batch(self, owner: Owner, batch: BatchId) -> Sequence[Upload]:
        rows = self._connection.execute(_LOCK_BATCH, {"of": owner, "together": batch})
        return [_upload(row) for row in rows]

    def of_batch(self, owner: Owner, batch: BatchId) -> Sequence[Upload]:
        rows = self._connection.execute(_OF_BATCH, {"of": owner, "together": batch})
        return [_upload(row) for row in rows]

    def lock_any_of_batch(self, owner: Owner, batch: BatchId) -> Upload | None:
        rows = self._connection.execute(_LOCK_ANY, {"of": owner, "together": batch})
        row = rows.one_or_none()
        return None if row is None else _upload(row)

    def save(self, upload: Upload) -> None:
        self.save_all([upload])

    def save_all(self, uploads: Sequence[Upload]) -> None:
        for chunk in chunks(uploads):
            rows = [{"upload": upload.id} | _values(upload) for upload in chunk]
            self._connection.execute(_SAVE, rows)

    def count_open(self, owner: Owner | None) -> int:
        statement = select(func.count()).where(uploads.c.state.not_in(_OVER))
        its_own = statement if owner is None else statement.where(uploads.c.owner == owner)
        return self._connection.scalar(its_own) or 0

    def expire(self, owners: Sequence[Owner], at: datetime) -> None:
        then = milliseconds(at)
        for chunk in chunks(owners):
            theirs = uploads.c.owner.in_(chunk), uploads.c.state.not_in(_OVER)
            later = uploads.c.expires_at > then
            self._connection.execute(update(uploads).where(*theirs, later).values(expires_at=then))

    def unfinished(
        self, owner: Owner, at: datetime, after: UploadId | None, limit: int
    ) -> Sequence[Upload]:
        statement = (
            select(uploads)
            .where(
                uploads.c.owner == owner,
                uploads.c.state.not_in(_OVER),
                uploads.c.expires_at > milliseconds(at),
                uploads.c.id > (after or ""),
            )
            .order_by(uploads.c.id)
            .limit(limit)
        )
        return [_upload(row) for row in self._connection.execute(statement)]

    def expired(self, before: datetime, limit: int) -> Sequence[Upload]:
        statement = (
            select(uploads)
            .where(uploads.c.expires_at < milliseconds(before))
            .order_by(uploads.c.expires_at)
            .limit(limit)
        )
        return [_upload(row) for row in self._connection.execute(statement)]

    def count_expired(self, before: datetime) -> int:
        at = {"at": milliseconds(before)}
        counts = (_COUNT_EXPIRED, _COUNT_EXPIRED_RESERVATIONS)
        return sum(self._connection.scalar(one, at) or 0 for one in counts)

    def delete(self, upload_id: UploadId) -> None:
        self.drop_segments(upload_id)
        self._connection.execute(delete(uploads).where(_OF_ID), {"upload": upload_id})

    def add_segment(self, segment: Segment) -> None:
        self.add_segments([segment])

    def add_segments(self, segments: Sequence[Segment]) -> None:
        segments_of_uploads.add(self._connection, segments)

    def drop_segment(self, key: str) -> None:
        segments_of_uploads.drop_one(self._connection, key)

    def last_segment(self, upload_id: UploadId) -> Segment | None:
        return segments_of_uploads.last(self._connection, upload_id)

    def segment_at(self, upload_id: UploadId, start: int) -> Segment | None:
        return segments_of_uploads.at(self._connection, upload_id, start)

    def count_segments(self, upload_ids: Sequence[UploadId]) -> int:
        return segments_of_uploads.count(self._connection, upload_ids)

    def segments(self, upload_id: UploadId) -> Sequence[Segment]:
        return segments_of_uploads.of(self._connection, upload_id)

    def segments_page(self, after: str, limit: int) -> Sequence[Segment]:
        return segments_of_uploads.page(self._connection, after, limit)

    def drop_segments(self, upload_id: UploadId) -> Sequence[str]:
        return segments_of_uploads.drop(self._connection, upload_id)

    def save_leaves(self, leaves: Sequence[Leave]) -> None:
        save_leaves(self._connection, leaves)

    def leave(self, capability: str) -> KnownLeave:
        return leave_of(self._connection, capability)

    def readable(self, digests: Collection[Digest], reader: Reader) -> Collection[Digest]:
        return readable(self._connection, digests, reader)

    def _one(self, statement: Select[Any], upload_id: UploadId) -> Upload:
        row = self._connection.execute(statement, {"upload": upload_id}).one_or_none()
        if row is None:
            raise UploadNotFound
        return _upload(row)


def known_segments(connection: Connection, keys: Collection[str]) -> frozenset[str]:
    """Which objects under ``incoming/`` hold bytes of an upload, or are called by the id of one
    that is put there by its client.
    """
    found: set[str] = set()
    for chunk in chunks(sorted(key for key in keys if key.startswith(_PLACE))):
        found.update(connection.scalars(select(segments.c.key).where(segments.c.key.in_(chunk))))
        ids = [key.removeprefix(_PLACE) for key in chunk]
        open_ones = uploads.c.id.in_(ids), uploads.c.state == UploadState.OPEN.value
        awaited = connection.scalars(select(uploads.c.id).where(*open_ones))
        found.update(f"{_PLACE}{upload_id}" for upload_id in awaited)
    return frozenset(found)


def _new(upload: Upload) -> dict[str, object]:
    return {
        **_values(upload),
        "id": upload.id,
        "owner": upload.owner,
        "way": upload.way.value,
        "batch": upload.batch,
        "reservation": upload.reservation,
        "created_at": milliseconds(upload.created_at),
    }


def _values(upload: Upload) -> dict[str, object]:
    return {
        "caller": json.dumps(caller_values(upload.caller)),
        "target": json.dumps(_target_values(upload.target)),
        "state": upload.state.value,
        "size_bytes": upload.size_bytes,
        "received_bytes": upload.received_bytes,
        "digest": upload.digest,
        "is_known": upload.is_known,
        "generation": upload.generation,
        "metadata": upload.metadata,
        "parts": json.dumps(upload.parts),
        "part_bytes": upload.part_bytes,
        "store_name": upload.store_name,
        "job_id": upload.job_id,
        "result": None if upload.result is None else json.dumps(dict(upload.result)),
        "code": upload.code,
        "message": upload.message,
        "expires_at": milliseconds(upload.expires_at),
    }


def _upload(row: AnyRow) -> Upload:
    return Upload(
        id=UploadId(row.id),
        owner=Owner(row.owner),
        caller=caller_of(json.loads(row.caller)),
        way=Way(row.way),
        target=_target(json.loads(row.target)),
        batch=BatchId(row.batch),
        reservation=ReservationId(row.reservation),
        state=UploadState(row.state),
        size_bytes=row.size_bytes,
        received_bytes=row.received_bytes,
        digest=None if row.digest is None else Digest(row.digest),
        is_known=row.is_known,
        generation=row.generation,
        metadata=row.metadata,
        parts=tuple(UploadId(part) for part in json.loads(row.parts)),
        part_bytes=row.part_bytes,
        store_name=row.store_name,
        job_id=None if row.job_id is None else JobId(row.job_id),
        result=None if row.result is None else json.loads(row.result),
        code=row.code,
        message=row.message,
        created_at=moment(row.created_at),
        expires_at=moment(row.expires_at),
    )


def _target_values(target: Target) -> dict[str, object]:
    return {"kind": _KINDS[type(target)], **asdict(target)}


def _target(values: dict[str, Any]) -> Target:
    kind = values.pop("kind")
    if kind == "workspace":
        workspace_id = WorkspaceId(values.pop("workspace_id"))
        return WorkspaceTarget(workspace_id=workspace_id, **values)
    return _OTHERS[kind](**values)


_KINDS: Mapping[type[Target], str] = {
    WorkspaceTarget: "workspace",
    DropTarget: "drop",
    RepositoryTarget: "repository",
    PackageTarget: "package",
    InvitationTarget: "invitation",
    PartTarget: "part",
}
_OTHERS: Mapping[str, Callable[..., Target]] = {
    _KINDS[kind]: kind
    for kind in (DropTarget, RepositoryTarget, PackageTarget, InvitationTarget, PartTarget)
}
