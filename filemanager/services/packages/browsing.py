"""Seeing what packages and their versions hold."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from filemanager.domain.caller import Caller
from filemanager.domain.packages.data_package import (
    DataPackageId,
    Item,
    ItemDifference,
    Level,
    PackageEdition,
)
from filemanager.domain.packages.pointer import ObjectPlace, Pointer
from filemanager.domain.ports import Database, Transaction
from filemanager.domain.sources.source import SourceId
from filemanager.services.packages.access import readable_package

SourceNames = Mapping[SourceId, str]
"""What the sources of pointers are called."""


@dataclass(frozen=True, slots=True)
class Listed:
    """Items of one edition, and the names of the sources that they lie in."""

    edition: PackageEdition
    items: Sequence[Item]
    sources: SourceNames


@dataclass(frozen=True, slots=True)
class ListedLevel:
    edition: PackageEdition
    level: Level
    sources: SourceNames


class PackageBrowser:
    """Each method raises ``DataPackageNotFound`` and ``InsufficientScope``, and ``VersionNotFound``
    where it is asked for one; *number* None is what the package holds now.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def items(
        self,
        caller: Caller,
        package_id: DataPackageId,
        number: int | None,
        after: str | None,
        limit: int,
    ) -> Listed:
        """By path in byte order, those behind *after*."""
        with self._database.read() as tx:
            edition = _edition(tx, caller, package_id, number)
            items = tx.packages.items(edition, after, limit)
            return Listed(edition, items, _names(tx, items))

    def item(
        self, caller: Caller, package_id: DataPackageId, number: int | None, path: str
    ) -> Listed:
        """The one. Raises ``ItemNotFound``."""
        with self._database.read() as tx:
            edition = _edition(tx, caller, package_id, number)
            items = [tx.packages.item(edition, path)]
            return Listed(edition, items, _names(tx, items))

    def level(
        self,
        caller: Caller,
        package_id: DataPackageId,
        number: int | None,
        directory: str,
        page: tuple[str | None, int],
    ) -> ListedLevel:
        """What lies right in a directory; *page* is where it goes on, and how much. Raises
        ``ItemNotFound``.
        """
        with self._database.read() as tx:
            edition = _edition(tx, caller, package_id, number)
            level = tx.packages.level(edition, directory, *page)
            return ListedLevel(edition, level, _names(tx, level.items))

    def versions(
        self, caller: Caller, package_id: DataPackageId, before: int | None, limit: int
    ) -> Sequence[PackageEdition]:
        """Newest first."""
        with self._database.read() as tx:
            package = readable_package(tx, caller, package_id)
            return tx.packages.versions.page(package.id, before, limit)

    def version(self, caller: Caller, package_id: DataPackageId, number: int) -> PackageEdition:
        with self._database.read() as tx:
            return _edition(tx, caller, package_id, number)

    def differences(
        self,
        caller: Caller,
        package_id: DataPackageId,
        numbers: tuple[int | None, int | None],
        page: tuple[str | None, int],
    ) -> tuple[Sequence[ItemDifference], SourceNames]:
        """Between two editions, by path."""
        with self._database.read() as tx:
            old, new = (_edition(tx, caller, package_id, number) for number in numbers)
            found = tx.packages.versions.differences(old, new, *page)
            items = [item for one in found for item in (one.old, one.new) if item is not None]
            return found, _names(tx, items)


def _edition(
    tx: Transaction, caller: Caller, package_id: DataPackageId, number: int | None
) -> PackageEdition:
    readable_package(tx, caller, package_id)
    return tx.packages.edition(package_id, number)


def _names(tx: Transaction, items: Collection[Item]) -> SourceNames:
    ids = {
        one.behind.place.source_id
        for one in items
        if isinstance(one.behind, Pointer) and isinstance(one.behind.place, ObjectPlace)
    }
    return {key: source.name for key, source in tx.sources.get_all(ids).items()} if ids else {}
