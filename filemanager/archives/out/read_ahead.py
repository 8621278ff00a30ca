"""Reads neighbours with one request, while an archive asks for them one by one."""

from collections.abc import Collection, Iterable, Iterator
from typing import Protocol, TypeVar

from zlib_ng.zlib_ng import crc32

from filemanager.domain.blobs.blob import (
    CHUNK_BYTES,
    LARGE_BLOB_BYTES,
    Slices,
    StoredBlob,
    is_small,
)
from filemanager.domain.errors import BlobDamaged


class Lies(Protocol):
    """An entry, or whatever else has bytes in the store; ``stored`` are those, where they came
    along.
    """

    @property
    def blob(self) -> StoredBlob: ...
    @property
    def stored(self) -> bytes | None: ...


One = TypeVar("One", bound=Lies)


class Store(Protocol):
    """What is asked of ``BlobStore``, as it says there."""

    def read_stored(self, blob: StoredBlob, start: int, stop: int) -> Iterator[bytes]: ...
    def read_run(self, key: str, start: int, stop: int) -> bytes: ...
    def read_rows(self, blobs: Collection[StoredBlob]) -> Slices: ...


AHEAD_ENTRIES = 256
"""How many entries are looked at together."""

GAP_BYTES = 64 << 10
"""Slices this near to one another are read together: dearer than the bytes is the request."""


class ReadAhead:
    """Give ``watch(entries)`` and ``read`` to the assembler in place of entries and the store.

    At most about 2 MiB are held. A slice that came in a run or from a row is verified here, even
    where only a part of it is wanted: raises ``BlobDamaged``. Large and lone slices are left to the
    store.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._ahead: list[StoredBlob] = []
        self._kept: dict[tuple[str, int], bytes] = {}
        self._are_rows_kept = False

    def watch(self, entries: Iterable[One]) -> Iterator[One]:
        """The same entries, taken a group at a time."""
        for group in _groups(entries):
            self._ahead = [entry.blob for entry in group if _may_be_kept(entry.blob)]
            self._kept = {_place(one.blob): one.stored for one in group if one.stored is not None}
            self._are_rows_kept = False
            yield from group

    def read(self, blob: StoredBlob, start: int, stop: int) -> Iterator[bytes]:
        if _place(blob) not in self._kept:
            self._keep_near(blob)
        kept = self._kept.get(_place(blob))
        if kept is None:
            yield from self._store.read_stored(blob, start, stop)
            return
        if crc32(kept) != blob.stored_crc32:
            raise BlobDamaged(blob.digest)
        yield kept[start:stop]

    def _keep_near(self, blob: StoredBlob) -> None:
        """All that lie in rows, or else a run."""
        if is_small(blob.object_key) and not self._are_rows_kept:
            self._are_rows_kept = True
            rows = [near for near in self._ahead if is_small(near.object_key)]
            self._kept.update(self._store.read_rows(rows))
        if _place(blob) not in self._kept:
            self._keep_run(blob)

    def _keep_run(self, blob: StoredBlob) -> None:
        run = _run_with(blob, self._ahead)
        if run in ([], [blob]):
            return  # a lone slice is the store's own work
        first = run[0].offset
        read = self._store.read_run(blob.object_key, first, _end(run[-1]))
        for near in run:
            self._kept[_place(near)] = read[near.offset - first : _end(near) - first]


def _groups(entries: Iterable[One]) -> Iterator[list[One]]:
    """The small blobs of a group have no more bytes than one run may have."""
    group: list[One] = []
    small_bytes = 0
    for entry in entries:
        added = entry.blob.stored_bytes if _may_be_kept(entry.blob) else 0
        if len(group) == AHEAD_ENTRIES or small_bytes + added > CHUNK_BYTES:
            yield group
            group, small_bytes = [], 0
        group.append(entry)
        small_bytes += added
    yield group


def _run_with(blob: StoredBlob, ahead: list[StoredBlob]) -> list[StoredBlob]:
    """The slices that one request reads together with *blob*'s, by offset; they make fixed groups,
    so that none is read twice.
    """
    places = {near.offset: near for near in ahead if near.object_key == blob.object_key}
    run: list[StoredBlob] = []
    for near in sorted(places.values(), key=_start):
        if run and not _reaches(run, near):
            if run[-1].offset >= blob.offset:
                break
            run = []
        run.append(near)
    return run if _place(blob) in map(_place, run) else []


def _reaches(run: list[StoredBlob], near: StoredBlob) -> bool:
    gap = near.offset - _end(run[-1])
    return gap <= GAP_BYTES and _end(near) - run[0].offset <= CHUNK_BYTES


def _may_be_kept(blob: StoredBlob) -> bool:
    return 0 < blob.stored_bytes < LARGE_BLOB_BYTES


def _place(blob: StoredBlob) -> tuple[str, int]:
    return blob.object_key, blob.offset


def _start(blob: StoredBlob) -> int:
    return blob.offset


def _end(blob: StoredBlob) -> int:
    return blob.offset + blob.stored_bytes
