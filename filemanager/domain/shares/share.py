"""Shares: a name under which a package is opened, and on which terms."""

import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import NewType

from filemanager.domain.errors import Malformed
from filemanager.domain.packages.data_package import DataPackageId

ShareId = NewType("ShareId", int)

MAX_SHARES = 100
"""Living ones of a package."""

MAX_AUDIENCE = 100

_SLUG = re.compile(r"[a-z0-9-][a-z0-9.-]{1,62}[a-z0-9-]")


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


def slug_from(text: str) -> str:
    """Raise ``Malformed`` for what cannot be a share's name."""
    if not _SLUG.fullmatch(text):
        raise Malformed(
            "A share's name has 3 to 64 of a-z, 0-9, '.' and '-', and neither begins nor ends with"
            " a dot."
        )
    return text


def random_slug() -> str:
    """128 bits that nobody guesses."""
    return secrets.token_hex(16)


def new_key() -> bytes:
    return secrets.token_bytes(32)
