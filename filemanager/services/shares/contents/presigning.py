"""Addresses of many items at once, for whoever fetches them without us in between."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from filemanager.domain.errors import FilemanagerError
from filemanager.domain.packages.data_package import ItemNotFound
from filemanager.domain.packages.pointer import ObjectPlace, Pointer
from filemanager.domain.sources.errors import SourceObjectChanged, SourceObjectGone
from filemanager.services.shares.contents.items import ItemService, SharedItem
from filemanager.services.shares.opening import Opened


@dataclass(frozen=True, slots=True)
class Presigned:
    """``ends_at`` None: it is nobody's to end."""

    path: str
    url: str
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class NotPresigned:
    path: str
    refusal: FilemanagerError


class PresigningService:
    def __init__(self, items: ItemService) -> None:
        self._items = items

    def presign(
        self, opened: Opened, paths: Sequence[str], base: str
    ) -> Sequence[Presigned | NotPresigned]:
        """One for each of *paths*, in their order; what we have ourselves is below *base*.

        Sources are asked about what has no version alone. Raises ``SourceUnavailable``.
        """
        found = self._items.find_all(opened, frozenset(paths))
        return [self._presigned(opened, path, found.get(path), base) for path in paths]

    def address(self, opened: Opened, shared: SharedItem, base: str) -> Presigned | NotPresigned:
        """Of one item. Raises ``SourceUnavailable``."""
        path = str(shared.item.path)
        try:
            if not _has_version(shared):
                self._items.ensure_there(shared)
        except (SourceObjectGone, SourceObjectChanged) as refusal:
            return NotPresigned(path, refusal)
        elsewhere = self._items.elsewhere(opened, shared)
        if elsewhere is None:
            return Presigned(path, f"{base}f/{quote(path)}", opened.ends_at)
        return Presigned(path, elsewhere.url, elsewhere.ends_at)

    def _presigned(
        self, opened: Opened, path: str, shared: SharedItem | None, base: str
    ) -> Presigned | NotPresigned:
        if shared is None:
            return NotPresigned(path, ItemNotFound(path))
        return self.address(opened, shared, base)


def _has_version(shared: SharedItem) -> bool:
    behind = shared.item.behind
    if isinstance(behind, Pointer) and isinstance(behind.place, ObjectPlace):
        return behind.place.pinned.version is not None
    return True
