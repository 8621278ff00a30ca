"""Data packages: what is counted of each and frozen in its versions, against its items."""

from collections.abc import Iterator
from dataclasses import asdict

from filemanager.domain.packages.data_package import DataPackage, PackageEdition
from filemanager.domain.ports import Transaction
from filemanager.services.packages.surveying import survey
from filemanager.services.upkeep.watching import Problem

_BATCH = 100


def package_problems(tx: Transaction, package: DataPackage) -> Iterator[Problem]:
    """Of a package that was read in this same transaction, be it deleted."""
    counted, found = (asdict(one) for one in tx.packages.sums(package))
    for name, count in counted.items():
        if count != found[name]:
            detail = f"{name} is {count}, the items make it {found[name]}"
            yield Problem("package_total", package.id, detail)
    if package.deleted_at is None:
        for version in _versions(tx, package):
            yield from _version_problems(tx, package, version)


def _versions(tx: Transaction, package: DataPackage) -> Iterator[PackageEdition]:
    before: int | None = None
    while page := tx.packages.versions.page(package.id, before, _BATCH):
        yield from page
        before = page[-1].number


def _version_problems(
    tx: Transaction, package: DataPackage, version: PackageEdition
) -> Iterator[Problem]:
    surveyed = survey(tx, version)
    if surveyed.listing.digest != version.digest:
        detail = "its items are not those that were frozen"
        yield Problem("package_version", f"{package.id} v{version.number}", detail)
