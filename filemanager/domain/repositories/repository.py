"""Repositories and packages as rows know them."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import NewType

from filemanager.domain.caller import Owner
from filemanager.domain.errors import PreconditionFailed
from filemanager.domain.ids import Digest, Revision, TreeId
from filemanager.domain.quotas import Subject, charge
from filemanager.domain.repositories.address import Address
from filemanager.domain.repositories.package import Base
from filemanager.domain.requests.preconditions import State
from filemanager.domain.trees.history import Purpose
from filemanager.domain.trees.tree import Tree

RepositoryId = NewType("RepositoryId", int)
PackageId = NewType("PackageId", int)


PURPOSE = Purpose("repository")
"""Of the trees of repositories: their history is kept for a time of its own."""


class Visibility(StrEnum):
    PUBLIC = "public"
    PRIVATE = "private"


def repository_subject(path: str) -> Subject:
    return Subject(f"repository:{path}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """``pushes`` counts the changes that were taken, ``published_through`` how many of them
    clients see. The tree's revision is that of the last publication.

    Where there are ``rpm_keys`` (ids of 16 hex digits), packages that come are signed by one of
    them. ``keep_latest`` is how many versions of a package stay; None: all.

    ``mirrored`` is the publication that lies in the bucket whole, since ``mirrored_at``, and
    ``mirror_begun`` the newest of which anything may; None: there is none. ``synced_through`` is
    the change with which all that lay there before had been taken in; None: it never was.

    ``published_at`` is in no second that another publication of it has, be it a little ahead:
    clients compare seconds, and ask whether there is anything newer. ``dated_at`` is what the last
    publication says of itself.
    """

    id: RepositoryId
    path: str
    base: Base
    tree: Tree
    visibility: Visibility = Visibility.PUBLIC
    pushes: int = 0
    published_through: int = 0
    published_at: datetime | None = None
    dated_at: datetime | None = None
    rpm_keys: tuple[str, ...] = ()
    keep_latest: int | None = None
    mirrored: Revision | None = None
    mirror_begun: Revision | None = None
    mirrored_at: datetime | None = None
    synced_through: int | None = None

    @property
    def is_published(self) -> bool:
        return self.published_at is not None

    @property
    def state(self) -> State:
        """As conditions know it: by all that is told of it but its packages."""
        rules = f"{self.visibility} {' '.join(self.rpm_keys)} {self.keep_latest}"
        told = f"{self.pushes} {self.published_through} {self.tree.revision} {rules}"
        tag = sha256(f"{self.path} {told}".encode()).hexdigest()[:32]
        return State(frozenset({tag}), None)


def unmade(address: Address) -> Repository:
    """What there is to tell of a repository that nobody has pushed to or asked for."""
    return Repository(
        id=RepositoryId(0),
        path=address.path,
        base=address.base,
        tree=Tree(id=TreeId(0), revision=Revision(0)),
        visibility=visibility_of(address),
    )


def visibility_of(address: Address) -> Visibility:
    """What a repository begins with."""
    return Visibility.PRIVATE if address.is_private else Visibility.PUBLIC


def as_configured(repository: Repository, address: Address) -> Repository:
    """*repository*, private where the configuration says so by now."""
    return replace(repository, visibility=Visibility.PRIVATE) if address.is_private else repository


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageFile:
    """A file of a package; ``path`` is that in the tree."""

    path: str
    digest: Digest
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPackage:
    """A package to be kept; ``record`` is what indexes are made of. Its first file is the package
    itself, others belong to it: the tarballs of a source.
    """

    name: str
    version: str
    arch: str
    record: bytes
    product: str = ""
    files: tuple[PackageFile, ...]
    signed_by: tuple[str, ...] = ()

    @property
    def charged_bytes(self) -> int:
        """What its repository is charged for it until it is in the tree."""
        return sum(charge(file.size_bytes) for file in self.files)


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """``since`` and ``until`` are the publications that it came and went with; None: not yet.

    ``signed_by`` are the ids of keys that signatures in it name.
    """

    id: PackageId
    tree_id: TreeId
    name: str
    version: str
    arch: str
    product: str
    added_at: datetime
    added_by: Owner
    removed_at: datetime | None = None
    since: Revision | None = None
    until: Revision | None = None
    files: tuple[PackageFile, ...] = ()
    signed_by: tuple[str, ...] = ()
    purged_at: datetime | None = None

    @property
    def state(self) -> State:
        """As conditions know it: its bytes are always the same, so by where it is in its life."""
        life = f"{self.since or 0}-{self.until or 0}-{int(self.removed_at is not None)}"
        return State(frozenset({f"{self.id}-{life}"}), None)


@dataclass(frozen=True, slots=True)
class PackageRecord:
    """What one package adds to indexes; ``digest`` is that of the package itself."""

    name: str
    version: str
    arch: str
    digest: Digest
    record: bytes


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the next publication takes up: packages that came, and those that went; ``unseen`` did
    both before anybody saw them.
    """

    came: tuple[Package, ...] = ()
    went: tuple[Package, ...] = ()
    unseen: tuple[Package, ...] = ()

    @property
    def charged_bytes(self) -> int:
        """What their repository is charged for them until they are in its tree, or gone."""
        files = (file for package in (*self.came, *self.unseen) for file in package.files)
        return sum(charge(file.size_bytes) for file in files)


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """A revision of a repository as clients saw it."""

    revision: Revision
    published_at: datetime
    published_through: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Purge:
    """A package whose bytes are given out no more. ``files`` are those that no other needs."""

    tree_id: TreeId
    packages: tuple[PackageId, ...]
    files: tuple[PackageFile, ...]
    purged_by: Owner
    purged_at: datetime


class PublishedMeanwhile(PreconditionFailed):
    """Another publication came between; never seen by clients."""

    code = "published_meanwhile"

    def __init__(self) -> None:
        super().__init__("The repository was published by another worker meanwhile.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageQuery:
    """A page of packages; ``contains`` is looked for in the name, any case."""

    contains: str | None = None
    name: str | None = None
    arch: str | None = None
    is_living: bool = True
    after: PackageId | None = None
    limit: int = field(default=100)
