"""The ports of data packages: their rows, items, pointers and versions."""

from collections.abc import Sequence
from typing import Protocol

from filemanager.domain.packages.data_package import (
    DataPackage,
    DataPackageId,
    Item,
    Level,
    PackageEdition,
)


class DataPackages(Protocol):
    def get(self, package_id: DataPackageId) -> DataPackage:
        """Raises ``DataPackageNotFound``, for a deleted one too."""

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

    def level(
        self, edition: PackageEdition, directory: str, after: str | None, limit: int
    ) -> Level:
        """What lies right in a directory (without a closing slash; empty: the top). Raises
        ``ItemNotFound`` where nothing lies below it.
        """
