"""What a blob store needs from whatever keeps its objects."""

from collections.abc import Iterable, Iterator
from typing import Protocol

from filemanager.domain.blobs.blob import SMALL, StoredObject
from filemanager.domain.blobs.store import Growing
from filemanager.domain.uploads.upload import INCOMING

OBJECTS = "objects"
PACKS = "packs"

PREFIXES = (INCOMING, OBJECTS, PACKS, SMALL)
"""The first segments of our keys, in key order. A key is ``<prefix>/<random name>``."""


class ObjectMissing(Exception):
    """The store answers, and there is no such object."""


class Objects(Protocol):
    """Immutable objects under keys that are used once.

    Every method raises ``StoreUnavailable`` where the store does not answer.
    """

    @property
    def files(self) -> "FileObjects | None":
        """The same objects, where they are files; None elsewhere."""

    def write(self, key: str, chunks: Iterable[bytes]) -> None:
        """Write an object and return when it is durable.

        Raises ``StoreFull``, and whatever *chunks* raises; then the object is not to be relied
        on, though parts of it may be left.
        """

    def adopt(self, key: str, descriptor: int) -> bool:
        """Make an unnamed file, which nobody can write to any more, the object: durable like
        ``write``, and not copied. False where it must be written.
        """

    def read(self, key: str, start: int, stop: int) -> Iterator[bytes]:
        """Bytes ``[start, stop)``, at least one, in chunks of at most ``CHUNK_BYTES``; fewer where
        the object ends before. Raises ``ObjectMissing``.
        """

    def size(self, key: str) -> int | None:
        """None: there is no such object."""

    def delete(self, key: str) -> None:
        """A missing object is no error."""

    def listing(self) -> Iterator[StoredObject]:
        """Every object below ``PREFIXES``, in key order."""

    def check(self) -> None:
        """Raise unless the store answers."""


class FileObjects(Protocol):
    """What objects can that are files: grow, and have a second key."""

    def link(self, source: str, key: str) -> bool:
        """Give all of an object, which grows no more, the second name *key*: durable like
        ``write``, and not copied. False where it must be written, or there is no such object.
        """

    def begin(self, key: str) -> Growing:
        """A new object without a byte."""

    def resume(self, key: str, size_bytes: int) -> Growing | None:
        """An object to add to; None where it has not this size, or somebody adds to it now."""


def regrouped(chunks: Iterable[bytes], size_bytes: int) -> Iterator[bytes]:
    """The same bytes in chunks of exactly *size_bytes*, the last one shorter."""
    pending: list[bytes] = []
    pending_bytes = 0
    for chunk in chunks:
        pending.append(chunk)
        pending_bytes += len(chunk)
        while pending_bytes >= size_bytes:
            joined = b"".join(pending)
            pending_bytes -= size_bytes
            pending = [joined[size_bytes:]] if pending_bytes else []
            yield joined[:size_bytes]
    if pending_bytes:
        yield b"".join(pending)
