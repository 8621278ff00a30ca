"""Looking into the bucket: by checksum, by path, by label; and taking out what one has sent."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from filemanager.domain.blobs.store import BlobStore
from filemanager.domain.bucket.drop import (
    ANONYMOUS_DROPS,
    Drop,
    DropId,
    NotInBucket,
    NotYourDrop,
    Replica,
)
from filemanager.domain.caller import Caller, Scope
from filemanager.domain.ids import Digest
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.quotas import Allowance, Subject
from filemanager.domain.requests.preconditions import UNCONDITIONAL, Preconditions, State
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.errors import FileNotFound, PathRefused
from filemanager.domain.trees.tree import Tree, TreePath
from filemanager.domain.workspaces.log import LogLine, escaped
from filemanager.services.bucket.keeping import export_task, shown_checksums
from filemanager.services.bucket.paths import BLOB, parse_checksum, sharded
from filemanager.services.bucket.stages import SHA256
from filemanager.services.bucket.terms import Terms
from filemanager.services.downloads import Download

_SHA256_DIGITS = 64
_NAMES = 100
_CHILDREN = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Bytes in the bucket, and at most a hundred of the names they were sent under.

    ``path`` is a relative one, below the door's address.
    """

    checksum: str
    algorithm: str
    digest: Digest
    size_bytes: int
    media_type: str
    names: tuple[str, ...]
    path: str


@dataclass(frozen=True, slots=True)
class Child:
    """What lies in a directory; ``size_bytes`` None: a directory itself."""

    name: str
    size_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """By name. ``next_after`` is None on the last page."""

    children: tuple[Child, ...]
    next_after: str | None = None


@dataclass(frozen=True, slots=True)
class DropPage:
    """The newest first, each with its path; ``next_after`` is None on the last page."""

    drops: tuple[tuple[Drop, str], ...]
    next_after: DropId | None


