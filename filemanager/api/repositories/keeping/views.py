"""The JSON of repositories, rendered from domain values."""

from datetime import datetime

from filemanager.api.http.views import View
from filemanager.domain.repositories.package import Base
from filemanager.domain.repositories.repository import Package, Repository, Visibility
from filemanager.domain.trees.history import Pin
from filemanager.services.repositories.keeping.history import (
    ChangeKind,
    PackageChange,
    TellingPublication,
)
from filemanager.services.repositories.keeping.retention import Retained


class RepositoryView(View):
    """``pushes`` counts the changes that were taken, ``published_through`` those that clients see.

    ``revision`` is the number of the newest publication, null before the first.
    """

    path: str
    base: Base
    visibility: Visibility
    pushes: int
    published_through: int
    published_at: datetime | None
    revision: int | None
    rpm_keys: list[str]
    keep_latest: int | None


class RepositoryList(View):
    repositories: list[RepositoryView]


class PackageFileView(View):
    """``path`` is that below the door, or behind ``@`` and an edition."""

    path: str
    sha256: str
    size_bytes: int


class RepositoryPackageView(View):
    """``since`` and ``until`` are the publications that it came and went with; null: not yet.

    ``signed_by`` are ids of the keys that an rpm says are its signers'.
    """

    id: int
    name: str
    version: str
    arch: str
    product: str
    added_at: datetime
    removed_at: datetime | None
    since: int | None
    until: int | None
    signed_by: list[str]
    files: list[PackageFileView]


class RepositoryPackageList(View):
    packages: list[RepositoryPackageView]


class PublicationView(View):
    """``came`` and ``went`` count packages; null: what it changed is not kept any more."""

    revision: int
    published_at: datetime
    published_through: int
    came: int | None
    went: int | None


class PublicationList(View):
    publications: list[PublicationView]


class PackageChangeView(View):
    change: ChangeKind
    package: RepositoryPackageView


class PublicationDifferenceView(View):
    from_revision: int
    to_revision: int
    changes: list[PackageChangeView]


class SnapshotView(View):
    name: str
    revision: int
    created_at: datetime


class SnapshotList(View):
    snapshots: list[SnapshotView]


class RetentionView(View):
    """``count`` packages went, or would; of them no more than 1,000 are listed."""

    count: int
    packages: list[RepositoryPackageView]


def repository_view(repository: Repository) -> RepositoryView:
    return RepositoryView(
        path=repository.path,
        base=repository.base,
        visibility=repository.visibility,
        pushes=repository.pushes,
        published_through=repository.published_through,
        published_at=repository.published_at,
        revision=repository.tree.revision if repository.is_published else None,
        rpm_keys=list(repository.rpm_keys),
        keep_latest=repository.keep_latest,
    )


def package_view(package: Package, place: str) -> RepositoryPackageView:
    """*place* is what the paths of its files begin with, without a closing slash."""
    return RepositoryPackageView(
        id=package.id,
        name=package.name,
        version=package.version,
        arch=package.arch,
        product=package.product,
        added_at=package.added_at,
        removed_at=package.removed_at,
        since=package.since,
        until=package.until,
        signed_by=list(package.signed_by),
        files=[
            PackageFileView(
                path=f"{place}/{one.path}", sha256=one.digest, size_bytes=one.size_bytes
            )
            for one in package.files
        ],
    )


def publication_view(told: TellingPublication) -> PublicationView:
    publication, changed = told.publication, told.changed
    return PublicationView(
        revision=publication.revision,
        published_at=publication.published_at,
        published_through=publication.published_through,
        came=None if changed is None else changed.came,
        went=None if changed is None else changed.went,
    )


def change_view(change: PackageChange, place: str) -> PackageChangeView:
    return PackageChangeView(change=change.kind, package=package_view(change.package, place))


def snapshot_view(pin: Pin) -> SnapshotView:
    return SnapshotView(name=pin.name or "", revision=pin.revision, created_at=pin.created_at)


def retention_view(retained: Retained, place: str) -> RetentionView:
    return RetentionView(
        count=retained.count, packages=[package_view(one, place) for one in retained.packages]
    )
