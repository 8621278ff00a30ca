"""Which blob is the pack of a share, and what it holds the commits of."""

import json

from sqlalchemy import Connection, bindparam, delete, insert, select

from filemanager.db.shares.rows import pack_of
from filemanager.db.shares.tables import packs
from filemanager.domain.shares.pack import PackKind, SharePack
from filemanager.domain.shares.share import ShareId

_OF_SHARE = packs.c.share_id == bindparam("share")
_OF_KIND = _OF_SHARE, packs.c.kind == bindparam("which")
_FIND = select(packs).where(*_OF_KIND)
_FORGET_KIND = delete(packs).where(*_OF_KIND)
_FORGET = delete(packs).where(_OF_SHARE)


class SqlSharePacks:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, share_id: ShareId, kind: PackKind) -> SharePack | None:
        row = self._connection.execute(_FIND, {"share": share_id, "which": kind}).one_or_none()
        return None if row is None else pack_of(row)

    def save(self, pack: SharePack) -> None:
        self._connection.execute(_FORGET_KIND, {"share": pack.share_id, "which": pack.kind})
        values = {
            "share_id": pack.share_id,
            "kind": pack.kind,
            "digest": pack.digest,
            "url": pack.url,
            "refs": json.dumps(pack.refs),
        }
        self._connection.execute(insert(packs), values)

    def forget(self, share_id: ShareId) -> None:
        self._connection.execute(_FORGET, {"share": share_id})
