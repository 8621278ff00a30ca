"""What the bucket asks of its rows and of the export tree."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from filemanager.domain.bucket.drop import Drop, DropId, Replica
from filemanager.domain.ids import Digest, TreeId
from filemanager.domain.trees.tree import Tree


class Drops(Protocol):
    """Every digest named here is one of this door: of a drop, or of a file of its archive."""

    def add(self, drops: Sequence[Drop]) -> Sequence[Drop]:
        """Insert drops in their order and give them their ids; those in *drops* are ignored.

        Their blobs and explosions are held already.
        """

    def page(self, after: DropId | None, limit: int) -> Sequence[Drop]:
        """The newest first: those older than *after*."""

    def oldest_of(self, digest: Digest) -> Drop | None:
        """The oldest drop sent as these bytes, else the oldest made of them once decompressed."""

    def sent_as(self, digest: Digest) -> Sequence[Drop]:
        """Every drop of these bytes, the oldest first."""

    def sent_names(self, digest: Digest, limit: int) -> Sequence[str]:
        """Paths that the bytes were sent under, each once, the oldest first."""

    def holds(self, digest: Digest) -> bool:
        """Whether the bytes are in the bucket, be it as a file of an archive."""

    def member_names(self, digest: Digest, limit: int) -> Sequence[str]:
        """Paths in archives that have these bytes, by path."""

    def expired(self, at: datetime, limit: int) -> Sequence[Drop]: ...

    def take(self, drops: Sequence[Drop]) -> Sequence[Drop]:
        """Delete those of *drops* that are still there, their replicas, and explosions that no
        drop names any more; returns what was deleted.
        """

    def explosion(self, archive: Digest) -> Tree | None:
        """The tree of an archive's files."""

    def hold_explosion(self, archive: Digest) -> Tree | None:
        """``explosion``, which stays until the transaction ends."""

    def add_explosion(self, archive: Digest) -> Tree | None:
        """A new, empty tree for the archive; None: another transaction was first."""

    def explosions(self, after: Digest | None, limit: int) -> Sequence[tuple[Digest, TreeId]]:
        """By digest, those behind *after*."""

    def blobs(self, after: Digest | None, limit: int) -> Sequence[Digest]:
        """Every digest, each once, those behind *after*."""

    def note_checksums(self, algorithm: str, values: Mapping[Digest, str]) -> Mapping[Digest, str]:
        """Remember other digests of blobs that this transaction holds; those of ``checksums``.

        A value belongs to the first bytes that have it, for as long as they are stored: others
        with the same value are known by their SHA-256 alone.
        """

    def checksums(self, algorithm: str, digests: Sequence[Digest]) -> Mapping[Digest, str]:
        """The values that belong to these bytes; the others are left out."""

    def with_checksum(self, value: str) -> tuple[str, Digest] | None:
        """The algorithm, and the bytes that the value belongs to; the SHA-256 is not asked."""

    def without_checksum(
        self, algorithm: str, after: Digest | None, limit: int
    ) -> Sequence[Digest]:
        """Digests, by digest, for which no value is known."""

    def taken_names(self, prefix: str) -> Sequence[str]:
        """Replicas whose paths begin so."""

    def add_replica(self, path: str, drop: Drop) -> bool:
        """False: the path is taken, or lies below a replica, or above one."""

    def point_latest(self, path: str, drop: Drop) -> bool:
        """Make the replica, or lead it to *drop*.

        False where a drop without an owner would move what one with an owner has set, or where
        ``add_replica`` would refuse the path.
        """

    def replica(self, paths: Sequence[str]) -> Replica | None:
        """The one at any of *paths*, which lie above one another: there is no second."""

    def replicas(self, below: str, after: str, limit: int) -> Sequence[Replica]:
        """By path: those that begin with *below*, behind *after*."""


class LinkTree(Protocol):
    """A directory of files and relative links, for other programs to read.

    Paths are relative ones, ``/`` between segments. Nothing is ever written through a link.
    """

    def write(self, path: str, chunks: Callable[[], Iterable[bytes]]) -> bool:
        """Make a read-only file, whole or not at all; False: it is there already."""

    def link(self, path: str, target: str) -> bool:
        """Make *path* a relative link to *target*, at once where it was another; False: it is one,
        or something that is no link is in the way.
        """

    def paths(self, below: str) -> Iterator[str]:
        """Every file and link below a directory."""

    def tidy(self, unfinished_before: datetime) -> None:
        """Delete what writers left that were killed before then."""

    def delete(self, path: str) -> None:
        """Delete a file or link, and the directories that are empty then."""
