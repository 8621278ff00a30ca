"""Pointers as items: to an object of a source, a URL, or a file of a workspace."""

from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from filemanager.domain.caller import Caller, Scope
from filemanager.domain.errors import BlobsGone, NotOwner
from filemanager.domain.ids import Digest, WorkspaceId
from filemanager.domain.packages.changes import ItemChange, NewItem, PackageLimits, PointedTo
from filemanager.domain.packages.data_package import BlobBehind, DataPackage, DataPackageId, Item
from filemanager.domain.packages.errors import PointerRefused
from filemanager.domain.packages.media_types import media_type_of
from filemanager.domain.packages.pointer import NewPointer, ObjectPlace, Pointer, UrlPlace
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.requests.preconditions import UNCONDITIONAL, Preconditions
from filemanager.domain.sources.objects import PinnedObject, SourceObject, Sources
from filemanager.domain.sources.source import Source, SourceId
from filemanager.domain.trees.errors import FileNotFound
from filemanager.domain.trees.tree import Entry, TreePath, locate
from filemanager.domain.workspaces.errors import WorkspaceNotFound
from filemanager.domain.workspaces.log import escaped
from filemanager.services.facts import FactService
from filemanager.services.packages.access import (
    ensure_readable,
    locked_package,
    writable_package,
)
from filemanager.services.packages.changing import changed, log_package
from filemanager.services.packages.conditions import ensure_item
from filemanager.services.packages.tasks import hash_tasks
from filemanager.services.sources.rights import readable
from filemanager.services.workspaces.summary import live

_KEY_CHARACTERS = 1024
_URL_CHARACTERS = 2000
_ETAG_CHARACTERS = 255
_HTTPS = 443
_NOT_IN_URLS = frozenset(' "<>\\^`{|}')
"""RFC 3986 has none of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectWish:
    """*key* is without the source's prefix; *version* None: the latest."""

    source: str
    key: str
    version: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UrlWish:
    url: str
    size_bytes: int
    sha256: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceFileWish:
    """*path* is a public one."""

    workspace_id: WorkspaceId
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PointerTools:
    """*hosts* may be pointed to by URLs: ``host`` or ``host:port``."""

    database: Database
    sources: Sources
    facts: FactService
    hosts: Collection[str]
    limits: PackageLimits
    clock: Clock


class PointerService:
    def __init__(self, tools: PointerTools) -> None:
        self._tools = tools

    def put(
        self,
        caller: Caller,
        package_id: DataPackageId,
        path: str,
        wish: ObjectWish | UrlWish | WorkspaceFileWish,
        preconditions: Preconditions = UNCONDITIONAL,
    ) -> Item:
        """Put a pointer, or a file of a workspace, at *path*.

        Raises ``DataPackageNotFound``, ``InsufficientScope``, ``PathRefused``, ``SourceUnknown``,
        ``SourceObjectGone``, ``SourceUnavailable``, ``PointerRefused``, ``WorkspaceNotFound``,
        ``FileNotFound``, and what a change of items does.
        """
        place = TreePath.parse(path)
        with self._tools.database.read() as tx:
            package = writable_package(tx, caller, package_id)
        found: NewPointer | BlobBehind
        match wish:
            case ObjectWish():
                found = self._object(package, wish)
            case UrlWish():
                found = self._url(wish)
            case WorkspaceFileWish():
                found = self._file(caller, wish)

        def work(tx: Transaction) -> Item:
            if isinstance(found, BlobBehind):
                self._want(tx, found)
            package = locked_package(tx, caller, package_id)
            edition = tx.packages.edition(package.id, None)
            there = tx.packages.items_at(edition, [place]).get(place)
            ensure_item(preconditions, package, there)
            behind = found if isinstance(found, BlobBehind) else self._held(tx, package, found)
            return self._changed(tx, caller, package, _item(place, behind))

        return self._tools.database.write(work)

    def _object(self, package: DataPackage, wish: ObjectWish) -> NewPointer:
        with self._tools.database.read() as tx:
            source = readable(tx, wish.source, package.owner)
        objects = self._tools.sources.objects_of(source)
        if wish.version is None:
            found = objects.find(wish.key)
        else:
            found = objects.ensure_there(PinnedObject(key=wish.key, version=wish.version))
        return pointer_to(source, found)

    def _url(self, wish: UrlWish) -> NewPointer:
        ensure_pointable(wish.url, self._tools.hosts)
        place = UrlPlace(url=wish.url)
        return NewPointer(place=place, size_bytes=wish.size_bytes, sha256=wish.sha256)

    def _file(self, caller: Caller, wish: WorkspaceFileWish) -> BlobBehind:
        with self._tools.database.read() as tx:
            entry = _entry(tx, caller, wish)
        return BlobBehind(
            digest=entry.digest,
            size_bytes=entry.size_bytes,
            md5=self._tools.facts.md5(entry.digest),
            is_text=False,
        )

    def _want(self, tx: Transaction, behind: BlobBehind) -> None:
        """Hold the blob for this transaction; one that was swept meanwhile is no file any more."""
        try:
            tx.blobs.want([behind.digest], self._tools.clock())
        except BlobsGone as gone:
            raise FileNotFound from gone

    def _held(self, tx: Transaction, package: DataPackage, new: NewPointer) -> Pointer:
        """The right to the source is looked at again, as its row says now."""
        if isinstance(new.place, ObjectPlace):
            ensure_readable(tx, [SourceId(new.place.source_id)], package.owner)
        (pointer,) = tx.packages.pointers.hold([new], self._tools.clock())
        return pointer

    def _changed(
        self, tx: Transaction, caller: Caller, package: DataPackage, item: NewItem
    ) -> Item:
        at = self._tools.clock()
        text = f"Put a pointer '{escaped(item.path)}' into package {package.id}"
        log_package(tx, caller, at, "package_point", text)
        after = changed(tx, package, ItemChange(put=(item,)), self._tools.limits, at)
        made = tx.packages.item(tx.packages.edition(after.id, None), item.path)
        if not isinstance(made.behind, BlobBehind):
            tx.outbox.add_all(hash_tasks([made.behind]), at)
        return made


