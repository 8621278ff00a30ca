"""Capabilities: secrets in a path that open one share for a while."""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NewType

from filemanager.domain.ids import Digest
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


@dataclass(frozen=True, slots=True)
class NewSecret:
    """256 random bits as they stand in a path, and what is kept of them."""

    text: str = field(repr=False)
    digest: Digest


def new_secret() -> NewSecret:
    text = secrets.token_urlsafe(32)
    return NewSecret(text, secret_digest(text))


def secret_digest(text: str) -> Digest:
    return Digest(hashlib.sha256(text.encode()).hexdigest())
