"""Objects in memory: for tests, and for trying the service out."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from itertools import chain

from filemanager.domain.blobs.blob import CHUNK_BYTES, StoredObject
from filemanager.storage.blobs.objects import FileObjects, ObjectMissing


def _now() -> datetime:
    return datetime.now(UTC)


class MemoryObjects:
    """Gone with the process."""

    def __init__(self, clock: Callable[[], datetime] = _now) -> None:
        self._clock = clock
        self._objects: dict[str, tuple[bytes, datetime]] = {}
        self.growing: set[str] = set()

    @property
    def files(self) -> FileObjects | None:
        return self

    def write(self, key: str, chunks: Iterable[bytes]) -> None:
        self._objects[key] = (b"".join(chunks), self._clock())

    def adopt(self, key: str, descriptor: int) -> bool:
        del key, descriptor
        return False

    def link(self, source: str, key: str) -> bool:
        if source not in self._objects:
            return False
        self._objects[key] = (self._objects[source][0], self._clock())
        return True

    def begin(self, key: str) -> "GrowingMemory":
        self.write(key, ())
        self.growing.add(key)
        return GrowingMemory(self, key)

    def resume(self, key: str, size_bytes: int) -> "GrowingMemory | None":
        if self.size(key) != size_bytes or key in self.growing:
            return None
        self.growing.add(key)
        return GrowingMemory(self, key)

    def read(self, key: str, start: int, stop: int) -> Iterator[bytes]:
        if key not in self._objects:
            raise ObjectMissing
        data = self._objects[key][0]
        for offset in range(start, min(stop, len(data)), CHUNK_BYTES):
            yield data[offset : min(offset + CHUNK_BYTES, stop)]

    def size(self, key: str) -> int | None:
        return len(self._objects[key][0]) if key in self._objects else None

    def delete(self, key: str) -> None:
        self._objects.pop(key, None)

    def listing(self) -> Iterator[StoredObject]:
        for key, (data, modified_at) in sorted(self._objects.items()):
            yield StoredObject(key=key, size_bytes=len(data), modified_at=modified_at)

    def check(self) -> None:
        """Memory always answers."""


class GrowingMemory:
    def __init__(self, objects: MemoryObjects, key: str) -> None:
        self._objects = objects
        self._key = key

    def append(self, chunks: Iterable[bytes]) -> None:
        size_bytes = self._objects.size(self._key) or 0
        before = self._objects.read(self._key, 0, size_bytes)
        self._objects.write(self._key, chain(before, chunks))

    def close(self) -> None:
        self._objects.growing.discard(self._key)
