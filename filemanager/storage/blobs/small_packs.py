"""Objects of which small packs lie in rows of the database."""

from collections.abc import Iterable, Iterator, Sequence
from heapq import merge
from operator import attrgetter

from filemanager.domain.blobs.blob import StoredObject, is_small
from filemanager.domain.ports import Database
from filemanager.storage.blobs.objects import FileObjects, Objects

_PAGE = 1000


class ObjectsBesideRows:
    """Whoever adds the rows of a small pack adds its bytes with them; what is written here comes
    from another place, and goes to the store under its key, where it is found as well.
    """

    def __init__(self, objects: Objects, database: Database) -> None:
        self._objects = objects
        self._database = database

    @property
    def files(self) -> FileObjects | None:
        return self._objects.files

    def write(self, key: str, chunks: Iterable[bytes]) -> None:
        self._objects.write(key, chunks)

    def adopt(self, key: str, descriptor: int) -> bool:
        return self._objects.adopt(key, descriptor)

    def read(self, key: str, start: int, stop: int) -> Iterator[bytes]:
        if not is_small(key):
            return self._objects.read(key, start, stop)
        with self._database.read() as tx:
            found = tx.small_packs.read(key, start, stop)
        if found is None:
            return self._objects.read(key, start, stop)
        return iter((found,)) if found else iter(())

    def size(self, key: str) -> int | None:
        if is_small(key):
            with self._database.read() as tx:
                size_bytes = tx.small_packs.size(key)
            if size_bytes is not None:
                return size_bytes
        return self._objects.size(key)

    def delete(self, key: str) -> None:
        if is_small(key) and self._database.write(lambda tx: tx.small_packs.delete(key)):
            return
        self._objects.delete(key)

    def listing(self) -> Iterator[StoredObject]:
        return merge(self._objects.listing(), self._in_rows(), key=attrgetter("key"))

    def check(self) -> None:
        self._objects.check()

    def _in_rows(self) -> Iterator[StoredObject]:
        page: Sequence[StoredObject] = ()
        while page := self._page(page[-1].key if page else ""):
            yield from page

    def _page(self, after: str) -> Sequence[StoredObject]:
        with self._database.read() as tx:
            return tx.small_packs.page(after, _PAGE)
