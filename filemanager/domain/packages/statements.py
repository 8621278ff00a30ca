"""Signed statements of versions."""

from collections.abc import Iterable

from filemanager.domain.packages.data_package import Item, PackageEdition
from filemanager.domain.statements import statement

PREDICATE_TYPE = "urn:filemanager:package-version:1"


def statement_of(version: PackageEdition, items: Iterable[Item]) -> bytes:
    """A subject for each item whose SHA-256 is known, by path."""
    subjects = [
        {"name": str(item.path), "digest": {"sha256": item.sha256}}
        for item in items
        if item.sha256 is not None
    ]
    predicate = {
        "package": version.package_id,
        "name": version.described.name,
        "version": version.number,
        "items": version.items,
        "bytes": version.size_bytes,
        "pending": version.pending,
        "listing": {"sha256": version.digest},
        "frozenAt": version.frozen_at.isoformat(timespec="milliseconds"),
    }
    return statement(subjects, PREDICATE_TYPE, predicate)
