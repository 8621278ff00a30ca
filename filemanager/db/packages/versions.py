"""Versions: each a pin, the digest of its listing, and what was said and known by then."""

from collections.abc import Iterator, Sequence
from heapq import merge
from itertools import islice

from sqlalchemy import Connection, Select, bindparam, func, insert, select

from filemanager.db.engine.columns import milliseconds
from filemanager.db.engine.statements import insert_rows
from filemanager.db.packages import items
from filemanager.db.packages.rows import (
    PACKAGE_COLUMNS,
    VERSION_COLUMNS,
    edition_of,
    package_of,
)
from filemanager.db.packages.tables import (
    data_packages,
    package_directories,
    package_items,
    package_versions,
    pending_pointers,
)
from filemanager.db.trees.lives import begun_between, ended_between
from filemanager.db.trees.pins import SqlPins
from filemanager.db.trees.tables import pins, trees
from filemanager.domain.ids import Revision
from filemanager.domain.packages.data_package import (
    DataPackage,
    DataPackageId,
    ItemDifference,
    PackageEdition,
    VersionNotFound,
)
from filemanager.domain.packages.freezing import Frozen
from filemanager.domain.trees.history import Pin

_ADD = insert(package_versions).returning(package_versions.c.id)
_OF_PACKAGE = select(*VERSION_COLUMNS).where(
    package_versions.c.package_number == bindparam("package")
)
_FIND = _OF_PACKAGE.where(package_versions.c.number == bindparam("version"))
_OF_REVISION = (
    _OF_PACKAGE.where(package_versions.c.revision == bindparam("at"))
    .order_by(package_versions.c.number.desc())
    .limit(1)
)
_HIGHEST = select(func.coalesce(func.max(package_versions.c.number), 0)).where(
    package_versions.c.package_number == bindparam("package")
)
# The addition keeps planners from the index of paths, along which they would walk all of a package:
# those of lives lead to what differs alone.
_PATH = package_items.c.path + ""
_PACKAGE = (
    select(*PACKAGE_COLUMNS)
    .join(trees, trees.c.id == data_packages.c.tree_id)
    .where(data_packages.c.id == bindparam("package"))
)


class SqlPackageVersions:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, frozen: Frozen) -> PackageEdition:
        surveyed = frozen.edition
        package = package_of(
            self._connection.execute(_PACKAGE, {"package": surveyed.package_id}).one()
        )
        pin = Pin(
            tree_id=surveyed.tree_id,
            revision=surveyed.revision,
            created_by=frozen.by,
            created_at=frozen.at,
        )
        pinned = SqlPins(self._connection, (pins,)).add(pin)
        number = int(self._connection.scalar(_HIGHEST, {"package": package.number}) or 0) + 1
        values = {
            "package_number": package.number,
            "number": number,
            "pin_id": pinned.id,
            "revision": surveyed.revision,
            "name": frozen.name or f"v{number}",
            "described": surveyed.described.written,
            "items": surveyed.items,
            "size_bytes": surveyed.size_bytes,
            "pending": len(frozen.pending),
            "digest": frozen.digest,
            "frozen_at": milliseconds(frozen.at),
        }
        version_id = self._connection.execute(_ADD, values).scalar_one()
        self._add_directories(version_id, frozen)
        return self.find(package, number)

    def find(self, package: DataPackage, number: int) -> PackageEdition:
        """Raises ``VersionNotFound``."""
        values = {"package": package.number, "version": number}
        row = self._connection.execute(_FIND, values).one_or_none()
        if row is None:
            raise VersionNotFound(number)
        return edition_of(package, row)

    def of_revision(self, package: DataPackage, revision: Revision) -> PackageEdition | None:
        values = {"package": package.number, "at": revision}
        row = self._connection.execute(_OF_REVISION, values).one_or_none()
        return None if row is None else edition_of(package, row)

    def page(
        self, package_id: DataPackageId, before: int | None, limit: int
    ) -> Sequence[PackageEdition]:
        package = package_of(self._connection.execute(_PACKAGE, {"package": package_id}).one())
        statement = _OF_PACKAGE.order_by(package_versions.c.number.desc()).limit(limit)
        if before is not None:
            statement = statement.where(package_versions.c.number < before)
        rows = self._connection.execute(statement, {"package": package.number})
        return [edition_of(package, row) for row in rows]

    def differences(
        self, old: PackageEdition, new: PackageEdition, after: str | None, limit: int
    ) -> Sequence[ItemDifference]:
        found: list[ItemDifference] = []
        while len(found) < limit:
            paths = self._changed_paths(old, new, after, limit)
            found += self._compared(old, new, paths)
            if len(paths) < limit:
                break
            after = paths[-1]
        return found[:limit]

    def _compared(
        self, old: PackageEdition, new: PackageEdition, paths: Sequence[str]
    ) -> Iterator[ItemDifference]:
        """What came back as it was is no difference."""
        before = items.at_paths(self._connection, old, paths)
        after = items.at_paths(self._connection, new, paths)
        for path in paths:
            then, now = before.get(path), after.get(path)
            if then is None or now is None or then.behind != now.behind:
                yield ItemDifference(path=path, old=then, new=now)

    def _changed_paths(
        self, old: PackageEdition, new: PackageEdition, after: str | None, limit: int
    ) -> Sequence[str]:
        first, last = sorted((old, new), key=lambda one: one.revision)
        span = (package_items, old.tree_id, first.revision, last.revision)
        statements = [
            select(package_items.c.path).where(ended_between(*span)),
            select(package_items.c.path).where(begun_between(*span)),
            *(_pending_paths(one) for one in (old, new) if one.pending),
        ]
        pages = (self._page_of(statement, after, limit) for statement in statements)
        return list(islice(_distinct(merge(*pages, key=str.encode)), limit))

    def _page_of(self, paths: Select[str], after: str | None, limit: int) -> Sequence[str]:
        behind = paths if after is None else paths.where(after < _PATH)
        page = behind.order_by(_PATH).limit(limit)
        return self._connection.scalars(page).all()

    def _add_directories(self, version_id: int, frozen: Frozen) -> None:
        rows = (
            {
                "version_id": version_id,
                "path": one.path,
                "items": one.items,
                "size_bytes": one.size_bytes,
            }
            for one in frozen.directories
        )
        insert_rows(self._connection, package_directories, rows)
        pending = (
            {"version_id": version_id, "pointer_id": pointer_id} for pointer_id in frozen.pending
        )
        insert_rows(self._connection, pending_pointers, pending)


def _pending_paths(edition: PackageEdition) -> Select[str]:
    """What one of two editions does not tell, the other may."""
    return (
        select(package_items.c.path)
        .join(pending_pointers, pending_pointers.c.pointer_id == package_items.c.pointer_id)
        .where(pending_pointers.c.version_id == edition.id, items.alive(package_items, edition))
    )


def _distinct(paths: Iterator[str]) -> Iterator[str]:
    last: str | None = None
    for path in paths:
        if path != last:
            yield path
        last = path
