"""The port of repositories: their rows, their packages, and what publications made of them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from filemanager.domain.caller import Owner
from filemanager.domain.ids import Digest, Revision, TreeId
from filemanager.domain.repositories.address import Address
from filemanager.domain.repositories.history import ChangeCount, PackageChangeQuery, Restoration
from filemanager.domain.repositories.mirror import BucketObject, Changes
from filemanager.domain.repositories.published import (
    FoundIndex,
    IndexDigest,
    IndexPage,
    PublishedIndex,
)
from filemanager.domain.repositories.repository import (
    NewPackage,
    Package,
    PackageFile,
    PackageId,
    PackageQuery,
    PackageRecord,
    Publication,
    Purge,
    Repository,
    Waiting,
)
from filemanager.domain.repositories.retention import PackageVersion
from filemanager.domain.trees.tree import Entry


class RepositoryPackages(Protocol):
    """The packages of a tree. A package lives from its push until it is removed; names, versions
    and architectures of living ones are unique together.
    """

    def add(
        self, tree_id: TreeId, packages: Sequence[NewPackage], by: Owner, at: datetime
    ) -> Sequence[Package]:
        """The caller holds the tree's lock and has looked for living ones of the same names."""

    def living(self, tree_id: TreeId, names: Collection[str]) -> Sequence[Package]:
        """The living packages of these names, with their files."""

    def at_paths(
        self, tree_id: TreeId, paths: Collection[str]
    ) -> Mapping[str, Sequence[tuple[PackageId, PackageFile]]]:
        """By path, the files there of living packages."""

    def get(self, tree_id: TreeId, package_id: PackageId) -> Package:
        """Living or not. Raises ``PackageUnknown``."""

    def find_all(self, tree_id: TreeId, packages: Collection[PackageId]) -> Sequence[Package]:
        """Those that there are, living or not, by id."""

    def alive_at(self, tree_id: TreeId, revision: Revision) -> Sequence[PackageId]:
        """The packages of a revision that were not purged."""

    def incarnations(self, tree_id: TreeId, digest: Digest) -> Sequence[Package]:
        """All that came with this file as the package itself, living or not, by id."""

    def holders(
        self, tree_id: TreeId, files: Collection[PackageFile]
    ) -> Mapping[PackageFile, Collection[PackageId]]:
        """Which packages need each file, living or not, but for those that were purged."""

    def purge(self, tree_id: TreeId, packages: Collection[PackageId], at: datetime) -> None:
        """End those that live, and let none come back: their rows go as soon as no publication of
        now shows them, whatever pins them.
        """

    def remove(self, tree_id: TreeId, packages: Collection[PackageId], at: datetime) -> None:
        """End living packages."""

    def page(self, tree_id: TreeId, query: PackageQuery) -> Sequence[Package]:
        """By id, with their files."""

    def waiting(self, tree_id: TreeId) -> Waiting:
        """What came or went since the last publication."""

    def counts(self, tree_id: TreeId) -> Mapping[str, int]:
        """How many packages live, by architecture."""

    def records(
        self, tree_id: TreeId, arches: Collection[str], first: str, behind: str | None
    ) -> Sequence[PackageRecord]:
        """Living packages of these architectures whose names lie in ``[first, behind)`` of the byte
        order, in no order; None: to the end.
        """

    def take_up(self, waiting: Waiting, revision: Revision, at: datetime) -> None:
        """Note that a publication shows what came, and shows no more what went; what nobody saw is
        deleted.
        """

    def as_given(self, tree_id: TreeId, packages: Collection[PackageId]) -> Sequence[NewPackage]:
        """Packages as they were added, living or not, in the order of their ids."""

    def versions(self, tree_id: TreeId) -> Iterable[PackageVersion]:
        """Of all living packages, by id."""

    def changed_between(self, tree_id: TreeId, query: PackageChangeQuery) -> Sequence[Package]:
        """By id; what came has a later ``since`` than the old revision."""

    def change_counts(
        self, tree_id: TreeId, revisions: Collection[Revision]
    ) -> Mapping[Revision, ChangeCount]:
        """By publication; none for one that changed nothing."""

    def restoration(self, tree_id: TreeId, revision: Revision) -> Restoration:
        """What leads from the living packages back to those of *revision* that were not purged."""


class Purges(Protocol):
    """Files that nobody is to see again, at any revision: the entries of their trees go as soon as
    they have ended, whatever pins them.
    """

    def add(self, purge: Purge) -> None: ...

    def digests(self, tree_id: TreeId, path: str) -> Collection[Digest]:
        """What was purged at a path."""

    def among(self, tree_id: TreeId, files: Collection[PackageFile]) -> Collection[PackageFile]: ...

    def holds(self, tree_id: TreeId, package_id: PackageId) -> bool: ...