class BucketReader:
    """*media_type* tells that of stored bytes. Everybody who may read may read everything."""

    def __init__(
        self,
        database: Database,
        blobs: BlobStore,
        media_type: Callable[[Digest], str],
        terms: Terms,
        clock: Clock,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._media_type = media_type
        self._terms = terms
        self._clock = clock

    def find(self, text: str) -> Found:
        """Bytes by a checksum of any kind that is known; raises ``NotInBucket``."""
        checksum = parse_checksum(text)
        with self._database.read() as tx:
            algorithm, digest = self._resolve(tx, checksum)
            names = tx.drops.sent_names(digest, _NAMES)
            inside = tx.drops.member_names(digest, _NAMES)
            blob = tx.blobs.find([digest])[digest]
            shown = shown_checksums(tx, self._terms.algorithm, [digest])[digest]
        return Found(
            checksum=checksum,
            algorithm=algorithm,
            digest=digest,
            size_bytes=blob.size_bytes,
            media_type=self._media_type(digest),
            names=tuple(dict.fromkeys([*names, *inside]))[:_NAMES],
            path=sharded(BLOB, shown),
        )

    def blob(self, text: str) -> Download:
        """Raises ``NotInBucket``."""
        checksum = parse_checksum(text)
        with self._database.read() as tx:
            digest = self._resolve(tx, checksum)[1]
            oldest = tx.drops.oldest_of(digest)
            is_sent = oldest is not None and oldest.digest == digest
            name = oldest.path.name if oldest is not None and is_sent else checksum
            return self._download(tx, name, digest, self._since(oldest))

    def exploded(self, text: str, path: str) -> Download | Listing:
        """A file of an archive that was taken apart, or what lies in a directory of it.

        Raises ``NotInBucket``.
        """
        checksum = parse_checksum(text)
        with self._database.read() as tx:
            return self._in_archive(tx, self._resolve(tx, checksum)[1], path)

    def labelled(self, path: str, after: str = "") -> Download | Listing:
        """What a replica leads to, what lies below it, or the labels in a directory.

        Raises ``NotInBucket``.
        """
        label = _place(path)
        with self._database.read() as tx:
            replica = tx.drops.replica([*label.directories(), label]) if label else None
            if replica is None:
                return self._labels(tx, f"{label}/" if label else "", after)
            rest = label[len(replica.path) + 1 :]
            return self._replicated(tx, replica, rest)

    def page(self, after: DropId | None, limit: int) -> DropPage:
        with self._database.read() as tx:
            found = list(tx.drops.page(after, limit + 1))
            shown = shown_checksums(
                tx, self._terms.algorithm, list({drop.digest for drop in found})
            )
        page = tuple((drop, sharded(BLOB, shown[drop.digest])) for drop in found[:limit])
        return DropPage(page, page[-1][0].id if len(found) > limit else None)

    def delete(
        self, caller: Caller, text: str, preconditions: Preconditions = UNCONDITIONAL
    ) -> int:
        """Take out one's own drops of these bytes, an admin everybody's; returns how many.

        Raises ``NotInBucket``, and ``NotYourDrop`` where all of them are others'.
        """
        checksum = parse_checksum(text)
        return self._database.write(lambda tx: self._delete(tx, caller, checksum, preconditions))

    def _delete(
        self, tx: Transaction, caller: Caller, checksum: str, preconditions: Preconditions
    ) -> int:
        digest = self._resolve(tx, checksum)[1]
        since = self._since(tx.drops.oldest_of(digest))
        preconditions.ensure(State(frozenset({digest}), since))
        drops = tx.drops.sent_as(digest)
        if not drops:
            raise NotInBucket
        is_admin = caller.holds_globally(Scope.BUCKET_WRITE)
        ours = [drop for drop in drops if is_admin or drop.owner == caller.owner]
        if not ours:
            raise NotYourDrop
        taken = take_out(tx, ours)
        at = self._clock()
        text = f"Deleted {len(taken)} of '{checksum}' from the bucket [{escaped(caller.name)}]."
        tx.logs.append([LogLine(at=at, code="bucket_delete", text=text)])
        if self._terms.is_exported:
            tx.outbox.add(export_task(), at)
        return len(taken)

    def _resolve(self, tx: Transaction, checksum: str) -> tuple[str, Digest]:
        if len(checksum) == _SHA256_DIGITS and tx.drops.holds(Digest(checksum)):
            return SHA256, Digest(checksum)
        found = tx.drops.with_checksum(checksum)
        # A checksum is known for as long as the bytes are stored, be it by another door.
        if found is None or not tx.drops.holds(found[1]):
            raise NotInBucket
        return found

    def _since(self, oldest: Drop | None) -> datetime:
        return self._clock() if oldest is None else oldest.created_at

    def _download(self, tx: Transaction, name: str, digest: Digest, at: datetime) -> Download:
        blob = tx.blobs.find([digest])[digest]
        return Download(
            name=name,
            size_bytes=blob.size_bytes,
            tag=digest,
            modified_at=at,
            owner=None,
            sha256=digest,
            stream=lambda start, stop: self._blobs.read(blob, start, stop),
        )

    def _in_archive(self, tx: Transaction, archive: Digest, path: str) -> Download | Listing:
        tree = tx.drops.explosion(archive)
        if tree is None:
            raise NotInBucket
        place = _place(path)
        try:
            entry = tx.trees.find(tree.id, Area.SOURCE, place)
        except FileNotFound:
            return _directory(tx, tree, place)
        return self._download(tx, entry.path.name, entry.digest, entry.modified_at)

    def _replicated(self, tx: Transaction, replica: Replica, rest: str) -> Download | Listing:
        drop = replica.drop
        if drop.archive is not None:
            return self._in_archive(tx, drop.archive, rest)
        if rest:
            raise NotInBucket
        return self._download(tx, replica.path.rpartition("/")[2], drop.last, drop.created_at)

    def _labels(self, tx: Transaction, below: str, after: str) -> Listing:
        found = tx.drops.replicas(below, after, _CHILDREN)
        if not found and below and not after:
            raise NotInBucket
        children: dict[str, Child] = {}
        for replica in found:
            name, slash, _ = replica.path[len(below) :].partition("/")
            drop = replica.drop
            is_directory = bool(slash) or drop.archive is not None
            size = None if is_directory else tx.blobs.find([drop.last])[drop.last].size_bytes
            children[name] = Child(name, size)
        last = found[-1].path if len(found) == _CHILDREN else None
        return Listing(tuple(children.values()), last)


def take_out(tx: Transaction, drops: Sequence[Drop]) -> Sequence[Drop]:
    """Delete drops and give back what they held."""
    taken = tx.drops.take(drops)
    freed: Counter[Subject] = Counter()
    for drop in taken:
        freed[drop.holder] += drop.kept_bytes
        if drop.owner is None:
            freed[ANONYMOUS_DROPS] += 1
    for subject in sorted(freed):
        tx.quotas.use([Allowance(subject, None)], -freed[subject])
    return taken


def _directory(tx: Transaction, tree: Tree, place: str) -> Listing:
    below = f"{place}/" if place else ""
    children: dict[str, Child] = {}
    for entry in tx.trees.entries(tree.id, tree.revision):
        if entry.path.startswith(below):
            name, slash, _ = entry.path[len(below) :].partition("/")
            children[name] = Child(name, None if slash else entry.size_bytes)
    if not children and below:
        raise NotInBucket
    return Listing(tuple(children[name] for name in sorted(children)))


def _place(path: str) -> TreePath:
    """A path without slashes around it; empty for the top. Raises ``NotInBucket``."""
    bare = path.strip("/")
    try:
        return TreePath.parse(bare) if bare else TreePath()
    except PathRefused as refused:
        raise NotInBucket from refused
