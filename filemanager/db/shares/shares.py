"""Shares, and all that belongs to them."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import cached_property

from sqlalchemy import Connection, bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from filemanager.db.packages.tables import data_packages, package_items, pointers
from filemanager.db.shares.accesses import SqlShareAccesses
from filemanager.db.shares.capabilities import SqlShareCapabilities
from filemanager.db.shares.objects import paths_with, source_ids
from filemanager.db.shares.packs import SqlSharePacks
from filemanager.db.shares.rows import share_of, values_of
from filemanager.db.shares.tables import shares
from filemanager.db.shares.visits import SqlShareVisits
from filemanager.domain.caller import Owner
from filemanager.domain.ids import Digest, Revision, TreeId
from filemanager.domain.packages.data_package import DataPackageId
from filemanager.domain.shares.errors import ShareUnknown, SlugTaken
from filemanager.domain.shares.share import Share, ShareId
from filemanager.domain.sources.source import SourceId

_FIND = select(shares).where(shares.c.slug == bindparam("which"))
_GET = select(shares).where(shares.c.id == bindparam("which"))
_LIVING = shares.c.package_id == bindparam("package"), shares.c.revoked_at.is_(None)
_PAGE = (
    select(shares)
    .where(*_LIVING, shares.c.id > bindparam("after"))
    .order_by(shares.c.id)
    .limit(bindparam("most"))
)
_PAGE_OF = (
    select(shares)
    .join(data_packages, data_packages.c.id == shares.c.package_id)
    .where(
        data_packages.c.owner == bindparam("whose"),
        data_packages.c.deleted_at.is_(None),
        shares.c.revoked_at.is_(None),
        shares.c.id > bindparam("after"),
    )
    .order_by(shares.c.id)
    .limit(bindparam("most"))
)
_COUNT = select(func.count()).select_from(shares).where(*_LIVING)
_SAVE = update(shares).where(shares.c.id == bindparam("which"))


class SqlShares:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @cached_property
    def capabilities(self) -> SqlShareCapabilities:
        return SqlShareCapabilities(self._connection)

    @cached_property
    def visits(self) -> SqlShareVisits:
        return SqlShareVisits(self._connection)

    @cached_property
    def accesses(self) -> SqlShareAccesses:
        return SqlShareAccesses(self._connection)

    @cached_property
    def packs(self) -> SqlSharePacks:
        return SqlSharePacks(self._connection)

    def add(self, share: Share) -> Share:
        values = {**values_of(share), "visits": 0}
        try:
            with self._connection.begin_nested():
                made = self._connection.execute(insert(shares), values)
        except IntegrityError as error:
            raise SlugTaken(share.slug) from error
        return replace(share, id=ShareId(made.inserted_primary_key[0]), visits=0)  # type: ignore[index]  # of one row there is one

    def find(self, slug: str) -> Share | None:
        row = self._connection.execute(_FIND, {"which": slug}).one_or_none()
        return None if row is None else share_of(row)

    def get(self, share_id: ShareId) -> Share:
        row = self._connection.execute(_GET, {"which": share_id}).one_or_none()
        if row is None:
            raise ShareUnknown
        return share_of(row)

    def page(self, package_id: DataPackageId, after: int, limit: int) -> Sequence[Share]:
        asked = {"package": package_id, "after": after, "most": limit}
        return [share_of(row) for row in self._connection.execute(_PAGE, asked)]

    def page_of(self, owner: Owner, after: int, limit: int) -> Sequence[Share]:
        asked = {"whose": owner, "after": after, "most": limit}
        return [share_of(row) for row in self._connection.execute(_PAGE_OF, asked)]

    def count(self, package_id: DataPackageId) -> int:
        return self._connection.scalar(_COUNT, {"package": package_id}) or 0

    def save(self, share: Share) -> None:
        kept = {"package_id", "created_at"}
        values = {name: value for name, value in values_of(share).items() if name not in kept}
        try:
            with self._connection.begin_nested():
                self._connection.execute(_SAVE.values(values), {"which": share.id})
        except IntegrityError as error:
            raise SlugTaken(share.slug) from error

    def sources(self, tree_id: TreeId, revision: Revision) -> Collection[SourceId]:
        return source_ids(self._connection, tree_id, revision)

    def paths_of_md5(self, tree_id: TreeId, revision: Revision, md5: str) -> Collection[str]:
        place = tree_id, revision
        return paths_with(self._connection, place, package_items.c.md5, pointers.c.md5, [md5])

    def paths_of_sha256s(
        self, tree_id: TreeId, revision: Revision, digests: Collection[Digest]
    ) -> Collection[str]:
        own, pointed = package_items.c.digest, pointers.c.sha256
        return paths_with(self._connection, (tree_id, revision), own, pointed, digests)
