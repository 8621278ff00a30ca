"""What opens shares, by the digest of the secret."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, insert, or_, select

from filemanager.db.engine.columns import milliseconds, optional_milliseconds
from filemanager.db.shares.rows import capability_of
from filemanager.db.shares.tables import capabilities
from filemanager.domain.ids import Digest
from filemanager.domain.shares.capability import CapabilityId, ShareCapability
from filemanager.domain.shares.share import ShareId

_FIND = select(capabilities).where(capabilities.c.digest == bindparam("which"))
_OF_SHARE = capabilities.c.share_id == bindparam("share")
_NUMBERED = select(capabilities).where(_OF_SHARE, capabilities.c.id == bindparam("key"))
_IS_NAMED = capabilities.c.name.is_not(None)
_NAMED = (
    select(capabilities)
    .where(_OF_SHARE, _IS_NAMED, capabilities.c.id > bindparam("after"))
    .order_by(capabilities.c.id)
    .limit(bindparam("most"))
)
_IS_ALIVE = or_(capabilities.c.expires_at.is_(None), capabilities.c.expires_at > bindparam("now"))
_COUNT = select(func.count()).select_from(capabilities).where(_OF_SHARE, _IS_NAMED, _IS_ALIVE)
_REVOKE = delete(capabilities).where(_OF_SHARE, _IS_NAMED, capabilities.c.id == bindparam("key"))
_REVOKE_UNLOCKED = delete(capabilities).where(_OF_SHARE, ~_IS_NAMED)


class SqlShareCapabilities:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, capability: ShareCapability, digest: Digest) -> ShareCapability:
        values = {
            "share_id": capability.share_id,
            "digest": digest,
            "name": capability.name,
            "created_at": milliseconds(capability.created_at),
            "expires_at": optional_milliseconds(capability.expires_at),
        }
        made = self._connection.execute(insert(capabilities), values)
        return replace(capability, id=CapabilityId(made.inserted_primary_key[0]))  # type: ignore[index]  # of one row there is one

    def find(self, digest: Digest) -> ShareCapability | None:
        row = self._connection.execute(_FIND, {"which": digest}).one_or_none()
        return None if row is None else capability_of(row)

    def numbered(self, share_id: ShareId, capability_id: CapabilityId) -> ShareCapability | None:
        asked = {"share": share_id, "key": capability_id}
        row = self._connection.execute(_NUMBERED, asked).one_or_none()
        return None if row is None else capability_of(row)

    def named(self, share_id: ShareId, after: int, limit: int) -> Sequence[ShareCapability]:
        asked = {"share": share_id, "after": after, "most": limit}
        return [capability_of(row) for row in self._connection.execute(_NAMED, asked)]

    def count_named(self, share_id: ShareId, at: datetime) -> int:
        return self._connection.scalar(_COUNT, {"share": share_id, "now": milliseconds(at)}) or 0

    def revoke(self, share_id: ShareId, capability_id: CapabilityId) -> bool:
        gone = self._connection.execute(_REVOKE, {"share": share_id, "key": capability_id})
        return bool(gone.rowcount)

    def revoke_unlocked(self, share_id: ShareId) -> None:
        self._connection.execute(_REVOKE_UNLOCKED, {"share": share_id})

    def prune(self, expired_before: datetime, limit: int) -> int:
        # Read first: MariaDB deletes from no table that a limited subquery reads.
        old = select(capabilities.c.id).where(
            capabilities.c.expires_at < milliseconds(expired_before)
        )
        found = self._connection.scalars(old.limit(limit)).all()
        gone = delete(capabilities).where(capabilities.c.id.in_(found))
        return self._connection.execute(gone).rowcount if found else 0
