"""Values to store, and the steps that every test of the database begins with."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

from sqlalchemy import Engine, NullPool, Table, create_engine, event

from filemanager.db.database import SqlDatabase
from filemanager.db.schema import metadata
from filemanager.domain.blobs.blob import Encoding, Put, StoredBlob
from filemanager.domain.caller import Owner
from filemanager.domain.ids import Checksum, Digest, Revision, TreeId, WorkspaceId, digest_of
from filemanager.domain.ports import Transaction
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.findings import Finding, Severity
from filemanager.domain.trees.kinds import FileKind, SourceFormat
from filemanager.domain.trees.listing import EntryQuery
from filemanager.domain.trees.tree import Entry, Rewrites, Tree, TreeChange, TreePath
from filemanager.domain.workspaces.checkpoint import Checkpoint
from filemanager.domain.workspaces.workspace import Workspace

NOW = datetime(2026, 11, 21, 12, 30, 15, 123000, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
CHECKSUM = Checksum("W_qV7atyVy0oVI27vNtmrg==")


def a_blob(text: str, *, key: str = "packs/1", offset: int = 0) -> StoredBlob:
    data = text.encode()
    return StoredBlob(
        digest=digest_of(data),
        size_bytes=len(data),
        crc32=4294967295,
        encoding=Encoding.GZIP,
        encoder="isal-3",
        object_key=key,
        offset=offset,
        stored_bytes=len(data),
        stored_crc32=7,
    )


def a_put(*blobs: StoredBlob) -> Put:
    keys = dict.fromkeys(blob.object_key for blob in blobs if blob.object_key)
    return Put(blobs=blobs, objects=tuple((key, 100) for key in keys))


def an_entry(path: str, text: str = "text", *, area: Area = Area.SOURCE) -> Entry:
    """Ten bytes more packed than plain; nothing in the removed area."""
    size = len(text.encode())
    return Entry(
        area=area,
        path=TreePath(path),
        kind=FileKind.LATEX2E,
        size_bytes=size,
        digest=digest_of(text.encode()),
        modified_at=NOW,
        packed_bytes=0 if area is Area.REMOVED else size + 10,
    )


def a_finding(code: str, path: str | None = None, *, persistent: bool = True) -> Finding:
    """A warning on a source path or, without one, on the whole workspace."""
    return Finding(
        severity=Severity.WARN,
        code=code,
        message=f"About {code}.",
        area=None if path is None else Area.SOURCE,
        path=path,
        persistent=persistent,
    )


def a_workspace(owner: str = "issuer:alice") -> Workspace:
    return Workspace(
        id=WorkspaceId(0),
        owner=Owner(owner),
        tree=Tree(id=TreeId(0), revision=Revision(0)),
        created_at=NOW,
        modified_at=NOW,
        started_at=NOW,
        completed_at=NOW,
    )


def a_checkpoint(tree: Tree, name: str = "first") -> Checkpoint:
    return Checkpoint(
        id=0,
        tree_id=tree.id,
        revision=tree.revision,
        name=name,
        description=None,
        checksum=CHECKSUM,
        content_bytes=250,
        source_format=SourceFormat.TEX,
        created_by="theuser",
        created_at=NOW,
    )


class Steps:
    """What a test does to a database, each step a transaction."""

    def __init__(self, database: SqlDatabase) -> None:
        self.database = database

    def add(self, workspace: Workspace | None = None) -> Workspace:
        return self.database.write(lambda tx: tx.workspaces.add(workspace or a_workspace()))

    def store(self, *texts: str, at: datetime = NOW) -> None:
        """Rows of blobs for *texts*, all in one pack."""
        put = a_put(*(a_blob(text) for text in texts))
        self.database.write(lambda tx: tx.blobs.add(put, at))

    def apply(self, workspace: Workspace, change: TreeChange, *, at: datetime = NOW) -> Workspace:
        """Apply *change* under the lock, with blobs of the text ``text`` in place."""
        self.store("text")

        def work(tx: Transaction) -> Workspace:
            locked = tx.workspaces.lock(workspace.id)
            return replace(locked, tree=tx.trees.apply(locked.tree, change, at))

        return self.database.write(work)

    def put(self, workspace: Workspace, *entries: Entry) -> Workspace:
        return self.apply(workspace, TreeChange(put=entries))

    def restore(self, workspace: Workspace, revision: Revision) -> Workspace:
        def work(tx: Transaction) -> Workspace:
            locked = tx.workspaces.lock(workspace.id)
            return replace(locked, tree=tx.trees.restore(locked.tree, revision, NOW))

        return self.database.write(work)

    def checkpoint(self, workspace: Workspace) -> Checkpoint:
        return self.database.write(lambda tx: tx.checkpoints.add(a_checkpoint(workspace.tree)))

    def paths(self, workspace: Workspace, revision: Revision | None = None) -> list[str]:
        tree = workspace.tree
        with self.database.read() as tx:
            entries = tx.trees.entries(tree.id, tree.revision if revision is None else revision)
        return [entry.public_path for entry in entries]

    def findings(self, workspace: Workspace, revision: Revision | None = None) -> list[str]:
        """Codes, the transient ones included."""
        tree = workspace.tree
        at = tree.revision if revision is None else revision
        with self.database.read() as tx:
            return [found.code for found in tx.trees.findings(tree.id, at, transient=True)]

    def get(self, workspace: Workspace) -> Workspace:
        with self.database.read() as tx:
            return tx.workspaces.get(workspace.id)

    def digests(self, *texts: str) -> list[Digest]:
        return [digest_of(text.encode()) for text in texts]


def held_in(tx: Transaction, tree: Tree) -> list[object]:
    """All that the tree holds at its revision, the entries first."""
    return [
        tx.trees.entries(tree.id, tree.revision),
        tx.trees.page(tree.id, EntryQuery(revision=tree.revision, area=Area.REMOVED)).entries,
        tx.trees.findings(tree.id, tree.revision, transient=True),
        tx.trees.altered(tree.id),
        tx.trees.rewrites(tree.id, Rewrites(0, Revision(1))),
        tx.trees.severities(tree),
        tx.trees.kept_bytes(tree.id),
    ]


def empty_tables(url: str) -> None:
    """By the driver itself: a hundred statements before each test of a database."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection, closing(connection.connection.cursor()) as cursor:
        named = engine.dialect.identifier_preparer.format_table
        for table in _pointing_first():
            cursor.execute(f"DELETE FROM {named(table)}")  # noqa: S608  # of our own names


@cache
def _pointing_first() -> Sequence[Table]:
    return metadata.sorted_tables[::-1]


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """Collect the statements that are sent meanwhile; one for many rows counts once."""
    statements: list[str] = []

    def note(*arguments: object) -> None:
        statements.append(str(arguments[2]))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def many(count: int) -> Sequence[Entry]:
    return [an_entry(f"d{index % 50:02}/file{index:05}.tex") for index in range(count)]
