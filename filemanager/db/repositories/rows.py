"""Rows of repositories and packages as values of the domain."""

from collections.abc import Sequence

from filemanager.db.engine.columns import (
    UNTIL_FOREVER,
    AnyRow,
    moment,
    optional_moment,
)
from filemanager.db.repositories.tables import packages, repositories
from filemanager.db.trees.rows import TREE_COLUMNS, tree_of
from filemanager.domain.caller import Owner
from filemanager.domain.ids import Digest, Revision, TreeId
from filemanager.domain.repositories.package import Base
from filemanager.domain.repositories.repository import (
    Package,
    PackageFile,
    PackageId,
    Repository,
    RepositoryId,
    Visibility,
)

_OWN_COLUMNS = (
    repositories.c.id,
    repositories.c.path,
    repositories.c.base,
    repositories.c.visibility,
    repositories.c.pushes,
    repositories.c.published_through,
    repositories.c.published_at,
    repositories.c.dated_at,
    repositories.c.rpm_keys,
    repositories.c.keep_latest,
    repositories.c.mirrored,
    repositories.c.mirror_begun,
    repositories.c.mirrored_at,
    repositories.c.synced_through,
)
REPOSITORY_COLUMNS = (*_OWN_COLUMNS, *TREE_COLUMNS)

PACKAGE_COLUMNS = (
    packages.c.id,
    packages.c.tree_id,
    packages.c.name,
    packages.c.version,
    packages.c.arch,
    packages.c.product,
    packages.c.added_at,
    packages.c.added_by,
    packages.c.removed_at,
    packages.c.since,
    packages.c.until,
    packages.c.signed_by,
    packages.c.purged_at,
)


def repository_of(row: AnyRow) -> Repository:
    """From the values of ``REPOSITORY_COLUMNS``."""
    own, tree = row[: len(_OWN_COLUMNS)], row[len(_OWN_COLUMNS) :]
    key, path, base, visibility, pushes, published_through, published_at, dated_at, *more = own
    keys, keep_latest, mirrored, mirror_begun, mirrored_at, synced_through = more
    return Repository(
        id=RepositoryId(key),
        path=path,
        base=Base(base),
        tree=tree_of(tuple(tree)),
        visibility=Visibility(visibility),
        pushes=pushes,
        published_through=published_through,
        published_at=optional_moment(published_at),
        dated_at=optional_moment(dated_at),
        rpm_keys=tuple(keys.split()),
        keep_latest=keep_latest,
        mirrored=mirrored,
        mirror_begun=mirror_begun,
        mirrored_at=optional_moment(mirrored_at),
        synced_through=synced_through,
    )


def package_of(row: AnyRow, files: Sequence[PackageFile]) -> Package:
    """From the values of ``PACKAGE_COLUMNS``."""
    key, tree_id, name, version, arch, product, *life = row
    added_at, added_by, removed_at, since, until, signed_by, purged_at = life
    return Package(
        id=PackageId(key),
        tree_id=TreeId(tree_id),
        name=name,
        version=version,
        arch=arch,
        product=product,
        added_at=moment(added_at),
        added_by=Owner(added_by),
        removed_at=optional_moment(removed_at),
        since=_revision(since),
        until=_revision(until),
        files=tuple(files),
        signed_by=tuple(signed_by.split()),
        purged_at=optional_moment(purged_at),
    )


def file_of(path: str, digest: str, size_bytes: int) -> PackageFile:
    return PackageFile(path=path, digest=Digest(digest), size_bytes=size_bytes)


def _revision(number: int) -> Revision | None:
    return None if number == UNTIL_FOREVER else Revision(number)