class PublishedIndexes(Protocol):
    """Indexes and their pages, each alive from one publication to another."""

    def pages(self, tree_id: TreeId, files: Collection[str]) -> Mapping[str, Sequence[IndexPage]]:
        """The living pages of *files*, each in the order of its keys, by one query."""

    def replace_pages(
        self,
        tree_id: TreeId,
        revision: Revision,
        at: datetime,
        changes: Mapping[str, tuple[Collection[str], Sequence[IndexPage]]],
    ) -> None:
        """By file: end the living pages of these keys, and begin those."""

    def replace_indexes(
        self, tree_id: TreeId, revision: Revision, at: datetime, indexes: Sequence[PublishedIndex]
    ) -> None:
        """Make *indexes* the living ones; those that are the same live on."""

    def find(self, tree_id: TreeId, path: str, revision: Revision) -> FoundIndex | None:
        """An index of a revision."""

    def find_by_sum(
        self, tree_id: TreeId, directory: str, digest: IndexDigest, ended_after: datetime
    ) -> FoundIndex | None:
        """The newest index right in *directory* with these bytes that lives or ended after then."""

    def find_kept(self, tree_id: TreeId, path: str, ended_after: datetime) -> FoundIndex | None:
        """The newest index of a path that lives or ended after then."""

    def page_ids(self, tree_id: TreeId, revision: Revision) -> Mapping[str, Sequence[int]]:
        """By file, which pages a revision has, in the order of their keys."""

    def listing(self, tree_id: TreeId, revision: Revision) -> Sequence[PublishedIndex]:
        """Every index of a revision by path, without pages."""


class KnownObjects(Protocol):
    """Files of packages in the bucket that clients read, by path."""

    def find(self, tree_id: TreeId, paths: Collection[str]) -> Mapping[str, BucketObject]: ...

    def note(self, tree_id: TreeId, objects: Sequence[BucketObject]) -> None:
        """In place of what was known of their paths."""

    def forget(self, tree_id: TreeId, paths: Collection[str]) -> None: ...

    def ours(self, tree_id: TreeId) -> Sequence[str]:
        """The paths of those that we have written."""

    def quarantined(self, tree_id: TreeId) -> Sequence[BucketObject]:
        """Those that were not taken in, by path."""


class Leftovers(Protocol):
    """What lies in the bucket and is part of no publication that clients may be reading soon, by
    path: it is to be deleted.
    """

    def add(self, tree_id: TreeId, paths: Collection[str], due_at: datetime) -> None:
        """What is among them already keeps its time."""

    def remove(self, tree_id: TreeId, paths: Collection[str]) -> None: ...

    def hasten(self, tree_id: TreeId, due_at: datetime) -> None:
        """All are due by then at the latest."""

    def due(self, tree_id: TreeId, at: datetime, limit: int) -> Sequence[str]: ...

    def among(self, tree_id: TreeId, paths: Collection[str]) -> Collection[str]: ...


class Repositories(Protocol):
    @property
    def packages(self) -> RepositoryPackages: ...
    @property
    def indexes(self) -> PublishedIndexes: ...
    @property
    def purges(self) -> Purges: ...
    @property
    def known_objects(self) -> KnownObjects: ...
    @property
    def leftovers(self) -> Leftovers: ...

    def find(self, path: str) -> Repository | None: ...

    def hold(self, address: Address) -> Repository:
        """Lock the repository against every other writer; it is made where there is none.

        Who holds several takes them in the order of their paths.
        """

    def lock(self, path: str) -> Repository:
        """Raises ``RepositoryUnknown``."""

    def save(self, repository: Repository) -> None:
        """Write everything but the id, path, base and tree."""

    def find_all(self, paths: Collection[str]) -> Mapping[str, Repository]:
        """By path, those of them that have been made."""

    def page(self, after: str, limit: int) -> Sequence[Repository]:
        """By path in byte order, those behind *after*."""

    def private(self) -> Sequence[Repository]:
        """Those that not everybody may read."""

    def unmirrored(self, at: datetime) -> Sequence[str]:
        """The paths of those whose bucket is not as it should be: their newest publication does not
        lie there whole, a leftover is due, or what nobody may read was written.
        """

    def add_publication(self, tree_id: TreeId, publication: Publication) -> None: ...

    def publication(self, tree_id: TreeId, revision: Revision) -> Publication | None: ...

    def publications(
        self, tree_id: TreeId, before: Revision | None, limit: int
    ) -> Sequence[Publication]:
        """The newest first."""

    def changes(self, tree_id: TreeId, old: Revision, new: Revision) -> Changes:
        """What came and what went from *old*, 0 for nothing, to *new*."""

    def ended_file(self, tree_id: TreeId, path: str, ended_after: datetime) -> Entry | None:
        """The newest entry at a path that went after then."""

    def digests(self, after: Digest | None, limit: int) -> Sequence[Digest]:
        """Every blob that a package's file is, by digest."""

    def file_paths(
        self, tree_id: TreeId, revision: Revision, directory: str
    ) -> Iterable[tuple[str, int | None, datetime]]:
        """What lies right in *directory* (a path without a closing slash; empty: the top) at a
        revision, by name: name, bytes (None: a directory) and the time of the newest entry there;
        entries alone, no indexes.
        """
