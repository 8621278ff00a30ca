"""Shares: a name under which a package is opened, and on which terms."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NewType

from filemanager.domain.packages.data_package import DataPackageId

ShareId = NewType("ShareId", int)


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """``number`` None: whatever the package holds now. ``base`` is scheme and host, with a prefix
    if there is one and without a closing slash, that clones and pointers name for good.

    ``password`` is an Argon2 hash. ``audience``: owners whose token must be sent besides.
    """

    id: ShareId
    slug: str
    package_id: DataPackageId
    number: int | None
    base: str
    description: str
    created_at: datetime
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
