"""The items of a share: where their bytes are, and how a guest gets them."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from filemanager.domain.blobs.store import BlobStore
from filemanager.domain.packages.data_package import BlobBehind, Item
from filemanager.domain.packages.pointer import ObjectPlace, Pointer, UrlPlace
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.shares.errors import SharedSourceClosed
from filemanager.domain.sources.objects import SignedMethod, SignedWish, SourceObjects, Sources
from filemanager.domain.sources.source import Source, SourceId
from filemanager.services.downloads import Download
from filemanager.services.shares.contents.looking import RememberedLooks
from filemanager.services.shares.opening import Opened
from filemanager.services.sources.rights import all_readable

LIFE = timedelta(minutes=15)
"""Of a signed URL, at most."""

_SHORTEST = timedelta(seconds=1)
_ETAG = re.compile(r"[!#-~]{1,255}")


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A URL that a guest is sent to. ``ends_at`` None: it is nobody's to end."""

    url: str
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class SharedItem:
    """``source`` is where it lies, None where we have its bytes, or it is a URL."""

    item: Item
    edition_at: datetime
    source: Source | None


class ItemService:
    def __init__(
        self,
        database: Database,
        blobs: BlobStore,
        sources: Sources,
        clock: Clock,
        life: timedelta = LIFE,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._sources = sources
        self._looks = RememberedLooks(clock)
        self._clock = clock
        self._life = life

    def find(self, opened: Opened, path: str) -> SharedItem:
        """Raises ``ItemNotFound``."""
        with self._database.read() as tx:
            item = tx.packages.item(opened.edition, path)
            sources = _sources_of(tx, opened, [item])
        return _shared(opened, item, sources)

    def find_all(self, opened: Opened, paths: Collection[str]) -> Mapping[str, SharedItem]:
        """Those that there are, asked for at once."""
        with self._database.read() as tx:
            items = tx.packages.items_at(opened.edition, paths)
            sources = _sources_of(tx, opened, items.values())
        return {path: _shared(opened, item, sources) for path, item in items.items()}

    def shared(self, opened: Opened, items: Collection[Item]) -> Sequence[SharedItem]:
        """*items* of the edition, which were read already. Raises ``SharedSourceClosed``."""
        with self._database.read() as tx:
            sources = _sources_of(tx, opened, items)
        return [_shared(opened, item, sources) for item in items]

    def are_bytes_ours(self, shared: SharedItem) -> bool:
        """Whether they come from us, and not from where a guest is sent."""
        if isinstance(shared.item.behind, BlobBehind):
            return True
        found = self._objects(shared)
        return found is not None and not found[1].signs

    def ensure_there(self, shared: SharedItem) -> None:
        """Raises ``SourceObjectGone``, ``SourceObjectChanged`` and ``SourceUnavailable``."""
        found = self._objects(shared)
        if found is not None:
            place, objects = found
            self._looks.ensure_there(place, objects)

    def download(self, shared: SharedItem) -> Download:
        """What can be said of it and, unless it lies elsewhere, its bytes."""
        item = shared.item
        return Download(
            name=item.path.name,
            size_bytes=item.size_bytes,
            tag=_tag(item),
            modified_at=shared.edition_at,
            owner=None,
            stream=lambda start, stop: self._read(shared, start, stop),
            sha256=item.sha256,
        )

    def elsewhere(self, opened: Opened, shared: SharedItem) -> Elsewhere | None:
        """Where a guest is to fetch it; None: from us. Nothing is asked."""
        behind = shared.item.behind
        if isinstance(behind, Pointer) and isinstance(behind.place, UrlPlace):
            return Elsewhere(behind.place.url, None)
        found = self._objects(shared)
        if found is None or not found[1].signs:
            return None
        place, objects = found
        at = self._clock()
        ends_at = min(at + self._life, opened.ends_at or at + self._life)
        name = quote(shared.item.path.name, safe="")
        wish = SignedWish(
            disposition=f"attachment; filename*=UTF-8''{name}",
            media_type=shared.item.media_type,
        )
        lifetime = max(ends_at - at, _SHORTEST)
        url = objects.sign(place.pinned, SignedMethod.GET, wish, lifetime)
        return Elsewhere(url, ends_at)

    def _read(self, shared: SharedItem, start: int, stop: int) -> Iterator[bytes]:
        behind = shared.item.behind
        if isinstance(behind, BlobBehind):
            with self._database.read() as tx:
                blob = tx.blobs.find([behind.digest])[behind.digest]
            return self._blobs.read(blob, start, stop)
        found = self._objects(shared)
        if found is None:
            raise SharedSourceClosed
        place, objects = found
        return objects.read(place.pinned, start, stop)

    def _objects(self, shared: SharedItem) -> tuple[ObjectPlace, SourceObjects] | None:
        behind = shared.item.behind
        if shared.source is None or isinstance(behind, BlobBehind):
            return None
        if isinstance(behind.place, UrlPlace):
            return None
        return behind.place, self._sources.objects_of(shared.source)


def _sources_of(
    tx: Transaction, opened: Opened, items: Collection[Item]
) -> Mapping[SourceId, Source]:
    """Raises ``SharedSourceClosed`` for what the package's owner may not read by now."""
    ids = {place.source_id for item in items if (place := _place(item)) is not None}
    found = all_readable(tx, ids, opened.edition.owner)
    if len(found) < len(ids):
        raise SharedSourceClosed
    return found


def _shared(opened: Opened, item: Item, sources: Mapping[SourceId, Source]) -> SharedItem:
    place = _place(item)
    source = None if place is None else sources[place.source_id]
    return SharedItem(item, opened.edition.frozen_at, source)


def _place(item: Item) -> ObjectPlace | None:
    behind = item.behind
    if isinstance(behind, Pointer) and isinstance(behind.place, ObjectPlace):
        return behind.place
    return None


def _tag(item: Item) -> str:
    """What the bytes are told apart by: where they lie elsewhere, that place's own name for them,
    unless it is none that a header takes.
    """
    place = _place(item)
    etag = None if place is None else place.pinned.etag
    if etag and _ETAG.fullmatch(etag):
        return etag
    behind = item.behind
    return item.sha256 or (f"pointer-{behind.id}" if isinstance(behind, Pointer) else item.path)
