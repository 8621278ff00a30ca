"""Leaves to put bytes of an upload, known by what is kept of their secrets."""

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, delete, select

from filemanager.db.engine.columns import milliseconds, moment
from filemanager.db.engine.statements import insert_rows
from filemanager.db.uploads.tables import leaves
from filemanager.domain.ids import Digest
from filemanager.domain.uploads.grant import KnownLeave, Leave, LeaveNotFound
from filemanager.domain.uploads.upload import UploadId

_FIND = select(leaves).where(leaves.c.capability == bindparam("known"))
_FORGET = delete(leaves).where(
    leaves.c.upload_id == bindparam("upload"), leaves.c.start == bindparam("at")
)


def save_leaves(connection: Connection, given: Sequence[Leave]) -> None:
    known = [leave for leave in given if leave.capability is not None]
    if not known:
        return
    places = [{"upload": one.portion.upload_id, "at": one.portion.start} for one in known]
    connection.execute(_FORGET, places)
    insert_rows(connection, leaves, map(_row, known))


def leave_of(connection: Connection, capability: str) -> KnownLeave:
    row = connection.execute(_FIND, {"known": capability}).one_or_none()
    if row is None:
        raise LeaveNotFound
    return KnownLeave(
        upload_id=UploadId(row.upload_id),
        start=row.start,
        size_bytes=row.size_bytes,
        digest=None if row.digest is None else Digest(row.digest),
        expires_at=moment(row.expires_at),
    )


def _row(leave: Leave) -> dict[str, object]:
    return {
        "upload_id": leave.portion.upload_id,
        "start": leave.portion.start,
        "capability": leave.capability,
        "size_bytes": leave.portion.size_bytes,
        "digest": leave.portion.digest,
        "expires_at": milliseconds(leave.expires_at),
    }
