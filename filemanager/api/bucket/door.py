"""What the bucket's routes stand on, and what they are like where they are mounted."""

from dataclasses import dataclass

from filemanager.api.http.context import door_of
from filemanager.api.http.front.hosts import Hosts
from filemanager.domain.bucket.access import Access
from filemanager.services.bucket.keeping import BucketService
from filemanager.services.bucket.reading import BucketReader


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketDoor:
    """``uri`` is in front of the paths in answers; empty: they are relative ones.

    ``max_bytes`` is the largest body of an upload.
    """

    service: BucketService
    reader: BucketReader
    prefix: str
    access: Access
    max_bytes: int
    directory: str | None
    uri: str
    hosts: Hosts

    @property
    def labels(self) -> frozenset[str]:
        """The request headers that replicas are made from, in lower case."""
        return frozenset(name for one in self.service.terms.patterns for name in one.headers)

    def link(self, path: str | None) -> str | None:
        """A relative path as an answer tells it."""
        return f"{self.uri.rstrip('/')}/{path}" if path is not None and self.uri else path


def door() -> BucketDoor:
    return door_of(BucketDoor)
