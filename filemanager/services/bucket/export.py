"""The export tree: the bucket as plain files and links, for a web server or NFS."""

import posixpath
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain

from filemanager.domain.blobs.blob import StoredBlob
from filemanager.domain.blobs.store import BlobStore
from filemanager.domain.bucket.drop import Drop, Replica
from filemanager.domain.bucket.ports import LinkTree
from filemanager.domain.errors import BlobDamaged
from filemanager.domain.ids import Digest, TreeId
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.services.bucket.keeping import shown_checksums
from filemanager.services.bucket.paths import BLOB, EXPLODE, REPLICA, sharded
from filemanager.services.jobs import Running
from filemanager.services.paging import pages

_BATCH = 1000
_UNFINISHED = timedelta(days=1)
"""No file is written without a byte for so long."""


@dataclass(slots=True)
class Exported:
    """What a run changed; ``files`` and ``links`` are new ones, or links that lead elsewhere.

    ``damaged`` files are not written; links to them lead nowhere until an upload heals them.
    """

    files: int = 0
    links: int = 0
    deleted: int = 0
    damaged: int = 0


class BucketExport:
    """Each blob is written once, under its checksum and read-only; all else leads to it.

    Links are made behind what they lead to and deleted before it, so that none leads nowhere.
    """

    def __init__(
        self,
        database: Database,
        blobs: BlobStore,
        tree: LinkTree,
        algorithm: str,
        clock: Clock,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._tree = tree
        self._algorithm = algorithm
        self._clock = clock

    def run(self, running: Running) -> None:
        """The handler of the task: a tree that is current is left as it is."""
        self.export()
        self._database.write(running.settle)

    def export(self) -> Exported:
        """Write what is missing, then delete what is no longer in the bucket."""
        self._tree.tidy(self._clock() - _UNFINISHED)
        done = Exported()
        wanted: dict[str, set[str]] = {BLOB: set(), EXPLODE: set(), REPLICA: set()}
        for path, blob in self._files():
            wanted[BLOB].add(path)
            try:
                done.files += self._tree.write(path, self._reader(blob))
            except BlobDamaged:
                done.damaged += 1
        for kind, links in ((EXPLODE, self._explosions()), (REPLICA, self._replicas())):
            for path, target in links:
                wanted[kind].add(path)
                done.links += self._tree.link(path, _relative(path, target))
        for kind in (REPLICA, EXPLODE, BLOB):
            for path in sorted(set(self._tree.paths(kind)) - wanted[kind]):
                self._tree.delete(path)
                done.deleted += 1
        return done

    def _reader(self, blob: StoredBlob) -> Callable[[], Iterable[bytes]]:
        return lambda: self._blobs.read(blob)

    def _files(self) -> Iterator[tuple[str, StoredBlob]]:
        def page(
            tx: Transaction, last: tuple[str, StoredBlob] | None
        ) -> Sequence[tuple[str, StoredBlob]]:
            digests = tx.drops.blobs(last[1].digest if last else None, _BATCH)
            shown = shown_checksums(tx, self._algorithm, digests)
            stored = tx.blobs.find(digests)
            return [(sharded(BLOB, shown[digest]), stored[digest]) for digest in digests]

        return chain.from_iterable(pages(self._database, page))

    def _explosions(self) -> Iterator[tuple[str, str]]:
        for page in pages(self._database, _exploded_archives):
            for archive, _ in page:
                yield from self._exploded(archive)

    def _exploded(self, archive: Digest) -> Iterator[tuple[str, str]]:
        with self._database.read() as tx:
            tree = tx.drops.explosion(archive)
            entries = () if tree is None else tx.trees.entries(tree.id, tree.revision)
            digests = [archive, *(entry.digest for entry in entries)]
            shown = shown_checksums(tx, self._algorithm, digests)
        top = sharded(EXPLODE, shown[archive])
        for entry in entries:
            yield f"{top}/{entry.path}", sharded(BLOB, shown[entry.digest])

    def _replicas(self) -> Iterator[tuple[str, str]]:
        def page(
            tx: Transaction, last: tuple[Replica, str] | None
        ) -> Sequence[tuple[Replica, str]]:
            replicas = tx.drops.replicas("", last[0].path if last else "", _BATCH)
            digests = list({replica.drop.last for replica in replicas})
            shown = shown_checksums(tx, self._algorithm, digests)
            return [(replica, shown[replica.drop.last]) for replica in replicas]

        for replica, checksum in chain.from_iterable(pages(self._database, page)):
            yield f"{REPLICA}/{replica.path}", _target(replica.drop, checksum)


def _exploded_archives(
    tx: Transaction, last: tuple[Digest, TreeId] | None
) -> Sequence[tuple[Digest, TreeId]]:
    return tx.drops.explosions(last[0] if last else None, _BATCH)


def _target(drop: Drop, checksum: str) -> str:
    return sharded(BLOB if drop.archive is None else EXPLODE, checksum)


def _relative(path: str, target: str) -> str:
    return posixpath.relpath(target, posixpath.dirname(path))
