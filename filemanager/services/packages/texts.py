"""Texts of packages: small files that are kept with it."""

from collections.abc import Sequence
from dataclasses import dataclass

from filemanager.domain.blobs.blob import Content, Put, hashed
from filemanager.domain.blobs.store import BlobStore
from filemanager.domain.caller import Caller
from filemanager.domain.packages.changes import ItemChange, NewItem, PackageLimits
from filemanager.domain.packages.data_package import (
    BlobBehind,
    DataPackage,
    DataPackageId,
    Item,
)
from filemanager.domain.packages.errors import ItemElsewhere
from filemanager.domain.packages.texts import ensure_small, ensure_text, text_type
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.requests.preconditions import UNCONDITIONAL, Preconditions
from filemanager.domain.trees.tree import TreePath
from filemanager.domain.workspaces.log import escaped
from filemanager.services.committing import Committer
from filemanager.services.downloads import Download
from filemanager.services.packages.access import (
    locked_package,
    readable_package,
    writable_package,
)
from filemanager.services.packages.changing import changed, log_package
from filemanager.services.packages.conditions import ensure_item
from filemanager.services.uploads.targets import Settlement


@dataclass(frozen=True, slots=True)
class SentText:
    """*path* as it was sent."""

    path: str
    content: Content

    def item(self) -> NewItem:
        """Raises ``PathRefused``, ``NotAText`` and ``TextTooLarge``."""
        path = TreePath.parse(self.path)
        media_type = text_type(path)
        ensure_small(path, self.content.size_bytes)
        ensure_text(path, self.content.head(self.content.size_bytes))
        behind = BlobBehind(
            digest=self.content.digest,
            size_bytes=self.content.size_bytes,
            md5=hashed(self.content, "md5").hex(),
            is_text=True,
        )
        return NewItem(path=path, behind=behind, media_type=media_type)


@dataclass(frozen=True, slots=True, kw_only=True)
class PutTexts:
    """All or none. *preconditions* are asked of what is at the path of the one text; *settlement*
    is there where the texts came as uploads.
    """

    texts: Sequence[SentText]
    preconditions: Preconditions = UNCONDITIONAL
    settlement: Settlement[DataPackage] | None = None


class TextService:
    def __init__(
        self,
        database: Database,
        blobs: BlobStore,
        committer: Committer,
        limits: PackageLimits,
        clock: Clock,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._committer = committer
        self._limits = limits
        self._clock = clock

    def ensure_writable(self, caller: Caller, package_id: DataPackageId, path: str) -> None:
        """Ask before a byte is read. Raises ``PathRefused``, ``NotAText``, and for the package."""
        text_type(TreePath.parse(path))
        with self._database.read() as tx:
            writable_package(tx, caller, package_id)

    def put(self, caller: Caller, package_id: DataPackageId, asked: PutTexts) -> DataPackage:
        """Put texts into the package, each over what is at its path.

        Raises ``DataPackageNotFound``, ``InsufficientScope``, ``PathRefused``, ``NotAText``,
        ``TextTooLarge``, ``PathInTheWay``, ``PackageFull`` and ``QuotaExceeded``.
        """
        items = [one.item() for one in asked.texts]
        contents = {one.content.digest: one.content for one in asked.texts}

        def work(tx: Transaction, put: Put) -> DataPackage:
            self._committer.keep(tx, put, set(contents))
            package = locked_package(tx, caller, package_id)
            self._ensure_conditions(tx, package, items, asked.preconditions)
            if asked.settlement is not None:
                asked.settlement.begin(tx)
            after = self._changed(tx, caller, package, items)
            if asked.settlement is not None:
                asked.settlement.end(tx, after)
            return after

        return self._committer.commit(lambda: contents, work)

    def open(self, caller: Caller, package_id: DataPackageId, path: str) -> tuple[Item, Download]:
        """The bytes that we keep. Raises ``ItemNotFound``, and ``ItemElsewhere`` for a pointer."""
        with self._database.read() as tx:
            package = readable_package(tx, caller, package_id)
            item = tx.packages.item(tx.packages.edition(package.id, None), path)
            if not isinstance(item.behind, BlobBehind):
                raise ItemElsewhere(path)
            blob = tx.blobs.find([item.behind.digest])[item.behind.digest]
        download = Download(
            name=item.path.name,
            size_bytes=item.size_bytes,
            tag=item.behind.digest,
            modified_at=package.changed_at,
            owner=None,
            stream=lambda start, stop: self._blobs.read(blob, start, stop),
            sha256=item.behind.digest,
        )
        return item, download

    def _ensure_conditions(
        self,
        tx: Transaction,
        package: DataPackage,
        items: Sequence[NewItem],
        preconditions: Preconditions,
    ) -> None:
        if preconditions == UNCONDITIONAL:
            return
        (item,) = items
        edition = tx.packages.edition(package.id, None)
        there = tx.packages.items_at(edition, [item.path]).get(item.path)
        ensure_item(preconditions, package, there)

    def _changed(
        self, tx: Transaction, caller: Caller, package: DataPackage, items: Sequence[NewItem]
    ) -> DataPackage:
        at = self._clock()
        names = ", ".join(f"'{escaped(item.path)}'" for item in items[:10])
        text = f"Put {len(items)} texts ({names}) into package {package.id}"
        log_package(tx, caller, at, "package_put", text)
        change = ItemChange(put=tuple(items))
        return changed(tx, package, change, self._limits, at)
