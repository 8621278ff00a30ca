"""A whole store on SQLite and memory, with a clock that tests turn, and what people do with it."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar, cast

from sqlalchemy import Executable, NullPool, create_engine

from filemanager.archives.unpacker import ArchiveUnpacker
from filemanager.db.database import SqlDatabase
from filemanager.domain.blobs.blob import StoredBlob
from filemanager.domain.blobs.store import BlobStore
from filemanager.domain.caller import Caller, GrantedScope, Scope
from filemanager.domain.ids import Digest, WorkspaceId, digest_of
from filemanager.domain.intake.budget import Limits
from filemanager.domain.ports import Database
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.tree import TreePath
from filemanager.factory.parts import small_first
from filemanager.sanitize.inspection import Sent
from filemanager.services.committing import Committer
from filemanager.services.intake import Intake, Spool
from filemanager.services.upkeep.fsck.fsck import Checked, Fsck
from filemanager.services.upkeep.sweep import Keeping, Sweeper
from filemanager.services.upkeep.watching import Problem
from filemanager.services.workspaces.checkpoints import CheckpointService
from filemanager.services.workspaces.content import ContentService
from filemanager.services.workspaces.editing import EditingService
from filemanager.services.workspaces.files import FileService
from filemanager.services.workspaces.life import Wishes, WorkspaceService
from filemanager.services.workspaces.room import Room
from filemanager.services.workspaces.upload import Conditions
from filemanager.storage.blobs.memory import MemoryObjects
from filemanager.storage.blobs.packing import PackingBlobStore
from filemanager.storage.scratch.space import DiskScratchSpace

ALICE = Caller(
    issuer="test",
    subject="1",
    name="alice",
    granted=frozenset({GrantedScope(Scope.READ), GrantedScope(Scope.UPDATE)}),
)
GRACE = timedelta(hours=24)
HISTORY = timedelta(days=30)
LONG = HISTORY + GRACE
DATABASE = "filemanager.db"
START = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)

ROOM = Room(max_bytes=1 << 30, max_files=1000, max_checkpoints=10)
_CONDITIONS = Conditions(wants_summary=False)

Port = TypeVar("Port")


@dataclass(slots=True)
class TurnedClock:
    """Stands still until it is turned."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def turn(self, by: timedelta) -> None:
        self.now += by


@dataclass(slots=True)
class Heard:
    """A watcher that keeps what it is told."""

    problems: list[Problem] = field(default_factory=list)
    stages: list[str] = field(default_factory=list)

    def problem(self, problem: Problem) -> None:
        self.problems.append(problem)

    def begin(self, what: str, total: int | None) -> None:
        del total
        self.stages.append(what)

    def advance(self, count: int) -> None:
        """Nobody looks."""


