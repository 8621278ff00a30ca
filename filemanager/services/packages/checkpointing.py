"""Packages of checkpoints: the files of a workspace as a package with a version, in one call."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from filemanager.domain.caller import Caller, Scope
from filemanager.domain.errors import BlobsGone, InsufficientScope, NotOwner
from filemanager.domain.ids import Digest, WorkspaceId
from filemanager.domain.packages.changes import ItemChange, NewItem, PackageLimits
from filemanager.domain.packages.data_package import BlobBehind, Description, PackageEdition
from filemanager.domain.packages.errors import PackageFull
from filemanager.domain.packages.media_types import media_type_of
from filemanager.domain.ports import Database, Transaction
from filemanager.domain.trees.tree import Entry, TreePath
from filemanager.domain.workspaces.errors import CheckpointNotFound, WorkspaceNotFound
from filemanager.services.facts import FactService
from filemanager.services.packages.changing import changed
from filemanager.services.packages.freezing import FreezeService, FreezeWish
from filemanager.services.packages.keeping import PackageKeeper
from filemanager.services.workspaces.summary import live


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointedWish:
    """*is_anonymous*: nobody is told of owner, creators and log."""

    workspace_id: WorkspaceId
    checkpoint_id: int
    name: str
    is_anonymous: bool = False


class CheckpointedPackages:
    def __init__(
        self,
        database: Database,
        keeper: PackageKeeper,
        freezing: FreezeService,
        facts: FactService,
        limits: PackageLimits,
    ) -> None:
        self._database = database
        self._keeper = keeper
        self._freezing = freezing
        self._facts = facts
        self._limits = limits

    def create(self, caller: Caller, wish: CheckpointedWish) -> PackageEdition:
        """Make a package of what the checkpoint holds; nothing is copied.

        Raises ``InsufficientScope`` for the package, ``WorkspaceNotFound`` where *caller* may not
        read the workspace and its checkpoints, ``CheckpointNotFound``, ``NothingToFreeze``,
        ``PackageFull`` and ``TooManyDataPackages``.
        """
        caller.ensure_holds(Scope.PACKAGE_WRITE)
        with self._database.read() as tx:
            entries = _entries(tx, caller, wish)
        if len(entries) > self._limits.items:
            raise PackageFull(f"{self._limits.items} items")
        md5s = self._md5s({entry.digest for entry in entries})
        items = [_item(entry, md5s[entry.digest]) for entry in entries]

        def work(tx: Transaction) -> PackageEdition:
            described = Description(name=wish.name)
            package = self._keeper.add(tx, caller, described, is_anonymous=wish.is_anonymous)
            _want(tx, md5s, package.created_at)
            change = ItemChange(put=tuple(items))
            changed(tx, package, change, self._limits, package.created_at)
            return self._freezing.freeze_within(tx, caller, package.id, FreezeWish())

        return self._database.write(work)

    def _md5s(self, digests: set[Digest]) -> Mapping[Digest, str]:
        """Most are known; the others are read once, and then known."""
        with self._database.read() as tx:
            stored = tx.blobs.find(digests)
        return {digest: blob.md5 or self._facts.md5(digest) for digest, blob in stored.items()}


def _entries(tx: Transaction, caller: Caller, wish: CheckpointedWish) -> Sequence[Entry]:
    workspace = live(tx, wish.workspace_id)
    try:
        for scope in (Scope.READ, Scope.READ_CHECKPOINTS):
            workspace.ensure_allows(caller, scope)
    except (InsufficientScope, NotOwner) as refused:
        # Who may not read it learns nothing of it.
        raise WorkspaceNotFound from refused
    for checkpoint in tx.checkpoints.of(workspace.tree.id):
        if checkpoint.id == wish.checkpoint_id:
            return tx.trees.entries(workspace.tree.id, checkpoint.revision)
    raise CheckpointNotFound


def _want(tx: Transaction, digests: Mapping[Digest, str], at: datetime) -> None:
    """Hold the blobs; where some were swept meanwhile, so was the checkpoint."""
    try:
        tx.blobs.want(digests.keys(), at)
    except BlobsGone as gone:
        raise CheckpointNotFound from gone


def _item(entry: Entry, md5: str) -> NewItem:
    path = TreePath.parse(entry.public_path)
    behind = BlobBehind(digest=entry.digest, size_bytes=entry.size_bytes, md5=md5, is_text=False)
    return NewItem(path=path, behind=behind, media_type=media_type_of(path))
