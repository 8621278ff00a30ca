"""A workspace, and the services that uploads to it go through."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from io import BytesIO

from filemanager.archives.unpacker import ArchiveUnpacker
from filemanager.domain.caller import Caller, GrantedScope, Scope
from filemanager.domain.ids import WorkspaceId
from filemanager.domain.intake.budget import Limits
from filemanager.domain.quotas import Usage, owner_subject, workspace_subject
from filemanager.domain.uploads.targets import PartTarget, WorkspaceTarget
from filemanager.domain.uploads.upload import Upload, UploadId, Way
from filemanager.services.committing import Committer
from filemanager.services.intake import Intake
from filemanager.services.jobs import JobService
from filemanager.services.uploads.admission import UploadLimits
from filemanager.services.uploads.appending import AppendingService, SentBytes
from filemanager.services.uploads.inflow import Readable
from filemanager.services.uploads.receiving import ReceivingService
from filemanager.services.uploads.resumable import UploadService, UploadWish
from filemanager.services.uploads.targets import PartReceiver, Targets
from filemanager.services.workspaces.bundles import Bundles
from filemanager.services.workspaces.files import FileService
from filemanager.services.workspaces.life import WorkspaceService
from filemanager.services.workspaces.receiver import WorkspaceReceiver
from filemanager.services.workspaces.room import Room
from filemanager.storage.scratch.space import DiskScratchSpace
from worlds.stored import ALICE, World

LIFE = timedelta(days=7)
WRITER = replace(ALICE, granted=frozenset({GrantedScope(Scope.UPDATE)}))
STRANGER = Caller(
    issuer="test", subject="2", name="bob", granted=frozenset({GrantedScope(Scope.UPDATE)})
)


@dataclass
class Desk:
    """A workspace of Alice's, and the services that uploads go through."""

    world: World
    room: Room = field(
        default_factory=lambda: Room(max_bytes=100_000, max_files=10, max_checkpoints=1)
    )
    limits: UploadLimits = field(
        default_factory=lambda: UploadLimits(
            life=LIFE, open_uploads=3, upload_bytes=5000, segments=10
        )
    )

    known_workspace: WorkspaceId | None = None
    scratch_bytes: int = 1 << 30

    def __post_init__(self) -> None:
        world = self.world
        self.workspace_id = self.known_workspace or world.create()
        intake = Intake(
            DiskScratchSpace(world.directory, self.scratch_bytes),
            ArchiveUnpacker(),
            Limits(),
            world.clock,
        )
        committer = Committer(world.database, world.blobs, world.clock)
        files = FileService(world.database, committer, intake, self.room, world.clock)
        bundles = Bundles(world.database, world.blobs, intake)
        receiver = WorkspaceReceiver(files, bundles, self.room, world.clock)
        targets = Targets({WorkspaceTarget: receiver, PartTarget: PartReceiver(None)})
        jobs = JobService(world.database, world.clock)
        self.uploads = UploadService(world.database, world.blobs, targets, self.limits, world.clock)
        self.receiving = ReceivingService(world.database, world.blobs, intake, targets, jobs)
        self.appending = AppendingService(self.uploads, self.receiving, intake)
        self.workspaces = WorkspaceService(world.database, self.room, world.clock)

    def on(self, world: World) -> "Desk":
        """The same workspace, with services on the ports of *world*."""
        return replace(self, world=world, known_workspace=self.workspace_id)

    def part(self, data: bytes) -> UploadId:
        """A whole part of an upload to come."""
        (part,) = self.begin(UploadWish(way=Way.TUS, target=PartTarget(), size_bytes=len(data)))
        self.append(part.id, 0, BytesIO(data))
        return part.id

    def wish(self, path: str = "a.txt", size: int | None = 5, **more: object) -> UploadWish:
        target = WorkspaceTarget(workspace_id=self.workspace_id, path=path)
        return UploadWish(way=Way.TUS, target=target, size_bytes=size, **more)  # type: ignore[arg-type]  # fields by name

    def begin(self, *wishes: UploadWish, caller: Caller = WRITER) -> list[Upload]:
        return self.uploads.begin(caller, list(wishes) or [self.wish()])

    def send(self, data: bytes, **more: object) -> Upload:
        """A whole upload that waits to be received."""
        (upload,) = self.begin(self.wish(size=len(data), **more))  # type: ignore[arg-type]  # fields by name
        return self.append(upload.id, 0, BytesIO(data))

    def append(self, upload_id: UploadId, offset: int, stream: Readable) -> Upload:
        return self.uploads.take(self.uploads.claim(WRITER, upload_id, offset), stream)

    def bring(self, upload: Upload, stream: Readable) -> Upload:
        """A request that says how long it is, for all of an upload."""
        sent = SentBytes(stream, upload.size_bytes)
        return self.appending.append(WRITER, upload.id, 0, sent)

    def bring_new(self, stream: Readable, wish: UploadWish | None = None) -> Upload:
        """The same, where the request begins the upload too."""
        wish = wish or self.wish()
        return self.appending.begin(WRITER, wish, SentBytes(stream, wish.size_bytes))

    @property
    def files(self) -> dict[str, bytes]:
        return self.world.files(self.workspace_id)

    @property
    def reserved(self) -> list[int]:
        subjects = (owner_subject(ALICE.owner), workspace_subject(self.workspace_id))
        with self.world.database.read() as tx:
            return [tx.quotas.usage(subject).reserved_bytes for subject in subjects]

    @property
    def used(self) -> Usage:
        with self.world.database.read() as tx:
            return tx.quotas.usage(workspace_subject(self.workspace_id))

    @property
    def incoming(self) -> list[str]:
        stored = self.world.blobs.objects()
        return [one.key for one in stored if one.key.startswith("incoming/")]


def desk_of_large_files(world: World) -> Desk:
    return Desk(
        world,
        room=Room(max_bytes=1 << 30, max_files=10, max_checkpoints=1),
        limits=UploadLimits(life=LIFE, open_uploads=9, upload_bytes=1 << 30, segments=10),
    )


class Broken(BytesIO):
    """Bytes, and then a connection that is gone."""

    def read(self, size: int | None = -1) -> bytes:
        data = super().read(size)
        if not data:
            raise ConnectionError
        return data
