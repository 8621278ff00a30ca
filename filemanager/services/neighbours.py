"""Many blobs read at once: those that lie together by one request."""

import io
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import BinaryIO

from zlib_ng.zlib_ng import crc32

from filemanager.archives.out.read_ahead import ReadAhead
from filemanager.domain.blobs.blob import LARGE_BLOB_BYTES, Content, Encoding, StoredBlob
from filemanager.domain.blobs.store import BlobStore
from filemanager.domain.errors import BlobDamaged
from filemanager.domain.ids import Digest, digest_of

_SMALL_BYTES = 64 << 10
_GROUP_BYTES = 4 << 20
_GROUPS_HELD = 2
_GZIP = 16 + zlib.MAX_WBITS
_WHERE = attrgetter("object_key", "offset")


@dataclass(frozen=True, slots=True)
class _Lying:
    blob: StoredBlob
    stored: None = None


def read_together(
    blobs: BlobStore, wanted: Iterable[StoredBlob]
) -> Iterator[tuple[StoredBlob, bytes]]:
    """Each of *wanted*, in its order, with its own bytes, all of which are held in memory.

    Raises ``BlobDamaged`` and ``StoreUnavailable``.
    """
    ahead = ReadAhead(blobs)
    for one in ahead.watch(map(_Lying, wanted)):
        stored = b"".join(ahead.read(one.blob, 0, one.blob.stored_bytes))
        yield one.blob, _decoded(stored, one.blob)


def read_small(
    blobs: BlobStore, wanted: Iterable[StoredBlob]
) -> Iterator[tuple[StoredBlob, bytes]]:
    """The small ones of *wanted*, in the order in which they lie; otherwise ``read_together``."""
    small = [blob for blob in wanted if 0 < blob.size_bytes <= _SMALL_BYTES]
    return read_together(blobs, as_they_lie(small))


def as_they_lie(blobs: Iterable[StoredBlob]) -> list[StoredBlob]:
    """Neighbours behind one another."""
    return sorted(blobs, key=_WHERE)


def own_bytes(blob: StoredBlob, stored: bytes) -> bytes:
    """The bytes of *blob*, of which *stored* is the slice; raises ``BlobDamaged``."""
    if crc32(stored) != blob.stored_crc32:
        raise BlobDamaged(blob.digest)
    return _decoded(stored, blob)


def contents_in_turn(blobs: BlobStore, wanted: Iterable[StoredBlob]) -> Mapping[Digest, Content]:
    """Contents of *wanted* that are looked at in about this order, each more than once.

    Those below ``LARGE_BLOB_BYTES`` are read once, with the ones that follow them; two groups of
    4 MiB are held. To open one raises what ``read_together`` does, also where another of its group
    is damaged, or is not what its digest says.
    """
    distinct = {blob.digest: blob for blob in wanted}
    groups = list(_groups(blob for blob in distinct.values() if _is_held(blob)))
    shelf = _Shelf(blobs, groups)
    held: dict[Digest, Content] = {
        blob.digest: shelf.content(blob, number)
        for number, group in enumerate(groups)
        for blob in group
    }
    return {digest: held.get(digest) or blobs.content(blob) for digest, blob in distinct.items()}


@dataclass(frozen=True, slots=True)
class _InTurn:
    size_bytes: int
    digest: Digest
    crc32: int
    md5: str | None
    data: Callable[[], bytes]

    def open(self) -> BinaryIO:
        return io.BytesIO(self.data())

    def head(self, length: int) -> bytes:
        return self.data()[:length]


class _Shelf:
    """Holds the groups that were asked for last."""

    def __init__(self, blobs: BlobStore, groups: Sequence[Sequence[StoredBlob]]) -> None:
        self._blobs = blobs
        self._groups = groups
        self._held: dict[int, Mapping[Digest, bytes]] = {}

    def content(self, blob: StoredBlob, group: int) -> Content:
        def data() -> bytes:
            return self._group(group)[blob.digest]

        return _InTurn(blob.size_bytes, blob.digest, blob.crc32, blob.md5, data)

    def _group(self, number: int) -> Mapping[Digest, bytes]:
        if number not in self._held:
            while len(self._held) >= _GROUPS_HELD:
                del self._held[next(iter(self._held))]
            self._held[number] = self._read(number)
        return self._held[number]

    def _read(self, number: int) -> Mapping[Digest, bytes]:
        lying = as_they_lie(self._groups[number])
        found = {blob.digest: data for blob, data in read_together(self._blobs, lying)}
        for digest, data in found.items():
            if digest_of(data) != digest:
                raise BlobDamaged(digest)
        return found


def _groups(wanted: Iterable[StoredBlob]) -> Iterator[Sequence[StoredBlob]]:
    group: list[StoredBlob] = []
    size_bytes = 0
    for blob in wanted:
        if group and size_bytes + blob.size_bytes > _GROUP_BYTES:
            yield group
            group, size_bytes = [], 0
        group.append(blob)
        size_bytes += blob.size_bytes
    if group:
        yield group


def _is_held(blob: StoredBlob) -> bool:
    return 0 < blob.size_bytes < LARGE_BLOB_BYTES


def _decoded(stored: bytes, blob: StoredBlob) -> bytes:
    if blob.encoding is not Encoding.GZIP:
        return stored
    return zlib.decompressobj(_GZIP).decompress(stored, blob.size_bytes)
