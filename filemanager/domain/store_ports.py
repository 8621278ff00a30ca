"""The ports of bytes: scratch space, the blob store, archives, exports."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from typing import Protocol

from filemanager.domain.blobs import Content, Put, StoredBlob, StoredObject
from filemanager.domain.budget import Budget
from filemanager.domain.unpacking import Unpacked


class ScratchWriter(Protocol):
    """Takes bytes; hashes them on the way."""

    def write(self, data: bytes | memoryview) -> int: ...

    def finish(self) -> Content:
        """What was written so far as a content; the writer is done."""


class Scratch(Protocol):
    """The private working space of one upload: gone, with every content in it, when closed.

    Contents up to a small size stay in memory, the rest in one unnamed file. Writing raises
    ``ScratchFull`` before the node's scratch space is exceeded.
    """

    def writer(self) -> ScratchWriter:
        """Only one writer at a time may be unfinished."""

    def write(self, data: bytes) -> Content: ...
    def reserve(self, size_bytes: int) -> None:
        """Claim space for bytes to come; raises ``ScratchFull``. What is reserved is written
        first.
        """


class ScratchSpace(Protocol):
    def open(self) -> AbstractContextManager[Scratch]: ...
    def free_bytes(self) -> int: ...


class BlobStore(Protocol):
    """Keeps blobs as slices of immutable objects under random keys."""

    def put(self, contents: Iterable[Content]) -> Put:
        """Write contents, each once, and return when they are durable: fsynced with their
        directory,
        or acknowledged by the store. Small ones share a pack. Contents of size 0 have no bytes
        stored (an empty raw slice at offset 0 of no object, key ``""``).

        Raises ``StoreUnavailable``; what was written by then is left for the sweeper.
        """

    def read(self, blob: StoredBlob, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """The blob's own bytes ``[start, stop)``, decoded, in chunks of at most 1 MiB.

        A read of a whole blob is verified against ``stored_crc32`` and the size before its last
        chunk is given out. Raises ``BlobDamaged`` or ``StoreUnavailable``.
        """

    def read_stored(self, blob: StoredBlob, start: int, stop: int) -> Iterator[bytes]:
        """Bytes ``[start, stop)`` of the slice as it is stored, not decoded; whole slices
        verified.
        """

    def read_run(self, key: str, start: int, stop: int) -> bytes:
        """Bytes ``[start, stop)`` of an object in one request, at most 1 MiB, not verified; fewer
        where the object ends before or is missing.
        """

    def content(self, blob: StoredBlob) -> Content:
        """The blob as a content, read from the store as needed."""

    def objects(self) -> Iterator[StoredObject]:
        """Every object under our prefixes, in key order."""

    def copy(self, blobs: Iterable[StoredBlob]) -> Put:
        """Write the same stored bytes once more, all into one new pack, durable like ``put``.

        Nothing is encoded anew, so nothing that was counted from the old slices changes. Raises
        ``BlobDamaged`` where a slice is not what was stored.
        """

    def read_object(self, key: str) -> Iterator[bytes] | None:
        """A whole object as it lies, unverified, for moving it to another store; None: no such."""

    def write_object(self, key: str, chunks: Iterable[bytes]) -> None:
        """Write an object under the key it had elsewhere, durable like ``put``.

        There is none of that key yet: a store may refuse to write over one.
        """

    def object_size(self, key: str) -> int | None:
        """None: there is no such object."""

    def delete(self, key: str) -> None:
        """Delete an object; a missing one is no error."""

    def check(self) -> None:
        """Raise ``StoreUnavailable`` unless the store answers."""


class Unpacker(Protocol):
    def unpack(self, archive: Content, budget: Budget, scratch: Scratch) -> Unpacked | None:
        """Read an archive whole into *scratch*, or not at all; None where it is no archive.

        The bytes alone decide what it is. Raises ``ArchiveRefused`` for one that is broken,
        ambiguous or malicious, and ``OverBudget``. Decoders use at most 32 MiB.
        """
