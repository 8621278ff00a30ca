"""Data packages, each with the row of its tree."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from filemanager.db.engine.columns import milliseconds
from filemanager.db.packages import changes, items, sums, works
from filemanager.db.packages.pointers import SqlPointers
from filemanager.db.packages.rows import (
    PACKAGE_COLUMNS,
    living_edition,
    package_of,
)
from filemanager.db.packages.tables import (
    data_packages,
    package_directories,
    package_folders,
    package_items,
    package_versions,
    pending_pointers,
)
from filemanager.db.packages.versions import SqlPackageVersions
from filemanager.db.trees.bare import add_tree
from filemanager.db.trees.lives import Step
from filemanager.db.trees.tables import pins, trees
from filemanager.domain.caller import Owner
from filemanager.domain.ids import Revision
from filemanager.domain.packages.changes import ItemChange
from filemanager.domain.packages.data_package import (
    PURPOSE,
    DataPackage,
    DataPackageId,
    DataPackageNotFound,
    Description,
    Item,
    ItemNotFound,
    Level,
    PackageEdition,
)
from filemanager.domain.packages.freezing import PackageWork
from filemanager.domain.packages.pointer import PointerState
from filemanager.domain.packages.sums import PackageSums

_ALL = select(*PACKAGE_COLUMNS).join(trees, trees.c.id == data_packages.c.tree_id)
_LIVING = _ALL.where(data_packages.c.deleted_at.is_(None))
_FIND = _LIVING.where(data_packages.c.id == bindparam("package"))
# PostgreSQL: the keys do not change, so that rows which refer to them are not held up.
_LOCK = _FIND.with_for_update(key_share=True)
_PAGE = (
    _LIVING.where(
        data_packages.c.owner == bindparam("of"), data_packages.c.number > bindparam("behind")
    )
    .order_by(data_packages.c.number)
    .limit(bindparam("most"))
)
_ADD = insert(data_packages).returning(data_packages.c.number)
_DELETE = (
    update(data_packages)
    .where(data_packages.c.number == bindparam("package"))
    .values(
        deleted_at=bindparam("at"),
        changed_at=bindparam("at"),
        **dict.fromkeys(("items", "folders", "size_bytes", "text_bytes"), 0),
    )
)


class SqlDataPackages:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @cached_property
    def pointers(self) -> SqlPointers:
        return SqlPointers(self._connection)

    @cached_property
    def versions(self) -> SqlPackageVersions:
        return SqlPackageVersions(self._connection)

    def add(self, package: DataPackage) -> DataPackage:
        tree = add_tree(self._connection, PURPOSE)
        values = {
            "id": package.id,
            "owner": package.owner,
            "tree_id": tree.id,
            "described": package.described.written,
            "items": 0,
            "folders": 0,
            "size_bytes": 0,
            "text_bytes": 0,
            "is_anonymous": package.is_anonymous,
            "created_at": milliseconds(package.created_at),
            "changed_at": milliseconds(package.changed_at),
        }
        number = self._connection.execute(_ADD, values).scalar_one()
        return replace(package, number=number, tree_id=tree.id, revision=tree.revision)

    def get(self, package_id: DataPackageId) -> DataPackage:
        return self._one(_FIND, package_id)

    def lock(self, package_id: DataPackageId) -> DataPackage:
        return self._one(_LOCK, package_id)

    def page(self, owner: Owner, after: int, limit: int) -> Sequence[DataPackage]:
        values = {"of": owner, "behind": after, "most": limit}
        return [package_of(row) for row in self._connection.execute(_PAGE, values)]

    def apply(self, package: DataPackage, change: ItemChange, at: datetime) -> DataPackage:
        changed = changes.apply(self._connection, package, change, at)
        return replace(changed, changed_at=at)

    def describe(self, package: DataPackage, described: Description, at: datetime) -> DataPackage:
        text = described.written
        revision = changes.describe(self._connection, package, text, at)
        return replace(package, described=described, revision=revision, changed_at=at)

    def delete(self, package: DataPackage, at: datetime) -> None:
        values = {"package": package.number, "at": milliseconds(at)}
        self._connection.execute(_DELETE, values)
        revision = changes.describe(self._connection, package, package.described.written, at)
        step = Step(self._connection, package.tree_id, Revision(revision), milliseconds(at))
        step.end(package_items)
        step.end(package_folders)
        self._let_go(package)

    def edition(self, package_id: DataPackageId, number: int | None) -> PackageEdition:
        package = self.get(package_id)
        if number is None:
            return living_edition(package)
        return self.versions.find(package, number)

    def items(self, edition: PackageEdition, after: str | None, limit: int) -> Sequence[Item]:
        return items.page(self._connection, edition, after, limit)

    def item(self, edition: PackageEdition, path: str) -> Item:
        found = self.items_at(edition, [path])
        if path not in found:
            raise ItemNotFound(path)
        return found[path]

    def items_at(self, edition: PackageEdition, paths: Collection[str]) -> Mapping[str, Item]:
        return items.at_paths(self._connection, edition, paths)

    def level(
        self, edition: PackageEdition, directory: str, after: str | None, limit: int
    ) -> Level:
        return items.level(self._connection, edition, directory, after, limit)

    def undigested(
        self, edition: PackageEdition, states: Collection[PointerState], limit: int
    ) -> Sequence[str]:
        return items.undigested(self._connection, edition, states, limit)

    def note_work(self, package: DataPackage, work: PackageWork) -> None:
        works.note(self._connection, package, work)

    def works(self, package: DataPackage) -> Sequence[PackageWork]:
        return works.unfinished(self._connection, package)

    def every(self, after: int, limit: int) -> Sequence[DataPackage]:
        behind = _ALL.where(data_packages.c.number > after)
        rows = self._connection.execute(behind.order_by(data_packages.c.number).limit(limit))
        return [package_of(row) for row in rows]

    def sums(self, package: DataPackage) -> tuple[PackageSums, PackageSums]:
        return sums.counted(self._connection, package), sums.found(self._connection, package)

    def _let_go(self, package: DataPackage) -> None:
        """Of what was frozen: without pins it goes the way of all history."""
        of_package = package_versions.c.package_number == package.number
        ids = select(package_versions.c.id).where(of_package)
        for table in (package_directories, pending_pointers):
            self._connection.execute(delete(table).where(table.c.version_id.in_(ids)))
        self._connection.execute(delete(package_versions).where(of_package))
        self._connection.execute(delete(pins).where(pins.c.tree_id == package.tree_id))

    def _one(self, statement: Any, package_id: DataPackageId) -> DataPackage:
        row = self._connection.execute(statement, {"package": package_id}).one_or_none()
        if row is None:
            raise DataPackageNotFound
        return package_of(row)
