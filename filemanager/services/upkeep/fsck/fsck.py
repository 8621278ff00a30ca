"""Comparing what the database says with what the store holds, and with itself. Writes nothing."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from filemanager.domain.blobs.blob import StoredBlob, StoredObject
from filemanager.domain.blobs.named_objects import NamedObjects
from filemanager.domain.blobs.store import BlobStore
from filemanager.domain.blobs.upkeep import KnownObject
from filemanager.domain.ports import Database, Transaction
from filemanager.domain.rawstore.stored_file import StoredFile
from filemanager.domain.upkeep.errors import EmptyDatabase
from filemanager.domain.uploads.upload import Segment
from filemanager.domain.workspaces.listing import WorkspaceQuery
from filemanager.domain.workspaces.workspace import Status
from filemanager.services.paging import Item, pages
from filemanager.services.upkeep.fsck.blobs import blob_problems
from filemanager.services.upkeep.fsck.objects import object_problems, paired
from filemanager.services.upkeep.fsck.packages import package_problems
from filemanager.services.upkeep.fsck.quotas import quota_problems
from filemanager.services.upkeep.fsck.raw_files import raw_file_problems
from filemanager.services.upkeep.fsck.repositories import repository_problems
from filemanager.services.upkeep.fsck.segments import is_segment, segment_problems
from filemanager.services.upkeep.fsck.trees import tree_problems
from filemanager.services.upkeep.integrity import is_damaged
from filemanager.services.upkeep.watching import Problem, Watcher

_BATCH = 500
_WORKSPACES = 20
"""How many are compared in one transaction, each with all its entries."""


_OF_ITS_OWN = frozenset({"schedule", "progress"})
"""Tables that a service fills before anybody has asked it for anything."""


@dataclass(slots=True, kw_only=True)
class Checked:
    """What was compared. Unnamed objects are no problem: requests on their way, or left by a crash
    for the sweeper.
    """

    objects: int = 0
    segments: int = 0
    blobs: int = 0
    workspaces: int = 0
    repositories: int = 0
    packages: int = 0
    quotas: int = 0
    unnamed_objects: int = 0
    unnamed_bytes: int = 0
    problems: int = 0


@dataclass(slots=True)
class Fsck:
    """Runs beside the service: what only looks wrong for a moment is looked at again."""

    database: Database
    blobs: BlobStore
    watcher: Watcher
    raw: NamedObjects | None = None
    _checked: Checked = field(init=False, default_factory=Checked)

    def check(self, *, deep: bool) -> Checked:
        """Tell every problem as it is found; *deep* reads every blob and compares its SHA-256.

        Raises ``EmptyDatabase``, ``StoreUnavailable`` and ``DatabaseUnavailable``, which are no
        verdict.
        """
        self._ensure_belongs()
        self._check_objects()
        self._check_segments()
        self._check_blobs(deep=deep)
        self._check_trees()
        self._check_repositories()
        self._check_packages()
        self._check_quotas()
        if self.raw is not None:
            self._check_raw_files(self.raw, deep=deep)
        return self._checked

    def _ensure_belongs(self) -> None:
        """With another database everything in the store would look like a crash's leftovers."""
        with self.database.read() as tx:
            told = (name for name in tx.rows.tables() if name not in _OF_ITS_OWN)
            is_empty = not any(tx.rows.count(name) for name in told)
        if is_empty and any(True for _ in self.blobs.objects()):
            raise EmptyDatabase

    def _check_objects(self) -> None:
        self.watcher.begin("objects", None)
        for row, stored in paired(self._pages(_objects_page), self.blobs.objects()):
            self._tell(object_problems(self.database, self.blobs, row, stored))
            self._count(row, stored)
            self.watcher.advance(1)

    def _count(self, row: KnownObject | None, stored: StoredObject | None) -> None:
        if row is not None:
            self._checked.objects += 1
        elif stored is not None and not is_segment(self.database, stored.key):
            self._checked.unnamed_objects += 1
            self._checked.unnamed_bytes += stored.size_bytes

    def _check_segments(self) -> None:
        self.watcher.begin("segments", None)
        for segment in self._pages(_segments_page):
            self._tell(segment_problems(self.database, self.blobs, segment))
            self._checked.segments += 1
            self.watcher.advance(1)

    def _check_blobs(self, *, deep: bool) -> None:
        with self.database.read() as tx:
            self.watcher.begin("blobs", tx.rows.count("blobs"))
            quarantined = tx.blobs.quarantined()
        self._tell(Problem("blob_quarantined", digest, "known damage") for digest in quarantined)
        for blob in self._pages(_blobs_page):
            self._tell(blob_problems(blob))
            if deep and is_damaged(self.database, self.blobs, blob):
                detail = "its bytes do not have this SHA-256, or cannot be read"
                self._tell([Problem("blob_damaged", blob.digest, detail)])
            self._checked.blobs += 1
            self.watcher.advance(1)

    def _check_trees(self) -> None:
        with self.database.read() as tx:
            self.watcher.begin("workspaces", tx.rows.count("workspaces"))
        # Deleted workspaces are listed only where they are asked for.
        for status in (None, Status.DELETED):
            after: int | None = 0
            while after is not None:
                after = self._check_page(
                    WorkspaceQuery(owner=None, status=status, after=after, limit=_WORKSPACES)
                )

    def _check_page(self, query: WorkspaceQuery) -> int | None:
        with self.database.read() as tx:
            page = tx.workspaces.page(query)
            for workspace in page.workspaces:
                self._tell(tree_problems(tx, workspace))
                self._checked.workspaces += 1
                self.watcher.advance(1)
        return page.next_after

    def _check_repositories(self) -> None:
        with self.database.read() as tx:
            self.watcher.begin("repositories", tx.rows.count("repositories"))
        path = ""
        while found := self._next_repository(path):
            path = found

    def _next_repository(self, after: str) -> str | None:
        """Compare one; each is read in a transaction of its own. None: there are no more."""
        with self.database.read() as tx:
            for repository in tx.repositories.page(after, 1):
                self._tell(repository_problems(tx, repository))
                self._checked.repositories += 1
                self.watcher.advance(1)
                return repository.path
        return None

    def _check_packages(self) -> None:
        with self.database.read() as tx:
            self.watcher.begin("packages", tx.rows.count("data_packages"))
        number = 0
        while found := self._next_package(number):
            number = found

    def _next_package(self, after: int) -> int | None:
        """Likewise."""
        with self.database.read() as tx:
            for package in tx.packages.every(after, 1):
                self._tell(package_problems(tx, package))
                self._checked.packages += 1
                self.watcher.advance(1)
                return package.number
        return None

    def _check_quotas(self) -> None:
        with self.database.read() as tx:
            self._checked.quotas = tx.rows.count("quotas")
            self.watcher.begin("quotas", self._checked.quotas)
            self._tell(quota_problems(tx))
        self.watcher.advance(self._checked.quotas)

    def _check_raw_files(self, objects: NamedObjects, *, deep: bool) -> None:
        with self.database.read() as tx:
            self.watcher.begin("raw files", tx.rows.count("stored_files"))
        for file in self._pages(_raw_page):
            self._tell(raw_file_problems(self.database, objects, file, deep=deep))
            self.watcher.advance(1)

    def _tell(self, problems: Iterable[Problem]) -> None:
        for problem in problems:
            self._checked.problems += 1
            self.watcher.problem(problem)

    def _pages(self, page: Callable[[Transaction, Item | None], Sequence[Item]]) -> Iterator[Item]:
        return chain.from_iterable(pages(self.database, page))


def _objects_page(tx: Transaction, last: KnownObject | None) -> Sequence[KnownObject]:
    return tx.blobs.objects_page(last.key if last else "", _BATCH)


def _segments_page(tx: Transaction, last: Segment | None) -> Sequence[Segment]:
    return tx.uploads.segments_page(last.key if last else "", _BATCH)


def _raw_page(tx: Transaction, last: StoredFile | None) -> Sequence[StoredFile]:
    return tx.stored_files.page((last.bucket, last.key) if last else ("", ""), _BATCH)


def _blobs_page(tx: Transaction, last: StoredBlob | None) -> Sequence[StoredBlob]:
    return tx.blobs.page(last.digest if last else None, _BATCH)
