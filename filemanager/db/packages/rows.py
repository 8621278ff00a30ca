"""Rows of packages, pointers and versions as values of the domain."""

from filemanager.db.engine.columns import AnyRow, moment, optional_moment
from filemanager.db.packages.tables import data_packages, package_versions, pointers
from filemanager.db.trees.tables import trees
from filemanager.domain.caller import Owner
from filemanager.domain.ids import Digest, Revision, TreeId
from filemanager.domain.packages.data_package import (
    DataPackage,
    DataPackageId,
    Description,
    PackageEdition,
)
from filemanager.domain.packages.pointer import (
    ObjectPlace,
    Pointer,
    PointerId,
    PointerState,
    UrlPlace,
)
from filemanager.domain.sources.objects import PinnedObject
from filemanager.domain.sources.source import SourceId

# Looked up a hundred thousand times in a freeze: a dictionary is three times as quick as the enum.
_STATES = {state.value: state for state in PointerState}

PACKAGE_COLUMNS = (
    data_packages.c.number,
    data_packages.c.id,
    data_packages.c.owner,
    data_packages.c.tree_id,
    data_packages.c.described,
    data_packages.c["items"],
    data_packages.c.folders,
    data_packages.c.size_bytes,
    data_packages.c.text_bytes,
    data_packages.c.is_anonymous,
    data_packages.c.created_at,
    data_packages.c.changed_at,
    data_packages.c.deleted_at,
    trees.c.revision,
)

POINTER_COLUMNS = (
    pointers.c.id,
    pointers.c.source_id,
    pointers.c.key,
    pointers.c.version,
    pointers.c.etag,
    pointers.c.url,
    pointers.c.size_bytes,
    pointers.c.sha256,
    pointers.c.md5,
    pointers.c.state,
    pointers.c.checked_at,
)

VERSION_COLUMNS = (
    package_versions.c.id,
    package_versions.c.number,
    package_versions.c.revision,
    package_versions.c.name,
    package_versions.c.described,
    package_versions.c["items"],
    package_versions.c.size_bytes,
    package_versions.c.pending,
    package_versions.c.digest,
    package_versions.c.frozen_at,
)


def package_of(row: AnyRow) -> DataPackage:
    """From the values of ``PACKAGE_COLUMNS``."""
    return DataPackage(
        number=row.number,
        id=DataPackageId(row.id),
        owner=Owner(row.owner),
        tree_id=TreeId(row.tree_id),
        revision=Revision(row.revision),
        described=Description.read(row.described),
        items=row.items,
        folders=row.folders,
        size_bytes=row.size_bytes,
        text_bytes=row.text_bytes,
        is_anonymous=row.is_anonymous,
        created_at=moment(row.created_at),
        changed_at=moment(row.changed_at),
        deleted_at=optional_moment(row.deleted_at),
    )


def pointer_of(row: AnyRow) -> Pointer:
    """From the values of ``POINTER_COLUMNS``."""
    return Pointer(
        id=PointerId(row.id),
        place=_place_of(row),
        size_bytes=row.size_bytes,
        sha256=None if row.sha256 is None else Digest(row.sha256),
        md5=row.md5,
        state=_STATES[row.state],
        checked_at=optional_moment(row.checked_at),
    )


def _place_of(row: AnyRow) -> ObjectPlace | UrlPlace:
    if row.url is not None:
        return UrlPlace(url=row.url)
    pinned = PinnedObject(key=row.key, version=row.version, etag=row.etag)
    return ObjectPlace(source_id=SourceId(row.source_id), pinned=pinned)


def living_edition(package: DataPackage) -> PackageEdition:
    """What is there now."""
    return PackageEdition(
        package_id=package.id,
        owner=package.owner,
        tree_id=package.tree_id,
        revision=package.revision,
        number=None,
        name="latest",
        described=package.described,
        items=package.items,
        size_bytes=package.size_bytes,
        digest=None,
        is_anonymous=package.is_anonymous,
        frozen_at=package.changed_at,
    )


def edition_of(package: DataPackage, row: AnyRow) -> PackageEdition:
    """From the values of ``VERSION_COLUMNS``."""
    return PackageEdition(
        id=row.id,
        package_id=package.id,
        owner=package.owner,
        tree_id=package.tree_id,
        revision=Revision(row.revision),
        number=row.number,
        name=row.name,
        described=Description.read(row.described),
        items=row.items,
        size_bytes=row.size_bytes,
        pending=row.pending,
        digest=Digest(row.digest),
        is_anonymous=package.is_anonymous,
        frozen_at=moment(row.frozen_at),
    )
