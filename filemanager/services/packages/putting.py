"""Putting pointers into a package: each at its path, and none in the place of another unsaid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from filemanager.domain.packages.changes import ItemChange, NewItem, PackageLimits, PointedTo
from filemanager.domain.packages.data_package import BlobBehind, DataPackage, Item
from filemanager.domain.packages.media_types import media_type_of
from filemanager.domain.packages.pointer import NewPointer, ObjectPlace, Pointer
from filemanager.domain.ports import Transaction
from filemanager.domain.trees.errors import PlaceTaken
from filemanager.domain.trees.tree import TreePath
from filemanager.services.packages.changing import changed
from filemanager.services.packages.tasks import hash_tasks


@dataclass(frozen=True, slots=True)
class Added:
    """*count* items are new or others than before."""

    package: DataPackage
    count: int


Placed = Sequence[tuple[TreePath, NewPointer]]
"""Pointers and where they come."""


def add_pointers(
    tx: Transaction, package: DataPackage, placed: Placed, limits: PackageLimits, at: datetime
) -> Added:
    """Put pointers into the locked *package*, and promise to work out their digests.

    What is there already is left: added again, nothing is another. Raises ``PlaceTaken`` for a
    path that two of them would come to.
    """
    pointers = _apart(placed)
    held = tx.packages.pointers.hold(list(pointers.values()), at)
    items = _new_items(list(pointers), held)
    changing = _changing(tx, package, items, pointers)
    if changing:
        package = changed(tx, package, ItemChange(put=changing), limits, at)
    tx.outbox.add_all(hash_tasks(held), at)
    return Added(package, len(changing))


def _apart(placed: Placed) -> Mapping[TreePath, NewPointer]:
    """Keys that differ may be one path, since that is NFC: neither takes the other's place."""
    found: dict[TreePath, NewPointer] = {}
    for path, pointer in placed:
        if found.setdefault(path, pointer) != pointer:
            raise PlaceTaken(path)
    return found


def _new_items(paths: Sequence[TreePath], held: Sequence[Pointer]) -> Sequence[NewItem]:
    return [
        NewItem(
            path=path,
            behind=PointedTo(pointer.id, pointer.size_bytes),
            media_type=media_type_of(path),
        )
        for path, pointer in zip(paths, held, strict=True)
    ]


def _changing(
    tx: Transaction,
    package: DataPackage,
    items: Sequence[NewItem],
    placed: Mapping[TreePath, NewPointer],
) -> tuple[NewItem, ...]:
    """Without those that are there already."""
    edition = tx.packages.edition(package.id, None)
    there = tx.packages.items_at(edition, [item.path for item in items])
    _ensure_no_twin(there, placed)
    return tuple(item for item in items if not _is_at(there.get(item.path), item))


def _ensure_no_twin(there: Mapping[str, Item], placed: Mapping[TreePath, NewPointer]) -> None:
    """What another key of the source came to, on an earlier page of this job or long ago, goes by
    no add that does not name it.
    """
    for path, pointer in placed.items():
        item = there.get(path)
        known = None if item is None or isinstance(item.behind, BlobBehind) else item.behind.place
        if not isinstance(known, ObjectPlace) or not isinstance(pointer.place, ObjectPlace):
            continue
        same_source = known.source_id == pointer.place.source_id
        if same_source and known.pinned.key != pointer.place.pinned.key:
            raise PlaceTaken(path)


def _is_at(there: Item | None, item: NewItem) -> bool:
    if there is None or isinstance(there.behind, BlobBehind):
        return False
    return isinstance(item.behind, PointedTo) and there.behind.id == item.behind.pointer_id
