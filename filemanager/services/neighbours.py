"""Many blobs read at once: those that lie together by one request."""

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import attrgetter

from filemanager.archives.out.read_ahead import ReadAhead
from filemanager.domain.blobs.blob import Encoding, StoredBlob
from filemanager.domain.blobs.store import BlobStore

_SMALL_BYTES = 16 << 10
_GZIP = 16 + zlib.MAX_WBITS


@dataclass(frozen=True, slots=True)
class _Lying:
    blob: StoredBlob


def read_together(
    blobs: BlobStore, wanted: Iterable[StoredBlob]
) -> Iterator[tuple[StoredBlob, bytes]]:
    """Each of *wanted*, in its order, with its own bytes, all of which are held in memory.

    Raises ``BlobDamaged`` and ``StoreUnavailable``.
    """
    ahead = ReadAhead(blobs.read_stored, blobs.read_run)
    for one in ahead.watch(map(_Lying, wanted)):
        yield one.blob, _decoded(b"".join(ahead.read(one.blob, 0, one.blob.stored_bytes)), one.blob)


def read_small(
    blobs: BlobStore, wanted: Iterable[StoredBlob]
) -> Iterator[tuple[StoredBlob, bytes]]:
    """The small ones of *wanted*, in the order in which they lie; otherwise ``read_together``."""
    small = [blob for blob in wanted if 0 < blob.size_bytes <= _SMALL_BYTES]
    return read_together(blobs, sorted(small, key=attrgetter("object_key", "offset")))


def _decoded(stored: bytes, blob: StoredBlob) -> bytes:
    if blob.encoding is not Encoding.GZIP:
        return stored
    return zlib.decompressobj(_GZIP).decompress(stored, blob.size_bytes)
