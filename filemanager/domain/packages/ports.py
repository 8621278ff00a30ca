"""The ports of data packages: their rows, items, pointers and versions."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from filemanager.domain.caller import Owner
from filemanager.domain.ids import Digest, Revision
from filemanager.domain.packages.changes import ItemChange
from filemanager.domain.packages.data_package import (
    DataPackage,
    DataPackageId,
    Description,
    Item,
    ItemDifference,
    Level,
    PackageEdition,
)
from filemanager.domain.packages.freezing import Frozen, PackageWork
from filemanager.domain.packages.hashing import HashSlot, SavedHashes
from filemanager.domain.packages.pointer import NewPointer, Pointer, PointerId, PointerState
from filemanager.domain.packages.sums import PackageSums
from filemanager.domain.sources.source import SourceId


class Pointers(Protocol):
    """Rows that all packages share."""

    def hold(self, new: Sequence[NewPointer], at: datetime) -> Sequence[Pointer]:
        """The rows of *new*, in their order, made where there are none yet.

        They have just been seen: what was taken for gone, or for another, is that no more.
        """

    def find_all(self, ids: Collection[PointerId]) -> Mapping[PointerId, Pointer]: ...

    def save_digests(self, pointer_id: PointerId, sha256: Digest, md5: str, at: datetime) -> None:
        """Make it exact, and forget how far the hashing was."""

    def mark(self, pointer_id: PointerId, state: PointerState, at: datetime) -> None:
        """Note what a look at the source has shown; digests that are known stay."""

    def saved_hashes(self, pointer_id: PointerId) -> SavedHashes | None: ...

    def save_hashes(self, pointer_id: PointerId, saved: SavedHashes) -> None: ...

    def take_slot(
        self, source_id: SourceId, claim: str, at: datetime, until: datetime
    ) -> HashSlot | None:
        """One of those that read a source to hash it, until then; None: all are taken."""

    def keep_slot(self, slot: HashSlot, until: datetime) -> bool:
        """False: it ran out, and is another's by now."""

    def free_slot(self, slot: HashSlot) -> None: ...

    def prune(self, made_before: datetime, limit: int) -> int:
        """Delete those that no item has, and that were made before then; returns how many."""


class PackageVersions(Protocol):
    def add(self, frozen: Frozen) -> PackageEdition:
        """Insert the next version, pinned, with its directories and what is pending in it."""

    def of_revision(self, package: DataPackage, revision: Revision) -> PackageEdition | None:
        """The newest of that revision."""

    def page(
        self, package_id: DataPackageId, before: int | None, limit: int
    ) -> Sequence[PackageEdition]:
        """Newest first, those with numbers below *before*."""

    def differences(
        self, old: PackageEdition, new: PackageEdition, after: str | None, limit: int
    ) -> Sequence[ItemDifference]:
        """By path in the byte order of UTF-8, those behind *after*. The work is the change."""


class DataPackages(Protocol):
    @property
    def pointers(self) -> Pointers: ...
    @property
    def versions(self) -> PackageVersions: ...

    def add(self, package: DataPackage) -> DataPackage:
        """Insert a package and its empty tree. Tree and number are not *package*'s to say."""

    def get(self, package_id: DataPackageId) -> DataPackage:
        """Raises ``DataPackageNotFound``, for a deleted one too."""

    def lock(self, package_id: DataPackageId) -> DataPackage:
        """``get``, holding off every other writer of this package until the transaction ends."""

    def page(self, owner: Owner, after: int, limit: int) -> Sequence[DataPackage]:
        """Those that are not deleted, by number, behind *after*."""

    def apply(self, package: DataPackage, change: ItemChange, at: datetime) -> DataPackage:
        """Make the next revision of the locked *package*; as many statements as the change needs.

        Raises ``ItemNotFound`` for what is ended and not there, and ``PathInTheWay``.
        """

    def describe(self, package: DataPackage, described: Description, at: datetime) -> DataPackage:
        """Make the next revision of the locked *package*, with the same items."""

    def delete(self, package: DataPackage, at: datetime) -> None:
        """End the items of the locked *package*, and let go of its versions."""

    def edition(self, package_id: DataPackageId, number: int | None) -> PackageEdition:
        """A version, or what is there now (None). Raises ``DataPackageNotFound`` and
        ``VersionNotFound``.
        """

    def items(self, edition: PackageEdition, after: str | None, limit: int) -> Sequence[Item]:
        """By path in the byte order of UTF-8, those behind *after*; as they were when it was
        frozen: what was pending then is told without digests.
        """

    def item(self, edition: PackageEdition, path: str) -> Item:
        """Raises ``ItemNotFound``."""

    def items_at(self, edition: PackageEdition, paths: Collection[str]) -> Mapping[str, Item]:
        """Those of *paths* that it has."""

    def level(
        self, edition: PackageEdition, directory: str, after: str | None, limit: int
    ) -> Level:
        """What lies right in a directory (without a closing slash; empty: the top). Raises
        ``ItemNotFound`` where nothing lies below it.
        """

    def undigested(
        self, edition: PackageEdition, states: Collection[PointerState], limit: int
    ) -> Sequence[str]:
        """Paths of pointers whose SHA-256 is not known, in one of these states; in any order."""

    def note_work(self, package: DataPackage, work: PackageWork) -> None:
        """Remember what is done for the package, for as long as its job is."""

    def works(self, package: DataPackage) -> Sequence[PackageWork]:
        """What is not over, oldest first."""

    def every(self, after: int, limit: int) -> Sequence[DataPackage]:
        """By number, behind *after*: all owners', deleted ones too."""

    def sums(self, package: DataPackage) -> tuple[PackageSums, PackageSums]:
        """What is counted, and what the rows make, for ``fsck``."""
