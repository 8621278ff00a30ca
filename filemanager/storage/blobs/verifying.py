"""Streams of stored bytes that end well only if the bytes are those that were stored."""

from collections.abc import Iterable, Iterator

from zlib_ng import zlib_ng

from filemanager.domain.blobs.blob import StoredBlob
from filemanager.domain.errors import BlobDamaged
from filemanager.domain.ids import Digest


def verified(stored: Iterable[bytes], blob: StoredBlob) -> Iterator[bytes]:
    """Raise ``BlobDamaged`` at the end where *stored* was not the slice of *blob*."""
    crc32 = size_bytes = 0
    for chunk in stored:
        crc32 = zlib_ng.crc32(chunk, crc32)
        size_bytes += len(chunk)
        yield chunk
    if (crc32, size_bytes) != (blob.stored_crc32, blob.stored_bytes):
        raise BlobDamaged(blob.digest)


def exactly(chunks: Iterable[bytes], size_bytes: int, digest: Digest) -> Iterator[bytes]:
    """Raise ``BlobDamaged`` where there are more or fewer bytes than *size_bytes*."""
    left_bytes = size_bytes
    for chunk in chunks:
        left_bytes -= len(chunk)
        yield chunk
    if left_bytes:
        raise BlobDamaged(digest)


def last_held_back(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Give out each chunk when the next is there, and the last when *chunks* has ended well.

    So a reader of a damaged blob never has all of it, whatever it does about the error.
    """
    held: bytes | None = None
    for chunk in chunks:
        if held is not None:
            yield held
        held = chunk
    if held is not None:
        yield held


def window(chunks: Iterable[bytes], start: int, stop: int) -> Iterator[bytes]:
    """Bytes ``[start, stop)`` of *chunks*; nothing behind them is read."""
    position = 0
    for chunk in chunks:
        cut = chunk[max(0, start - position) : stop - position]
        if cut:
            yield cut
        position += len(chunk)
        if position >= stop:
            return
