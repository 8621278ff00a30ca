"""The port of blobs: their rows, and what the sweeper asks of them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from filemanager.domain.blobs.blob import Put, Slices, StoredBlob, StoredObject
from filemanager.domain.blobs.upkeep import KnownObject
from filemanager.domain.ids import Digest


class Blobs(Protocol):
    def find(self, digests: Collection[Digest]) -> Mapping[Digest, StoredBlob]: ...

    def sound(self, digests: Collection[Digest]) -> Collection[Digest]:
        """Which of *digests* have rows and are not quarantined."""

    def add(self, put: Put, at: datetime) -> Collection[Digest]:
        """Insert rows, and the small packs; a digest that exists already keeps its row.

        Returns digests whose rows are new, which are then wanted; none where the database does not
        tell, or where not all are new.
        """

    def want(self, digests: Collection[Digest], at: datetime) -> Mapping[Digest, StoredBlob]:
        """Keep blobs from the sweeper until this transaction's references hold them.

        Raises ``BlobsGone`` naming those without a row.
        """

    def sweepable(
        self, wanted_before: datetime, limit: int, after: Digest | None = None
    ) -> Sequence[Digest]:
        """Blobs that nothing refers to and nobody wanted lately, by digest."""

    def drop(self, digests: Collection[Digest], wanted_before: datetime) -> int:
        """Delete those rows that are still sweepable; returns how many."""

    def mark_dead_objects(self, at: datetime) -> int:
        """Note the time on objects that hold no blob any more, and forget it on those that do."""

    def dead_objects(self, dead_before: datetime, limit: int) -> Sequence[str]:
        """Keys of objects whose last blob went before then."""

    def forget_object(self, key: str) -> None:
        """Delete an object's row; refused by the database while a blob lies in it."""

    def sparse_packs(self, live_below: float, limit: int) -> Sequence[str]:
        """Keys of living packs of which less than that share of bytes is used by whole blobs, and
        of every small pack with one.

        A pack in which only quarantined blobs are left is not named: they cannot be moved.
        """

    def in_object(self, key: str) -> Sequence[StoredBlob]: ...

    def relocate(self, old: StoredBlob, new: StoredBlob) -> bool:
        """Point a blob at another slice with the same bytes; False where it has moved already."""

    def page(self, after: Digest | None, limit: int) -> Sequence[StoredBlob]:
        """By digest, for ``fsck`` and ``scrub``."""

    def quarantine(self, digest: Digest, at: datetime) -> None:
        """Note that stored bytes are wrong, so that the next upload of the digest heals it."""

    def quarantined(self) -> Sequence[Digest]: ...

    def lift_quarantine(self, digest: Digest) -> None:
        """Note that stored bytes are right after all; no error where they never were doubted."""

    def by_object(self) -> Iterator[StoredBlob]:
        """Every blob: by the ids of objects, then by offset. To be read to the end like rows."""

    def objects_page(self, after: str, limit: int) -> Sequence[KnownObject]:
        """Objects with rows by key, those behind *after*."""

    def facts(self, digests: Collection[Digest]) -> Mapping[Digest, Mapping[str, str]]:
        """What ``save_facts`` kept, by name; a blob without facts is left out."""

    def save_md5s(self, md5s: Mapping[Digest, str]) -> None:
        """Note what was worked out late; of blobs that are gone nothing is noted."""

    def save_facts(self, facts: Mapping[Digest, Mapping[str, str]]) -> None:
        """Keep facts of blobs for as long as the blobs live; known ones, and swept blobs, are
        left.
        """


class SmallPacks(Protocol):
    """Packs that lie in rows; ``Blobs.add`` writes them. Segments of uploads lie with them."""

    def add(self, packs: Mapping[str, bytes], at: datetime) -> None: ...
    def read(self, key: str, start: int, stop: int) -> bytes | None:
        """Bytes ``[start, stop)``, fewer where it ends before; None: there is no such pack."""

    def slices(self, digests: Collection[Digest]) -> Slices:
        """The stored bytes of those blobs that lie in small packs now, by where they lie."""

    def size(self, key: str) -> int | None: ...
    def delete(self, key: str) -> bool:
        """False: there is no such pack."""

    def page(self, after: str, limit: int) -> Sequence[StoredObject]:
        """By key, those behind *after*."""
