"""Shares: a name under which a package is opened, and on which terms."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import NewType

from filemanager.domain.packages.data_package import DataPackageId

ShareId = NewType("ShareId", int)

MAX_SHARES = 100
"""Living ones of a package."""

MAX_AUDIENCE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """``number`` None: whatever the package holds now. ``base`` is scheme and host, with a prefix
    if there is one and without a closing slash, that clones and pointers name for good.

    ``key`` hides addresses and makes visits unforgeable. ``password`` is an Argon2 hash.
    ``audience``: owners whose token must be sent besides. Without ``is_listed`` nothing tells what
    there is: who knows a path fetches it. A revoked share stays, so that nobody else takes its
    name.
    """

    id: ShareId
    slug: str
    package_id: DataPackageId
    number: int | None
    base: str
    description: str
    created_at: datetime
    key: bytes = field(default=b"", repr=False)
    password: str | None = field(default=None, repr=False)
    expires_at: datetime | None = None
    max_visits: int | None = None
    visits: int = 0
    is_listed: bool = True
    audience: frozenset[str] = frozenset()
    revoked_at: datetime | None = None

    @property
    def is_protected(self) -> bool:
        return self.password is not None or bool(self.audience)

    @property
    def url(self) -> str:
        """Ends in a slash: what is relative to it lies in the share."""
        return f"{self.base}/s/{self.slug}/"


def new_key() -> bytes:
    return secrets.token_bytes(32)
