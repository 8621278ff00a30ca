"""The path that every change with bytes takes: put blobs, then commit the rows that name them."""

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from filemanager.archives.out.tar_gz import packed_bytes
from filemanager.domain.blobs.blob import Content, KeptAs, Put, StoredBlob
from filemanager.domain.blobs.store import BlobStore
from filemanager.domain.errors import (
    BlobsGone,
    FilemanagerError,
    StoreUnavailable,
    Unavailable,
)
from filemanager.domain.ids import Digest
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.trees.areas import Area, public_path
from filemanager.domain.trees.tree import Entry, Tree, TreeChange

_ATTEMPTS = 8

NO_BYTES = Put(blobs=(), objects=())
"""What a change puts that only names what is stored."""

Returned = TypeVar("Returned")
Commit = Callable[[Transaction, Put], Returned]
"""Runs in a write transaction; is given what was put, and calls ``keep`` with it."""


class Committer:
    """Blobs are durable before a row names them; a blob swept in between is put again.

    *keep* is for what the store lacks: what it has stays as it was put first.
    """

    def __init__(
        self, database: Database, blobs: BlobStore, clock: Clock, keep: KeptAs = KeptAs.COMPACT
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._clock = clock
        self._kept_as = keep

    def commit(
        self, contents: Callable[[], Mapping[Digest, Content]], work: Commit[Returned]
    ) -> Returned:
        """Put what *contents* names and the store lacks, then run *work* in a transaction.

        *work* may find under the lock that it needs other contents than were foreseen; ``keep``
        then raises ``BlobsGone``, *contents* is asked again and the whole repeated.
        """
        put = NO_BYTES
        missing: frozenset[str] = self._unknown(contents())
        for _ in range(_ATTEMPTS):
            named = contents()
            put = self._put(put, [named[Digest(digest)] for digest in sorted(missing)])
            try:
                return self._database.write(_bound(work, put))
            except BlobsGone as gone:
                missing = gone.digests
            except Unavailable:
                # The rows may be there all the same. The sweeper knows.
                raise
            except FilemanagerError:
                self._take_back(put)
                raise
        raise StoreUnavailable

    def _take_back(self, put: Put) -> None:
        """No row names it: who is refused again and again must not fill the store until the sweeper
        comes.
        """
        not_written = {key for key, _ in put.small_packs}
        for key, _ in put.objects:
            if key not in not_written:
                # What is left of it is the sweeper's, and the refusal the answer.
                with suppress(Unavailable):
                    self._blobs.delete(key)

    def stored(self, digests: Collection[Digest]) -> Mapping[Digest, Content]:
        """Contents of what the store has, read from where it lies. Raises ``BlobsGone``."""
        with self._database.glance() as tx:
            found = tx.blobs.find(digests)
        if gone := frozenset(digests) - frozenset(found):
            raise BlobsGone(gone)
        return {digest: self._blobs.content(blob) for digest, blob in found.items()}

    def _unknown(self, contents: Mapping[Digest, Content]) -> frozenset[str]:
        with self._database.glance() as tx:
            # What is known to be damaged is put again: that heals it.
            return frozenset(contents).difference(tx.blobs.sound(contents.keys()))

    def _put(self, put: Put, contents: list[Content]) -> Put:
        if not contents:
            return put
        more = self._blobs.put(contents, self._kept_as)
        return Put(
            blobs=put.blobs + more.blobs,
            objects=put.objects + more.objects,
            small_packs=put.small_packs + more.small_packs,
        )

    def apply(
        self, tx: Transaction, put: Put, tree: Tree, change: TreeChange, at: datetime
    ) -> Tree:
        """Make the next revision of *tree*, holding every blob that *change* names."""
        return tx.trees.apply(tree, self.kept(tx, put, change), at)

    def kept(self, tx: Transaction, put: Put, change: TreeChange) -> TreeChange:
        """*change* for a revision of this transaction, which holds every blob that it names."""
        return packed(change, self.keep(tx, put, _digests_of(change)))

    def keep(self, tx: Transaction, put: Put, digests: set[Digest]) -> Mapping[Digest, StoredBlob]:
        """Insert the rows of *put* and hold *digests* for this transaction's references."""
        now = self._clock()
        new = tx.blobs.add(put, now) if put.blobs else ()
        held = {blob.digest: blob for blob in put.blobs if blob.digest in new}
        others = digests - held.keys()
        return {**held, **tx.blobs.want(others, now)} if others else held


def _bound(work: Commit[Returned], put: Put) -> Callable[[Transaction], Returned]:
    return lambda tx: work(tx, put)


def _digests_of(change: TreeChange) -> set[Digest]:
    """Every digest that the rows of *change* will refer to."""
    named = {entry.digest for entry in change.put}
    for altered in change.altered:
        named.update(d for d in (altered.before_digest, altered.after_digest) if d is not None)
    return named


def packed(change: TreeChange, stored: Mapping[Digest, StoredBlob]) -> TreeChange:
    """*change* with what each entry adds to the archive of the content."""
    return replace(change, put=tuple(_packed_entry(entry, stored) for entry in change.put))


def _packed_entry(entry: Entry, stored: Mapping[Digest, StoredBlob]) -> Entry:
    if entry.area is Area.REMOVED:
        return entry
    path = public_path(entry.area, entry.path)
    return replace(entry, packed_bytes=packed_bytes(path, stored[entry.digest]))