@dataclass(slots=True)
class World:
    """``database`` and ``blobs`` may be replaced by ports that do something at each call."""

    database: Database
    blobs: BlobStore
    objects: MemoryObjects
    clock: TurnedClock
    directory: Path

    def create(self) -> WorkspaceId:
        service = WorkspaceService(self.database, ROOM, self.clock)
        return service.create(ALICE, Wishes(profile="generic")).id

    def upload(self, workspace_id: WorkspaceId, files: Mapping[str, bytes]) -> None:
        """One upload for each file."""
        for path, data in files.items():
            self.send(workspace_id, path, data, unpack=False)

    def send(self, workspace_id: WorkspaceId, path: str, data: bytes, *, unpack: bool) -> None:
        with self.sending(path, data, unpack=unpack) as (files, sent, spool):
            files.receive(ALICE, workspace_id, [sent], spool, conditions=_CONDITIONS)

    def begin(self, path: str, data: bytes) -> WorkspaceId:
        """A workspace with its first upload, by the checks for papers."""
        blank = WorkspaceService(self.database, ROOM, self.clock).blank(ALICE)
        with self.sending(path, data, unpack=None) as (files, sent, spool):
            return files.create(ALICE, blank, sent, spool).workspace.id

    @contextmanager
    def sending(
        self, path: str, data: bytes, *, unpack: bool | None
    ) -> Iterator[tuple[FileService, Sent, Spool]]:
        """What is needed to send a file whose bytes are here."""
        space = DiskScratchSpace(self.directory, 1 << 30)
        intake = Intake(space, ArchiveUnpacker(), Limits(), self.clock)
        committer = Committer(self.database, self.blobs, self.clock)
        files = FileService(self.database, committer, intake, ROOM, self.clock)
        with intake.spool(len(data)) as spool:
            content = spool.scratch.write(data)
            yield files, Sent(Area.SOURCE, TreePath(path), content, unpack=unpack), spool

    def delete_file(self, workspace_id: WorkspaceId, path: str) -> None:
        committer = Committer(self.database, self.blobs, self.clock)
        editing = EditingService(self.database, committer, ROOM, self.clock)
        editing.delete(ALICE, workspace_id, path)

    def delete(self, workspace_id: WorkspaceId) -> None:
        WorkspaceService(self.database, ROOM, self.clock).delete(ALICE, workspace_id)

    @property
    def checkpoints(self) -> CheckpointService:
        return CheckpointService(self.database, self.clock, limit=10)

    def files(self, workspace_id: WorkspaceId) -> dict[str, bytes]:
        """Every file as it is read now, checked against its digest."""
        with self.database.read() as tx:
            tree = tx.workspaces.get(workspace_id).tree
            entries = tx.trees.entries(tree.id, tree.revision)
        found = {entry.public_path: self.read(workspace_id, entry.public_path) for entry in entries}
        assert all(digest_of(found[entry.public_path]) == entry.digest for entry in entries)
        return found

    def read(self, workspace_id: WorkspaceId, path: str) -> bytes:
        content = ContentService(self.database, self.blobs, self.checkpoints)
        download = content.file(workspace_id, path)
        return b"".join(download.stream(0, download.size_bytes))

    def archive(self, workspace_id: WorkspaceId) -> bytes:
        download = ContentService(self.database, self.blobs, self.checkpoints).archive(workspace_id)
        return b"".join(download.stream(0, download.size_bytes))

    @property
    def sweeper(self) -> Sweeper:
        keeping = Keeping(grace=GRACE, history=HISTORY)
        return Sweeper(self.database, self.blobs, keeping, self.clock)

    def sweep_twice(self) -> None:
        """As late as everything that nobody needs is due."""
        for _ in range(2):
            self.clock.turn(LONG)
            self.sweeper.sweep()

    def damage(self, blob: StoredBlob) -> None:
        """Turn one bit in the middle of the blob's slice."""
        data = bytearray(b"".join(self.objects.read(blob.object_key, 0, 1 << 62)))
        data[blob.offset + blob.stored_bytes // 2] ^= 1
        self.objects.write(blob.object_key, [bytes(data)])

    def tamper(self, *statements: Executable) -> None:
        """Change rows behind everybody's back."""
        engine = create_engine(f"sqlite:///{self.directory / DATABASE}", poolclass=NullPool)
        with engine.begin() as connection:
            for statement in statements:
                connection.execute(statement)

    def place_of(self, data: bytes) -> StoredBlob:
        with self.database.read() as tx:
            return tx.blobs.find([digest_of(data)])[digest_of(data)]

    def digests(self) -> set[Digest]:
        with self.database.read() as tx:
            return {blob.digest for blob in tx.blobs.by_object()}

    def keys(self) -> list[str]:
        return [stored.key for stored in self.blobs.objects()]

    def problems(self) -> list[Problem]:
        """What a deep fsck finds."""
        return self.fsck(deep=True)[1]

    def fsck(self, *, deep: bool = False) -> tuple[Checked, list[Problem]]:
        heard = Heard()
        return Fsck(self.database, self.blobs, heard).check(deep=deep), heard.problems


@contextmanager
def new_world(directory: Path, migrated_file: Path) -> Iterator[World]:
    """A world in *directory*, which is emptied."""
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir()
    path = directory / DATABASE
    shutil.copy(migrated_file, path)
    clock = TurnedClock()
    objects = MemoryObjects(clock)
    with closing(SqlDatabase(f"sqlite:///{path}")) as database:
        yield World(database, PackingBlobStore(objects), objects, clock, directory)


def beside_rows(world: World) -> World:
    """The same world, whose small packs lie in rows, as they do in the service."""
    return replace(world, blobs=small_first(world.objects, world.database))


class _WholeObjects(MemoryObjects):
    """As a bucket takes them: none grows, and none has two keys."""

    @property
    def files(self) -> None:
        return None


def taking_objects_whole(world: World) -> World:
    """The same world on another store, with nothing in it."""
    objects = _WholeObjects(world.clock)
    return replace(world, objects=objects, blobs=PackingBlobStore(objects))


@dataclass(slots=True)
class Interruption:
    """Does *work* before the call of a port that has the number *at*, counted from 1."""

    at: int
    work: Callable[[], None]
    calls: int = 0

    def __call__(self) -> None:
        self.calls += 1
        if self.calls == self.at:
            self.work()


def interrupted(world: World, step: Callable[[], None]) -> World:
    """The same world, whose services go through *step* before each call of a port."""
    return replace(
        world, database=_watched(world.database, step), blobs=_watched(world.blobs, step)
    )


def _watched(port: Port, step: Callable[[], None]) -> Port:
    return cast("Port", _Watched(port, step))  # every method is the port's own


class _Watched:
    def __init__(self, port: object, step: Callable[[], None]) -> None:
        self._port = port
        self._step = step

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._port, name)

        def call(*arguments: Any, **named: Any) -> Any:
            self._step()
            return method(*arguments, **named)

        return call
