"""Capabilities: secrets in a path that open one share for a while."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NewType

from filemanager.domain.shares.share import ShareId

CapabilityId = NewType("CapabilityId", int)

UNLOCKED_FOR = timedelta(hours=24)
MAX_ACCESS_KEYS = 100
"""Of a share, those that have not ended."""

MAX_UNLOCKS = 1000
"""Of a share in an hour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareCapability:
    """``name`` None: a password, or a token, was given for it; else it is an access key, which its
    share's owner made and named.
    """

    id: CapabilityId
    share_id: ShareId
    name: str | None
    created_at: datetime
    expires_at: datetime | None

    def is_alive(self, at: datetime) -> bool:
        return self.expires_at is None or at < self.expires_at
