"""The ports: what the use cases need from the world, as protocols.

The contract stands here; adapters do not repeat it. Every adapter raises only
``FilemanagerError``s.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol, TypeVar

from filemanager.domain.areas import Area
from filemanager.domain.blobs import Content, Put, StoredBlob, StoredObject
from filemanager.domain.budget import Budget
from filemanager.domain.checkpoint import Checkpoint
from filemanager.domain.drops import Drops
from filemanager.domain.findings import Finding, Severity
from filemanager.domain.idempotency import IdempotencyKeys
from filemanager.domain.ids import Checksum, Digest, Revision, TreeId, WorkspaceId
from filemanager.domain.job_ports import Jobs, Outbox
from filemanager.domain.kinds import FileKind, SourceFormat
from filemanager.domain.listing import (
    Difference,
    EntryPage,
    EntryQuery,
    LogSize,
    PackedEntry,
    WorkspacePage,
    WorkspaceQuery,
)
from filemanager.domain.log import LogLine
from filemanager.domain.quotas import Quotas
from filemanager.domain.rawstore_ports import StoredFiles
from filemanager.domain.tree import Altered, Entry, Tree, TreeChange
from filemanager.domain.unpacking import Unpacked
from filemanager.domain.upkeep import Forecast, KnownObject
from filemanager.domain.upload_ports import Uploads
from filemanager.domain.workspace import Workspace

Returned = TypeVar("Returned")

Clock = Callable[[], datetime]
"""The time in UTC, cut to milliseconds."""


class ScratchWriter(Protocol):
    """Takes bytes; hashes them on the way."""

    def write(self, data: bytes | memoryview) -> int: ...

    def finish(self) -> Content:
        """What was written so far as a content; the writer is done."""


class Scratch(Protocol):
    """The private working space of one upload: gone, with every content in it, when closed.

    Contents up to a small size stay in memory, the rest in one unnamed file. Writing raises
    ``ScratchFull`` before the node's scratch space is exceeded.
    """

    def writer(self) -> ScratchWriter:
        """Only one writer at a time may be unfinished."""

    def write(self, data: bytes) -> Content: ...
    def reserve(self, size_bytes: int) -> None:
        """Claim space for bytes to come; raises ``ScratchFull``. What is reserved is written
        first.
        """


class ScratchSpace(Protocol):
    def open(self) -> AbstractContextManager[Scratch]: ...
    def free_bytes(self) -> int: ...


class BlobStore(Protocol):
    """Keeps blobs as slices of immutable objects under random keys."""

    def put(self, contents: Iterable[Content]) -> Put:
        """Write contents, each once, and return when they are durable: fsynced with their
        directory,
        or acknowledged by the store. Small ones share a pack. Contents of size 0 have no bytes
        stored (an empty raw slice at offset 0 of no object, key ``""``).

        Raises ``StoreUnavailable``; what was written by then is left for the sweeper.
        """

    def read(self, blob: StoredBlob, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """The blob's own bytes ``[start, stop)``, decoded, in chunks of at most 1 MiB.

        A read of a whole blob is verified against ``stored_crc32`` and the size before its last
        chunk is given out. Raises ``BlobDamaged`` or ``StoreUnavailable``.
        """

    def read_stored(self, blob: StoredBlob, start: int, stop: int) -> Iterator[bytes]:
        """Bytes ``[start, stop)`` of the slice as it is stored, not decoded; whole slices
        verified.
        """

    def read_run(self, key: str, start: int, stop: int) -> bytes:
        """Bytes ``[start, stop)`` of an object in one request, at most 1 MiB, not verified; fewer
        where the object ends before or is missing.
        """

    def content(self, blob: StoredBlob) -> Content:
        """The blob as a content, read from the store as needed."""

    def objects(self) -> Iterator[StoredObject]:
        """Every object under our prefixes, in key order."""

    def copy(self, blobs: Iterable[StoredBlob]) -> Put:
        """Write the same stored bytes once more, all into one new pack, durable like ``put``.

        Nothing is encoded anew, so nothing that was counted from the old slices changes. Raises
        ``BlobDamaged`` where a slice is not what was stored.
        """

    def read_object(self, key: str) -> Iterator[bytes] | None:
        """A whole object as it lies, unverified, for moving it to another store; None: no such."""

    def write_object(self, key: str, chunks: Iterable[bytes]) -> None:
        """Write an object under the key it had elsewhere, durable like ``put``.

        There is none of that key yet: a store may refuse to write over one.
        """

    def object_size(self, key: str) -> int | None:
        """None: there is no such object."""

    def delete(self, key: str) -> None:
        """Delete an object; a missing one is no error."""

    def check(self) -> None:
        """Raise ``StoreUnavailable`` unless the store answers."""


class Unpacker(Protocol):
    def unpack(self, archive: Content, budget: Budget, scratch: Scratch) -> Unpacked | None:
        """Read an archive whole into *scratch*, or not at all; None where it is no archive.

        The bytes alone decide what it is. Raises ``ArchiveRefused`` for one that is broken,
        ambiguous or malicious, and ``OverBudget``. Decoders use at most 32 MiB.
        """


class TreeView(Protocol):
    """Narrow questions about the living entries of a tree, for checks.

    Each costs the same at any size of the tree, but ``below``.
    """

    @property
    def counts(self) -> Mapping[Area, Mapping[FileKind, int]]: ...
    @property
    def source_format(self) -> SourceFormat: ...

    def find(self, area: Area, path: str) -> Entry | None: ...

    def holds_below(self, area: Area, directory: str) -> bool:
        """Whether an entry lies in *directory* (no closing slash) or deeper."""

    def sole_source(self) -> Entry | None:
        """The one source entry; None where there are none or several."""

    def source_bounds(self) -> tuple[str, str] | None:
        """The first and the last source path in byte order; None for an empty source.

        All source entries lie below one directory exactly if both bounds do.
        """

    def below(self, area: Area, directory: str) -> Sequence[Entry]:
        """Every entry below *directory*, ``""`` for all, in listing order."""

    def findings_on(self, area: Area | None, path: str | None) -> Sequence[Finding]:
        """The living findings of one path (a directory's ends in ``/``), or workspace-level
        ones.
        """


class Workspaces(Protocol):
    def add(self, workspace: Workspace) -> Workspace:
        """Insert a workspace and its empty tree at revision 0; ids given in *workspace* are
        ignored.
        """

    def get(self, workspace_id: WorkspaceId) -> Workspace:
        """Raises ``WorkspaceNotFound``. A deleted workspace is found."""

    def lock(self, workspace_id: WorkspaceId) -> Workspace:
        """``get``, holding off every other writer of this workspace until the transaction ends."""

    def save(self, workspace: Workspace) -> None:
        """Write everything but the id, owner, tree and creation time."""

    def page(self, query: WorkspaceQuery) -> WorkspacePage: ...


class Trees(Protocol):
    def view(self, workspace: Workspace) -> TreeView: ...

    def apply(self, tree: Tree, change: TreeChange, at: datetime) -> Tree:
        """Make the next revision and return the tree's new row; its checksum is unknown then.

        Of two entries put at one place the last is written. ``position`` None is the
        overwritten entry's or the next.
        """

    def restore(self, tree: Tree, revision: Revision, at: datetime) -> Tree:
        """Make the next revision equal to an older one, findings included; writes only what
        differs.
        """

    def save_checksum(self, tree: Tree, checksum: Checksum) -> None:
        """Remember the checksum, unless the tree has moved on."""

    def entries(self, tree_id: TreeId, revision: Revision) -> Sequence[Entry]:
        """Source, then ancillary, each in the order of their positions."""

    def names(self, tree_id: TreeId, revision: Revision) -> Iterable[tuple[str, Digest]]:
        """Public path and digest of every source and ancillary entry, in no order."""

    def find(
        self, tree_id: TreeId, area: Area, path: str, revision: Revision | None = None
    ) -> Entry:
        """Living, or alive at *revision*. Raises ``FileNotFound``."""

    def page(self, tree_id: TreeId, query: EntryQuery) -> EntryPage: ...

    def packed(
        self, tree_id: TreeId, revision: Revision, after: tuple[Area, str] | None, limit: int
    ) -> Sequence[PackedEntry]:
        """Source and ancillary entries with their blobs in the order of archives: by area
        (ancillary first), then by path in byte order; those behind *after*.
        """

    def findings(
        self, tree_id: TreeId, revision: Revision, *, transient: bool
    ) -> Sequence[Finding]:
        """In the drop-in's order: findings of source entries (by position), of ancillary ones, of
        removed ones, directories with their area, then workspace-level; each group as it was added.
        """

    def severities(self, tree: Tree) -> frozenset[Severity]:
        """Of the living persistent findings that count for readiness; the same cost at any size."""

    def kept_bytes(self, tree_id: TreeId) -> int:
        """Added up from the entries, for ``fsck``."""

    def altered(self, tree_id: TreeId) -> Sequence[Altered]:
        """What the last upload's checks changed."""

    def difference(self, tree_id: TreeId, old: Revision, new: Revision) -> Sequence[Difference]:
        """Source and ancillary paths that differ between two revisions, by path."""

    def prune(self, ended_before: datetime, limit: int) -> int:
        """Delete rows that ended before then and that no pin sees; returns how many."""


class Blobs(Protocol):
    def find(self, digests: Collection[Digest]) -> Mapping[Digest, StoredBlob]: ...

    def sound(self, digests: Collection[Digest]) -> Collection[Digest]:
        """Which of *digests* have rows and are not quarantined."""

    def add(self, put: Put, at: datetime) -> Collection[Digest]:
        """Insert rows; a digest that exists already keeps its row.

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

    def known_objects(self, keys: Collection[str]) -> Collection[str]:
        """Which of *keys* have rows."""

    def sparse_packs(self, live_below: float, limit: int) -> Sequence[str]:
        """Keys of living packs of which less than that share of bytes is used by whole blobs.

        A pack in which only quarantined blobs are left is not named: they cannot be moved.
        """

    def forecast(
        self, wanted_before: datetime, ended_before: datetime, live_below: float
    ) -> Forecast:
        """Count what pruning, dropping, rewriting and deleting would take, in this order."""

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

    def save_facts(self, facts: Mapping[Digest, Mapping[str, str]]) -> None:
        """Keep facts of blobs for as long as the blobs live; known ones, and swept blobs, are
        left.
        """


class Checkpoints(Protocol):
    def add(self, checkpoint: Checkpoint) -> Checkpoint: ...
    def of(self, tree_id: TreeId) -> Sequence[Checkpoint]:
        """Oldest first."""

    def delete(self, checkpoint: Checkpoint) -> None: ...


class Logs(Protocol):
    def append(self, lines: Iterable[LogLine]) -> None: ...

    def size(self, workspace_id: WorkspaceId | None) -> LogSize:
        """Of the rendered log: a workspace's, or the service's (None)."""

    def page(self, workspace_id: WorkspaceId | None, after: int, limit: int) -> Sequence[LogLine]:
        """Oldest first, those with ids above *after*."""

    def prune_service_log(self, before: datetime) -> int: ...


Plain = int | str | bool | None


class Rows(Protocol):
    """Every table as it is, for moving all of them to another database."""

    def tables(self) -> Mapping[str, Sequence[str]]:
        """Names and columns, each table behind those that it refers to."""

    def of(self, table: str) -> Iterator[Mapping[str, Plain]]:
        """A few at a time; to be read to the end before anything else is asked."""

    def count(self, table: str) -> int: ...

    def add(self, table: str, rows: Iterable[Mapping[str, Plain]]) -> int:
        """Insert rows with their ids and return how many; new ids go on behind the highest."""


class Transaction(Protocol):
    """One transaction. A read sees one state of the database throughout."""

    @property
    def workspaces(self) -> Workspaces: ...
    @property
    def trees(self) -> Trees: ...
    @property
    def blobs(self) -> Blobs: ...
    @property
    def checkpoints(self) -> Checkpoints: ...
    @property
    def logs(self) -> Logs: ...
    @property
    def rows(self) -> Rows: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def jobs(self) -> Jobs: ...
    @property
    def quotas(self) -> Quotas: ...
    @property
    def uploads(self) -> Uploads: ...
    @property
    def stored_files(self) -> StoredFiles: ...
    @property
    def drops(self) -> Drops: ...
    @property
    def idempotency_keys(self) -> IdempotencyKeys: ...

    def take_slot(self, name: str, slot: int) -> bool:
        """Claim a slot of periodic work; exactly one caller on all nodes is told True."""

    def progress(self, name: str) -> str | None:
        """What ``save_progress`` noted last; None: nothing yet."""

    def save_progress(self, name: str, value: str) -> None:
        """Note how far long work has come, in words of its own."""


class ExportFiles(Protocol):
    """A directory that everything is written to, to be read elsewhere: records and objects."""

    @property
    def blobs(self) -> BlobStore:
        """The store in the directory; objects lie in it under the keys they had."""

    def begin(self) -> None:
        """Make the directory. Raises ``DirectoryInUse`` where there is something in it."""

    def write(self, name: str, records: Iterable[Mapping[str, Plain]]) -> int:
        """Write records durably, one at a time, and return how many."""

    def read(self, name: str) -> Iterator[Mapping[str, Plain]]:
        """Raises ``NotAnExport`` where there are none of that name."""


class Database(Protocol):
    def read(self) -> AbstractContextManager[Transaction]:
        """Raises ``DatabaseUnavailable``. Nothing is ever written."""

    def write(self, work: Callable[[Transaction], Returned]) -> Returned:
        """Run *work* in a transaction and commit it durably; an exception rolls back.

        *work* is run again where the database chose it as the victim of a deadlock, so it must
        change nothing but the transaction.
        """

    def check(self) -> None:
        """Raise ``DatabaseUnavailable`` unless a query is answered."""
