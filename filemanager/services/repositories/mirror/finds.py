"""What lies in a bucket where packages do, told by names alone."""

from collections.abc import Iterator
from dataclasses import dataclass

from filemanager.domain.blobs.named_objects import NamedObjects
from filemanager.domain.repositories.address import Address
from filemanager.domain.repositories.bucket_keys import package_prefixes, path_of
from filemanager.domain.repositories.mirror import BucketObject, Quarantine
from filemanager.domain.repositories.names import kind_of
from filemanager.domain.trees.errors import PathRefused
from filemanager.domain.trees.tree import TreePath
from filemanager.services.repositories.collecting import OF_BASE


@dataclass(frozen=True, slots=True, kw_only=True)
class Find:
    """A file of a package, or what is called like one; ``path`` is that in the repository."""

    key: str
    path: str
    size_bytes: int
    etag: str

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def directory(self) -> str:
        return self.path.rpartition("/")[0]

    def is_seen_in(self, known: BucketObject) -> bool:
        return (known.size_bytes, known.etag) == (self.size_bytes, self.etag)

    def known(self, quarantine: Quarantine | None = None) -> BucketObject:
        return BucketObject(
            path=self.path, size_bytes=self.size_bytes, etag=self.etag, quarantine=quarantine
        )


def finds(objects: NamedObjects, address: Address) -> Iterator[Find]:
    """What no tree can hold, and second keys of names with a ``+``, are passed over."""
    for prefix in package_prefixes(address):
        for one in objects.listing(prefix):
            path = path_of(address, one.key)
            if kind_of(path) in OF_BASE[address.base] and _is_plain(path):
                yield Find(key=one.key, path=path, size_bytes=one.size_bytes, etag=one.etag)


def _is_plain(path: str) -> bool:
    try:
        return " " not in path and TreePath.parse(path) == path
    except PathRefused:
        return False
