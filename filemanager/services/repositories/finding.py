"""What lies at a path of a repository at a revision: a file, an index, or a directory."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum

from filemanager.domain.blobs.blob import StoredBlob
from filemanager.domain.blobs.links import BlobLinks, Link
from filemanager.domain.blobs.store import BlobStore
from filemanager.domain.ids import Digest, Revision
from filemanager.domain.ports import Transaction
from filemanager.domain.repositories.errors import PackagePurged
from filemanager.domain.repositories.package import Base
from filemanager.domain.repositories.places import is_package_file, listed_in
from filemanager.domain.repositories.published import FoundIndex, IndexDigest, IndexForm
from filemanager.domain.repositories.repository import Repository
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.errors import FileNotFound
from filemanager.domain.trees.tree import Entry
from filemanager.indexes.index import Index
from filemanager.services.downloads import Download

_BY_HASH = {"MD5Sum": "md5", "SHA1": "sha1", "SHA256": "sha256"}
_EVER = datetime.fromtimestamp(0, UTC)
_POOL = "pool/"
_PACKAGES = "Packages"


class Freshness(Enum):
    """``LASTING``: what is at the address never changes. ``CHANGING``: it may."""

    LASTING = "lasting"
    CHANGING = "changing"


@dataclass(frozen=True, slots=True)
class Row:
    """What lies in a directory; ``size_bytes`` None: a directory itself."""

    name: str
    size_bytes: int | None = None
    modified_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PublishedPlace:
    """A path in a repository at a revision; what ended after *gone_after* is still there, None
    where the revision was named. *links* are for those who read packages, None where we send them.
    """

    tx: Transaction
    repository: Repository
    revision: Revision
    path: str
    gone_after: datetime | None
    links: BlobLinks | None = None

    def file(self, blobs: BlobStore) -> tuple[Download, Freshness] | None:
        """What can be downloaded; None: there is no such file. Raises ``PackagePurged``."""
        entry, purged = self._entry(), self._purged()
        if purged and (entry is None or entry.digest in purged):
            raise PackagePurged
        if entry is not None:
            return self._of_entry(blobs, entry), self._freshness()
        found = self._index()
        return None if found is None else (self._of_index(blobs, found), self._freshness())

    def _purged(self) -> Collection[Digest]:
        """Of packages alone: nothing else is ever purged."""
        if not self.path.startswith(_POOL) and f"/{_PACKAGES}/" not in self.path:
            return ()
        return self.tx.repositories.purges.digests(self.repository.tree.id, self.path)

    def rows(self) -> tuple[Row, ...]:
        """Directories first, then files, each by name. Raises ``FileNotFound`` where there are
        none.
        """
        tree = self.repository.tree.id
        found = {
            name: Row(name, size_bytes, modified_at)
            for name, size_bytes, modified_at in self.tx.repositories.file_paths(
                tree, self.revision, self.path
            )
        }
        found |= {row.name: row for row in self._index_rows() if row.name not in found}
        # The pool of a repository is there before its first package.
        if not found and self.path != f"{_POOL}{self.repository.path.rpartition('/')[2]}":
            raise FileNotFound
        return tuple(sorted(found.values(), key=lambda row: (row.size_bytes is not None, row.name)))

    def _entry(self) -> Entry | None:
        tree = self.repository.tree.id
        try:
            return self.tx.trees.find(tree, Area.SOURCE, self.path, self.revision)
        except FileNotFound:
            if self.gone_after is None:
                return None
            return self.tx.repositories.ended_file(tree, self.path, self.gone_after)

    def _index(self) -> FoundIndex | None:
        tree, indexes = self.repository.tree.id, self.tx.repositories.indexes
        if by_hash := listed_in(self.path):
            directory, (algorithm, _, value) = by_hash[0], by_hash[1].partition("/")
            if algorithm not in _BY_HASH:
                return None
            digest = IndexDigest(_BY_HASH[algorithm], value)
            return indexes.find_by_sum(tree, directory, digest, self.gone_after or _EVER)
        found = indexes.find(tree, self.path, self.revision)
        if found is None and self.gone_after is not None:
            return indexes.find_kept(tree, self.path, self.gone_after)
        return found

    def _freshness(self) -> Freshness:
        """Packages, and indexes at addresses that name their bytes, stay what they are."""
        if self.gone_after is None or self.path.startswith(_POOL) or listed_in(self.path):
            return Freshness.LASTING
        directory, _, name = self.path.rpartition("/")
        is_fixed = directory.endswith(f"/{_PACKAGES}") or name.partition("-")[2] != ""
        is_yum = self.repository.base is Base.RPM
        return Freshness.LASTING if is_yum and is_fixed else Freshness.CHANGING

    def _of_entry(self, blobs: BlobStore, entry: Entry) -> Download:
        return self._of_blob(blobs, entry.digest, entry.modified_at)

    def _of_blob(self, blobs: BlobStore, digest: Digest, at: datetime) -> Download:
        blob = self.tx.blobs.find([digest])[digest]
        return Download(
            name=self._name,
            size_bytes=blob.size_bytes,
            tag=digest,
            modified_at=at,
            owner=None,
            sha256=digest,
            stream=lambda start, stop: blobs.read(blob, start, stop),
            link=self._link(blob),
        )

    def _link(self, blob: StoredBlob) -> Link | None:
        """None for indexes and roots too, which are small and change: one answer is faster."""
        if self.links is None or not is_package_file(self.repository.base, self.path):
            return None
        return self.links.link(blob)

    def _of_index(self, blobs: BlobStore, found: FoundIndex) -> Download:
        sums, form = found.index.sums, found.index.form
        if form is IndexForm.XZ:
            return self._of_blob(blobs, Digest(sums.sha256), found.published_at)
        index = Index(found.pages)
        return Download(
            name=self._name,
            size_bytes=sums.size_bytes,
            tag=sums.sha256,
            modified_at=found.published_at,
            owner=None,
            sha256=sums.sha256,
            stream=index.gzip if form is IndexForm.GZIP else index.plain,
        )

    @property
    def _name(self) -> str:
        return self.path.rpartition("/")[2]

    def _index_rows(self) -> Iterator[Row]:
        below = f"{self.path}/" if self.path else ""
        at = self.repository.published_at
        for index in self.tx.repositories.indexes.listing(self.repository.tree.id, self.revision):
            if index.path.startswith(below):
                name, slash, _ = index.path[len(below) :].partition("/")
                yield Row(name, None if slash else index.sums.size_bytes, at)