def pointer_to(source: Source, found: SourceObject) -> NewPointer:
    """Raises ``PointerRefused`` for what is too long to be kept."""
    lengths = (
        (found.key, _KEY_CHARACTERS),
        (found.version or "", _KEY_CHARACTERS),
        (found.etag, _ETAG_CHARACTERS),
    )
    if any(len(text) > limit for text, limit in lengths):
        raise PointerRefused(found.key, "its key, version or ETag is too long")
    pinned = PinnedObject(key=found.key, version=found.version, etag=found.etag)
    place = ObjectPlace(source_id=source.id, pinned=pinned)
    return NewPointer(place=place, size_bytes=found.size_bytes)


def ensure_pointable(url: str, hosts: Collection[str]) -> None:
    """Raise ``PointerRefused`` for what would make of a share a redirect to anywhere."""
    if why := _fault_of(url, hosts):
        raise PointerRefused(url, why)


def _fault_of(url: str, hosts: Collection[str]) -> str | None:
    is_plain = url.isascii() and url.isprintable() and not _NOT_IN_URLS & set(url)
    if not is_plain or len(url) > _URL_CHARACTERS:
        return f"it is longer than {_URL_CHARACTERS} characters, or not percent-encoded"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "it is no URL"
    if parts.scheme != "https" or not parts.hostname:
        return "it is no URL of https"
    if "@" in parts.netloc or parts.fragment:
        return "it has credentials or a fragment in it"
    named = parts.hostname if port in (None, _HTTPS) else f"{parts.hostname}:{port}"
    return None if named in hosts else "its host is not one of FILEMANAGER_POINTER_HOSTS"


def _item(path: TreePath, behind: BlobBehind | Pointer) -> NewItem:
    media_type = media_type_of(path)
    if isinstance(behind, BlobBehind):
        return NewItem(path=path, behind=behind, media_type=media_type)
    pointed = PointedTo(behind.id, behind.size_bytes)
    return NewItem(path=path, behind=pointed, media_type=media_type)


def _entry(tx: Transaction, caller: Caller, wish: WorkspaceFileWish) -> Entry:
    """Raises ``WorkspaceNotFound`` too where *caller* may not know of it."""
    caller.ensure_may_ask(Scope.READ, str(wish.workspace_id))
    workspace = live(tx, wish.workspace_id)
    try:
        workspace.ensure_allows(caller, Scope.READ)
    except NotOwner as stranger:
        raise WorkspaceNotFound from stranger
    area, place = locate(wish.path)
    return tx.trees.find(workspace.tree.id, area, place)
