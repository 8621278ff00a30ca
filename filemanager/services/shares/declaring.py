"""Shares that the settings name: made at the start where they are not there."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import structlog

from filemanager.domain.errors import FilemanagerError
from filemanager.domain.packages.data_package import DataPackageId
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.shares.share import Share, ShareId, new_key
from filemanager.services.shares.owning import OwnedShares


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredShare:
    """``number`` None: whatever the package holds."""

    package_id: DataPackageId
    number: int | None
    description: str


class DeclaredShares:
    """*declared* are by their names. What is there under a name stays as it is, revoked or not."""

    def __init__(
        self,
        database: Database,
        owned: OwnedShares,
        declared: Mapping[str, DeclaredShare],
        base: str,
        clock: Clock,
    ) -> None:
        self._database = database
        self._owned = owned
        self._declared = declared
        self._base = base
        self._clock = clock

    def apply(self) -> None:
        """What cannot be made is logged, and keeps nothing else from being made."""
        for slug, declared in self._declared.items():
            try:
                self._database.write(partial(self._make, self._share(slug, declared)))
            except FilemanagerError as error:
                structlog.get_logger().warning("share_not_made", slug=slug, code=error.code)

    def _share(self, slug: str, declared: DeclaredShare) -> Share:
        return Share(
            id=ShareId(0),
            slug=slug,
            package_id=declared.package_id,
            number=declared.number,
            base=self._base,
            description=declared.description,
            created_at=self._clock(),
            key=new_key(),
        )

    def _make(self, share: Share, tx: Transaction) -> None:
        if tx.shares.find(share.slug) is None:
            self._owned.add(tx, share)
