"""A stored blob as a content, read from the store as needed."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from filemanager.domain.blobs.blob import LARGE_BLOB_BYTES, StoredBlob
from filemanager.domain.errors import StoreUnavailable
from filemanager.domain.ids import Digest
from filemanager.storage.reading import reader_of

Read = Callable[[StoredBlob, int, int], Iterator[bytes]]
"""``BlobStore.read``."""


@dataclass(frozen=True, slots=True)
class StoredContent:
    blob: StoredBlob
    read: Read

    @property
    def size_bytes(self) -> int:
        return self.blob.size_bytes

    @property
    def digest(self) -> Digest:
        return self.blob.digest

    @property
    def crc32(self) -> int:
        return self.blob.crc32

    @property
    def md5(self) -> str | None:
        return self.blob.md5

    def open(self) -> BinaryIO:
        """Small blobs are read whole, and so verified, at once; large ones as they are read."""
        if self.size_bytes < LARGE_BLOB_BYTES:
            return io.BytesIO(self.head(self.size_bytes))
        return reader_of(_BlobSource(self.blob, self.read))

    def head(self, length: int) -> bytes:
        return b"".join(self.read(self.blob, 0, min(length, self.size_bytes)))


class _BlobSource:
    """Follows one stream of the blob while it is read in order, and begins another after a leap."""

    def __init__(self, blob: StoredBlob, read: Read) -> None:
        self.size_bytes = blob.size_bytes
        self._blob = blob
        self._read = read
        self._chunks: Iterator[bytes] = iter(())
        self._pending = memoryview(b"")
        self._position = 0

    def read_into(self, target: memoryview, position: int) -> int:
        if position != self._position or not self._pending:
            self._go_to(position)
        count = min(len(target), len(self._pending))
        target[:count] = self._pending[:count]
        self._pending = self._pending[count:]
        self._position += count
        return count

    def close(self) -> None:
        self._chunks = iter(())

    def _go_to(self, position: int) -> None:
        if position != self._position or position == 0:
            self._chunks = self._read(self._blob, position, self.size_bytes)
            self._position = position
        self._pending = memoryview(b"")
        chunk = next(self._chunks, None)
        if chunk is None:
            # Only a stream that has failed ends early. Another, begun here, would go unverified.
            raise StoreUnavailable
        self._pending = memoryview(chunk)
