"""Moving and deleting items, and whole directories of them."""

from collections.abc import Sequence

from filemanager.domain.caller import Caller
from filemanager.domain.packages.changes import ItemChange, NewItem, PackageLimits, PointedTo
from filemanager.domain.packages.data_package import (
    BlobBehind,
    DataPackage,
    DataPackageId,
    Item,
    ItemNotFound,
    PackageEdition,
)
from filemanager.domain.packages.media_types import media_type_of
from filemanager.domain.packages.texts import text_type
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.requests.preconditions import UNCONDITIONAL, Preconditions
from filemanager.domain.trees.errors import PlaceTaken
from filemanager.domain.trees.tree import TreePath
from filemanager.domain.workspaces.log import escaped
from filemanager.services.packages.access import locked_package
from filemanager.services.packages.changing import changed, log_package
from filemanager.services.packages.conditions import ensure_item

_SLASH = "/"
_PAGE = 1000


class ItemEditor:
    """A path that ends in a slash is a directory, with all that lies below it."""

    def __init__(self, database: Database, limits: PackageLimits, clock: Clock) -> None:
        self._database = database
        self._limits = limits
        self._clock = clock

    def delete(
        self,
        caller: Caller,
        package_id: DataPackageId,
        path: str,
        preconditions: Preconditions = UNCONDITIONAL,
    ) -> DataPackage:
        """Raises ``DataPackageNotFound``, ``InsufficientScope``, ``PathRefused`` and
        ``ItemNotFound``.
        """
        place = TreePath.parse(path.removesuffix(_SLASH))

        def work(tx: Transaction) -> DataPackage:
            package = locked_package(tx, caller, package_id)
            if path.endswith(_SLASH):
                preconditions.ensure(package.state)
                change = ItemChange(end_below=(place,))
            else:
                _ensure_there(tx, package, place, preconditions)
                change = ItemChange(end=(place,))
            text = f"Deleted '{escaped(path)}' of package {package.id}"
            return self._changed(tx, caller, package, change, ("package_remove", text))

        return self._database.write(work)

    def move(
        self,
        caller: Caller,
        package_id: DataPackageId,
        paths: tuple[str, str],
        preconditions: Preconditions = UNCONDITIONAL,
    ) -> DataPackage:
        """Move from the one to the other, never over anything. A text must still be called like
        one.

        Raises like ``delete``, and ``PlaceTaken``, ``PathInTheWay`` and ``NotAText``.
        """
        source, target = (TreePath.parse(path.removesuffix(_SLASH)) for path in paths)

        def work(tx: Transaction) -> DataPackage:
            package = locked_package(tx, caller, package_id)
            edition = tx.packages.edition(package.id, None)
            if paths[0].endswith(_SLASH):
                preconditions.ensure(package.state)
                moved = _below(tx, edition, source)
                names = [f"{target}{item.path.removeprefix(source)}" for item in moved]
            else:
                moved = [_ensure_there(tx, package, source, preconditions)]
                names = [target]
            put = tuple(map(_renamed, moved, map(TreePath.parse, names)))
            _ensure_free(tx, edition, {item.path for item in moved}, put)
            change = ItemChange(end=tuple(item.path for item in moved), put=put)
            told = f"Moved '{escaped(paths[0])}' to '{escaped(paths[1])}' in package {package.id}"
            return self._changed(tx, caller, package, change, ("package_move", told))

        return self._database.write(work)

    def _changed(
        self,
        tx: Transaction,
        caller: Caller,
        package: DataPackage,
        change: ItemChange,
        line: tuple[str, str],
    ) -> DataPackage:
        at = self._clock()
        log_package(tx, caller, at, *line)
        return changed(tx, package, change, self._limits, at)


def _ensure_there(
    tx: Transaction, package: DataPackage, path: TreePath, preconditions: Preconditions
) -> Item:
    item = tx.packages.item(tx.packages.edition(package.id, None), path)
    ensure_item(preconditions, package, item)
    return item


def _below(tx: Transaction, edition: PackageEdition, directory: TreePath) -> Sequence[Item]:
    found: list[Item] = []
    first = f"{directory}{_SLASH}"
    after = first
    while page := tx.packages.items(edition, after, _PAGE):
        inside = [item for item in page if item.path.startswith(first)]
        found += inside
        if len(inside) < len(page):
            break
        after = page[-1].path
    if not found:
        raise ItemNotFound(first)
    return found


def _ensure_free(
    tx: Transaction, edition: PackageEdition, moved: set[TreePath], put: Sequence[NewItem]
) -> None:
    there = tx.packages.items_at(edition, [item.path for item in put])
    for path in sorted(there.keys() - moved):
        raise PlaceTaken(path)


def _renamed(item: Item, path: TreePath) -> NewItem:
    behind = item.behind
    if isinstance(behind, BlobBehind):
        media_type = text_type(path) if behind.is_text else media_type_of(path)
        return NewItem(path=path, behind=behind, media_type=media_type)
    pointed = PointedTo(behind.id, behind.size_bytes)
    return NewItem(path=path, behind=pointed, media_type=media_type_of(path))
