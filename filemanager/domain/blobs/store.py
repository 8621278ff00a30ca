"""The ports of bytes: scratch space, the blob store, archives, exports."""

from collections.abc import Iterable, Iterator
from typing import Protocol

from filemanager.domain.blobs.blob import Content, KeptAs, Put, StoredBlob, StoredObject


class Growing(Protocol):
    """An object that one writer adds to until he closes it; nobody else does meanwhile."""

    def append(self, chunks: Iterable[bytes]) -> None:
        """Durable when it returns. Raises ``StoreFull``, ``StoreUnavailable`` and what *chunks*
        raises; then nothing is to be relied on but what was there before.
        """

    def close(self) -> None:
        """Nothing is added afterwards. Closing it twice is no error."""


class BlobStore(Protocol):
    """Keeps blobs as slices of immutable objects under random keys."""

    def put(self, contents: Iterable[Content], keep: KeptAs = KeptAs.COMPACT) -> Put:
        """Write contents, each once, and return when they are durable: fsynced with their
        directory, or acknowledged by the store; a small pack is so when its rows are committed,
        and is handed out for that. Small ones share a pack; from ``LARGE_BLOB_BYTES`` on, or
        ``RAW_OBJECT_BYTES`` where they are kept raw, each is an object of its own. Contents of size
        0 have no bytes stored (an empty raw slice at offset 0 of no object, key ``""``).

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

    def read_object(self, key: str, stop: int | None = None) -> Iterator[bytes] | None:
        """A whole object as it lies, or its bytes before *stop*, unverified, for moving it to
        another store; None: no such.
        """

    def write_object(self, key: str, chunks: Iterable[bytes]) -> None:
        """Write an object under the key it had elsewhere, durable like ``put``.

        There is none of that key yet: a store may refuse to write over one.
        """

    def content_at(self, key: str, size_bytes: int) -> Content | None:
        """All of an object that grows no more as a content, read once and hashed; what is put
        as it lies is not written again, and not lost when the object is deleted.

        None: it has another size, or must be copied.
        """

    def grow(self, key: str, size_bytes: int = 0) -> Growing | None:
        """A new object to add to, or one that has *size_bytes*.

        None: objects are written whole here, or it has another size, or somebody adds to it now.
        """

    def may_be_small(self, size_bytes: int) -> bool:
        """Whether an object of that size may lie in a row, from where it is read as any other."""

    def object_size(self, key: str) -> int | None:
        """None: there is no such object."""

    def delete(self, key: str) -> None:
        """Delete an object; a missing one is no error."""

    def check(self) -> None:
        """Raise ``StoreUnavailable`` unless the store answers."""
