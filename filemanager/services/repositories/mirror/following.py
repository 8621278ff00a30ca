"""The bucket in which clients read repositories by themselves follows what is published."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from filemanager.domain.blobs.blob import StoredBlob
from filemanager.domain.blobs.store import BlobStore
from filemanager.domain.ids import Digest, Revision, TreeId
from filemanager.domain.jobs.job import LeaseLost
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.repositories.bucket_keys import index_names
from filemanager.domain.repositories.media_types import media_type
from filemanager.domain.repositories.mirror import BucketObject, Changes
from filemanager.domain.repositories.package import Base
from filemanager.domain.repositories.places import is_package_file
from filemanager.domain.repositories.published import IndexForm, PublishedIndex
from filemanager.domain.repositories.repository import (
    PackageFile,
    PublishedMeanwhile,
    Repository,
    Visibility,
)
from filemanager.indexes.index import Index
from filemanager.services.jobs import Running
from filemanager.services.repositories.mirror.copying import (
    CHANGING,
    LASTING,
    BucketCopy,
    ClientBucket,
    Told,
)
from filemanager.services.repositories.mirror.leaving import begin, changing_names
from filemanager.services.repositories.tasks import PATH, mirror_task, sync_task

_NOTHING = Revision(0)
_PART_FILES = 100
"""As many files of packages one run writes: publications of others wait for the same workers."""

_BETWEEN_ROOTS = timedelta(seconds=1.5)
"""A second, and what clocks of two nodes may differ by."""

_NOTED_FILES = 50
_DELETED_PATHS = 500


class MirrorService:
    """Writes what is committed and nothing else, and only what differs from the publication that
    lies there whole.

    Readers find what a root promises: packages are written first, then indexes, by their digests
    before the names that change, and roots last. What is part of no publication any more is deleted
    when *grace* has passed, not before.

    Private repositories are not in the bucket, whether it is public or not: what becomes private is
    deleted there at once. But for objects that were never taken in, since there may be no other.
    """

    def __init__(
        self,
        database: Database,
        blobs: BlobStore,
        bucket: ClientBucket,
        grace: timedelta,
        clock: Clock,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._bucket = bucket
        self._grace = grace
        self._clock = clock

    def announce(self, tx: Transaction, path: str, at: datetime) -> None:
        """To be called in the transaction that publishes, shows or hides the repository."""
        tx.outbox.add(mirror_task(path), at)

    def catch_up(self) -> int:
        """Promise what is missing in the bucket, or has to go from it; returns for how many
        repositories.
        """

        def work(tx: Transaction) -> int:
            at = self._clock()
            paths = tx.repositories.unmirrored(at)
            for path in paths:
                self.announce(tx, path, at)
            return len(paths)

        return self._database.write(work)

    def mirror(self, running: Running) -> None:
        """The handler of the task. It may be stopped at any point and begun again.

        A worker may find that it wrote after its lease went to another: then all that it touched is
        written anew, so that the newest is written last.
        """
        found = self._database.write(lambda tx: self._begun(tx, running))
        if found is None:
            return
        run = _Run(self._database, self._clock, running, found)
        try:
            run.follow(self._bucket, self._blobs)
        except LeaseLost:
            self._database.write(run.promise_anew)
            raise

    def _begun(self, tx: Transaction, running: Running) -> Repository | None:
        """None: it is not time, and what has to come first will promise this again."""
        path, at = str(running.claimed.payload[PATH]), self._clock()
        repository = tx.repositories.lock(path)
        if repository.visibility is Visibility.PUBLIC and not _is_taken_in(repository):
            running.settle(tx)
            if repository.synced_through is None:
                tx.outbox.add(sync_task(path), at)
            return None
        if (ends_at := _second_ends_at(repository, at)) is not None:
            running.settle(tx)
            tx.outbox.add(mirror_task(path, ends_at), at)
            return None
        return begin(tx, repository, at, self._grace)


@dataclass(frozen=True, slots=True)
class _Part:
    """What one run writes; ``is_last``: with it the publication is there whole."""

    changes: Changes
    files: Sequence[PackageFile]
    blobs: Mapping[Digest, StoredBlob]
    is_last: bool


class _Run:
    """The work of one claim of the task."""

    def __init__(
        self, database: Database, clock: Clock, running: Running, found: Repository
    ) -> None:
        self._database = database
        self._clock = clock
        self._running = running
        self._found = found
        self._touched: set[str] = set()

    def follow(self, bucket: ClientBucket, blobs: BlobStore) -> None:
        copy = BucketCopy(bucket, blobs, self._found, self._ensure_leased)
        is_whole = True
        if self._found.visibility is Visibility.PUBLIC:
            part = self._part()
            self._copy_files(copy, part)
            is_whole = part.is_last
            if is_whole:
                self._put_indexes(copy, part)
                copy.put_roots(self._roots(part))
        self._delete(copy)
        self._database.write(lambda tx: self._end(tx, is_whole=is_whole))

    def promise_anew(self, tx: Transaction) -> None:
        """Where this run was, nobody knows any more what lies in the bucket."""
        found, at = self._found, self._clock()
        repository = tx.repositories.lock(found.path)
        tx.repositories.known_objects.forget(found.tree.id, self._touched)
        begun = max(repository.mirror_begun or _NOTHING, found.tree.revision)
        whole = min(repository.mirrored or _NOTHING, found.mirrored or _NOTHING)
        tx.repositories.save(
            replace(repository, mirror_begun=begun, mirrored=whole or None, mirrored_at=at)
        )
        tx.outbox.add(mirror_task(found.path), at)

    def _part(self) -> _Part:
        found, tree = self._found, self._found.tree
        with self._database.read() as tx:
            changes = tx.repositories.changes(tree.id, found.mirrored or _NOTHING, tree.revision)
            packages = [one for one in changes.files if is_package_file(found.base, one.path)]
            missing = _missing(tx, tree.id, packages)
            files = missing[:_PART_FILES]
            others = [one for one in changes.files if not is_package_file(found.base, one.path)]
            blobs = tx.blobs.find({one.digest for one in (*files, *others)})
        return _Part(changes, files, blobs, is_last=len(files) == len(missing))

    def _copy_files(self, copy: BucketCopy, part: _Part) -> None:
        for start in range(0, len(part.files), _NOTED_FILES):
            copied = [
                self._copied(copy, file, part.blobs[file.digest])
                for file in part.files[start : start + _NOTED_FILES]
            ]
            self._database.write(partial(_note, tree_id=self._found.tree.id, objects=copied))

    def _copied(self, copy: BucketCopy, file: PackageFile, blob: StoredBlob) -> BucketObject:
        self._touched.add(file.path)
        written = copy.copy(file.path, blob, Told(media_type(file.path), LASTING))
        return BucketObject(
            path=file.path, size_bytes=written.size_bytes, etag=written.etag, digest=file.digest
        )

    def _put_indexes(self, copy: BucketCopy, part: _Part) -> None:
        for path, index, cache_control in _in_order(self._found.base, part.changes.indexes):
            told = Told(media_type(index.path), cache_control)
            if index.form is IndexForm.XZ:
                copy.copy(path, part.blobs[Digest(index.sums.sha256)], told)
            else:
                copy.put(path, self._content(index), told)

    def _content(self, index: PublishedIndex) -> Callable[[], Iterator[bytes]]:
        tree = self._found.tree
        with self._database.read() as tx:
            found = tx.repositories.indexes.find(tree.id, index.path, tree.revision)
        if found is None:
            raise PublishedMeanwhile
        made = Index(found.pages)
        return made.gzip if index.form is IndexForm.GZIP else made.plain

    def _roots(self, part: _Part) -> Mapping[str, StoredBlob]:
        files = {file.path: file for file in part.changes.files}
        names = [name for name in changing_names(self._found) if name in files]
        return {name: part.blobs[files[name].digest] for name in names}

    def _delete(self, copy: BucketCopy) -> None:
        tree = self._found.tree
        while True:
            with self._database.read() as tx:
                paths = tx.repositories.leftovers.due(tree.id, self._clock(), _DELETED_PATHS)
            if not paths:
                return
            for path in paths:
                self._touched.add(path)
                copy.delete(path)
            self._database.write(partial(_forget, tree_id=tree.id, paths=paths))

    def _end(self, tx: Transaction, *, is_whole: bool) -> None:
        """Locks are taken in one order: the repository, the task."""
        found, now = self._found, tx.repositories.lock(self._found.path)
        is_same = (now.tree.revision, now.visibility) == (found.tree.revision, found.visibility)
        if is_whole and _is_behind(found):
            at = self._clock()
            tx.repositories.save(replace(now, mirrored=found.tree.revision, mirrored_at=at))
        if not (is_whole and is_same):
            tx.outbox.add(mirror_task(found.path), self._clock())
        self._running.settle(tx)

    def _ensure_leased(self) -> None:
        """Raises ``LeaseLost``, as far as that is known."""
        self._running.report(0, "writing to the bucket")


def _is_taken_in(repository: Repository) -> bool:
    """Whether the publication shows all that another service left in the bucket: clients read it
    there, and must not miss any of it.
    """
    through = repository.synced_through
    return through is not None and repository.published_through >= through


def _second_ends_at(repository: Repository, at: datetime) -> datetime | None:
    """When roots may be written again; None: now. A store tells whole seconds, and what was written
    twice in one of them as unchanged: who has read the first would never read the second.
    """
    written_at = repository.mirrored_at
    if written_at is None or not _is_behind(repository):
        return None
    return written_at + _BETWEEN_ROOTS if abs(at - written_at) < _BETWEEN_ROOTS else None


def _is_behind(repository: Repository) -> bool:
    """Whether there is anything to write."""
    is_there = repository.mirrored == repository.tree.revision
    return repository.visibility is Visibility.PUBLIC and not is_there


def _missing(
    tx: Transaction, tree_id: TreeId, files: Sequence[PackageFile]
) -> Sequence[PackageFile]:
    """Those that no earlier run has written."""
    known = tx.repositories.known_objects.find(tree_id, [file.path for file in files])
    written = {path: one.digest for path, one in known.items()}
    return [file for file in files if written.get(file.path) != file.digest]


def _in_order(
    base: Base, indexes: Sequence[PublishedIndex]
) -> Iterator[tuple[str, PublishedIndex, str]]:
    """Every path that never changes before the first that does, each with what caches are told."""
    named = [(index, index_names(base, index)) for index in indexes]
    for index, (lasting, _) in named:
        if lasting is not None:
            yield lasting, index, LASTING
    for index, (_, changing) in named:
        if changing is not None:
            yield changing, index, CHANGING


def _note(tx: Transaction, tree_id: TreeId, objects: Sequence[BucketObject]) -> None:
    tx.repositories.known_objects.note(tree_id, objects)


def _forget(tx: Transaction, tree_id: TreeId, paths: Sequence[str]) -> None:
    tx.repositories.known_objects.forget(tree_id, paths)
    tx.repositories.leftovers.remove(tree_id, paths)
