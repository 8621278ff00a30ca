"""Grants: begun, put, received; what comes between, and what is left of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from io import BytesIO

import pytest

from filemanager.archives.unpacker import ArchiveUnpacker
from filemanager.domain.caller import Caller, GrantedScope, Scope
from filemanager.domain.errors import DigestMismatch, RequestTooLarge, StoreUnavailable
from filemanager.domain.ids import WorkspaceId, digest_of
from filemanager.domain.intake.budget import Limits
from filemanager.domain.jobs.job import JobState
from filemanager.domain.quotas import Usage, workspace_subject
from filemanager.domain.uploads.grant import (
    GrantNotFound,
    Leave,
    LeaveExpired,
    LeaveNotFound,
    LeaveUsed,
    Portion,
    WrongLength,
)
from filemanager.domain.uploads.ports import DirectStore
from filemanager.domain.uploads.targets import WorkspaceTarget
from filemanager.domain.uploads.upload import (
    BatchId,
    UploadId,
    UploadIncomplete,
    UploadNotFound,
    UploadOver,
    UploadRefused,
    UploadState,
)
from filemanager.services.committing import Committer
from filemanager.services.intake import Intake
from filemanager.services.jobs import JobService
from filemanager.services.uploads.admission import Admission, UploadLimits
from filemanager.services.uploads.direct import DirectService
from filemanager.services.uploads.grants import GrantService
from filemanager.services.uploads.plans import FileWish, Grant, GrantTerms, GrantWish, PartWish
from filemanager.services.uploads.receiving import ReceivingService
from filemanager.services.uploads.resumable import UploadService
from filemanager.services.uploads.stale_parts import DirectSweep
from filemanager.services.uploads.targets import Targets
from filemanager.services.workspaces.bundles import Bundles
from filemanager.services.workspaces.files import FileService
from filemanager.services.workspaces.receiver import WorkspaceReceiver
from filemanager.services.workspaces.room import Room
from filemanager.storage.direct.directory import OwnDirectStore
from filemanager.storage.scratch.space import DiskScratchSpace
from worlds.stored import ALICE, START, World

LIFE = timedelta(days=7)
LEAVE = timedelta(minutes=15)
_SCOPES = (Scope.UPDATE, Scope.READ)
WRITER = replace(ALICE, granted=frozenset(GrantedScope(scope) for scope in _SCOPES))
TERMS = GrantTerms(life=LEAVE, parted_bytes=10, part_bytes=4)


@dataclass
class Bucket:
    """A store that clients put objects into themselves, as a test says that they did."""

    world: World
    parts: dict[str, list[int]] = field(default_factory=dict)
    begun: int = 0

    def may_put(self, portion: Portion, expires_at: datetime) -> Leave:
        return Leave(
            portion=portion, url=f"store:{portion.upload_id}", headers={}, expires_at=expires_at
        )

    def key_of(self, upload_id: UploadId) -> str | None:
        return f"incoming/{upload_id}"

    def begin_parts(self, upload_id: UploadId) -> str:
        self.begun += 1
        name = f"{upload_id}-{self.begun}"
        self.parts[name] = []
        return name

    def finish_parts(
        self, upload_id: UploadId, store_name: str, sizes_bytes: Sequence[int]
    ) -> None:
        if self.parts.get(store_name) == list(sizes_bytes):
            self.world.objects.write(f"incoming/{upload_id}", [bytes(sum(sizes_bytes))])
            del self.parts[store_name]

    def forget_parts(self, upload_id: UploadId, store_name: str) -> None:
        del upload_id
        self.parts.pop(store_name, None)

    def sizes(self, grant: BatchId) -> Mapping[UploadId, int]:
        del grant
        return {
            UploadId(one.key.removeprefix("incoming/")): one.size_bytes
            for one in self.world.objects.listing()
        }

    def count_stale(self, before: datetime) -> int:
        return 1 if before >= START else 0

    def forget_stale(self, before: datetime) -> int:
        return 1 if before >= START else 0

    def put(self, leave: Leave, data: bytes) -> None:
        self.world.objects.write(f"incoming/{leave.portion.upload_id}", [data])


@dataclass
class Desk:
    """A workspace of Alice's, and the services that grants go through."""

    world: World
    store: DirectStore

    def __post_init__(self) -> None:
        world = self.world
        self.workspace_id = world.create()
        room = Room(max_bytes=100_000, max_files=10, max_checkpoints=1)
        limits = UploadLimits(life=LIFE, open_uploads=10, upload_bytes=500, segments=10)
        intake = Intake(
            DiskScratchSpace(world.directory, 1 << 30), ArchiveUnpacker(), Limits(), world.clock
        )
        committer = Committer(world.database, world.blobs, world.clock)
        files = FileService(world.database, committer, intake, room, world.clock)
        bundles = Bundles(world.database, world.blobs, intake)
        receiver = WorkspaceReceiver(files, bundles, room, world.clock)
        targets = Targets({WorkspaceTarget: receiver})
        jobs = JobService(world.database, world.clock)
        self.uploads = UploadService(world.database, world.blobs, targets, limits, world.clock)
        self.grants = GrantService(
            database=world.database,
            blobs=world.blobs,
            store=self.store,
            admission=Admission(targets, limits, world.clock),
            receiving=ReceivingService(world.database, world.blobs, intake, targets, jobs),
            terms=TERMS,
            clock=world.clock,
        )
        self.direct = DirectService(world.database, world.blobs, world.clock)

    def begin(self, *files: FileWish, caller: Caller = WRITER) -> Grant:
        wish = GrantWish(files=files or [a_file()])
        return self.grants.begin(caller, wish)

    def put(self, leave: Leave, data: bytes = b"hello") -> str:
        secret = leave.url.rpartition("/")[2]
        return self.direct.take(secret, BytesIO(data), None)

    @property
    def files(self) -> dict[str, bytes]:
        return self.world.files(self.workspace_id)

    @property
    def usage(self) -> Usage:
        with self.world.database.read() as tx:
            return tx.quotas.usage(workspace_subject(self.workspace_id))

    @property
    def incoming(self) -> list[str]:
        stored = self.world.objects.listing()
        return [one.key for one in stored if one.key.startswith("incoming/")]


def a_file(path: str = "a.txt", data: bytes = b"hello") -> FileWish:
    """For the first workspace of its world."""
    target = WorkspaceTarget(workspace_id=WorkspaceId(1), path=path)
    return FileWish(target=target, size_bytes=len(data), digest=digest_of(data))


def leave_in(grant: Grant) -> Leave:
    (leave,) = grant.leaves.values()
    return leave


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world, OwnDirectStore("/uploads/direct"))


@pytest.fixture
def bucket(world: World) -> Bucket:
    return Bucket(world)


@pytest.fixture
def bucket_desk(world: World, bucket: Bucket) -> Desk:
    return Desk(world, bucket)


def test_what_was_put_is_received_in_one_revision(desk: Desk) -> None:
    grant = desk.begin(a_file("a"), a_file("b/c", b"other"))
    reserved = desk.usage
    for leave, data in zip(grant.leaves.values(), (b"hello", b"other"), strict=True):
        desk.put(leave, data)

    received = desk.grants.complete(WRITER, grant.id)

    assert reserved == Usage(0, 8192)
    assert [(one.result or {})["revision"] for one in received.uploads] == [1, 1]
    assert desk.files == {"a": b"hello", "b/c": b"other"}
    assert (desk.usage, desk.incoming) == (Usage(8192, 0), [])
    assert desk.world.problems() == []


def test_a_leave_expires(desk: Desk) -> None:
    grant = desk.begin()
    desk.world.clock.turn(LEAVE)

    with pytest.raises(LeaveExpired):
        desk.put(leave_in(grant))
    leave = desk.grants.put_anew(WRITER, grant.id, 0)
    desk.put(leave)

    assert len(desk.incoming) == 1
    desk.grants.complete(WRITER, grant.id)
    assert desk.files == {"a.txt": b"hello"}


@pytest.mark.parametrize(
    ("data", "told_bytes", "refusal"),
    [
        (b"hello", 4, WrongLength),
        (b"hello", 6, RequestTooLarge),
        (b"hell", None, WrongLength),
        (b"hell", 5, WrongLength),
        (b"hello!", None, RequestTooLarge),
        (b"hello!", 5, RequestTooLarge),
        (b"HELLO", 5, DigestMismatch),
    ],
)
def test_a_leave_is_for_its_very_bytes(
    desk: Desk, data: bytes, told_bytes: int | None, refusal: type[Exception]
) -> None:
    secret = leave_in(desk.begin()).url.rpartition("/")[2]
    stream = BytesIO(data)

    with pytest.raises(refusal):
        desk.direct.take(secret, stream, told_bytes)

    assert desk.incoming == []
    assert (stream.tell() == 0) is (told_bytes not in (None, 5))
    assert desk.direct.take(secret, BytesIO(b"hello"), 5) == digest_of(b"hello")


def test_a_leave_that_was_used_reads_nothing(desk: Desk) -> None:
    leave, stream = leave_in(desk.begin()), BytesIO(b"hello")
    desk.put(leave)

    with pytest.raises(LeaveUsed):
        desk.direct.take(leave.url.rpartition("/")[2], stream, None)

    assert (stream.tell(), len(desk.incoming)) == (0, 1)


def test_renewed_leaves_are_for_what_has_not_come(desk: Desk) -> None:
    grant = desk.begin(a_file("a"), a_file("b"))
    desk.put(grant.leaves[grant.uploads[0].id])

    renewed = desk.grants.renew(WRITER, grant.id)

    assert list(renewed.leaves) == [grant.uploads[1].id]


def test_of_two_at_once_one_puts(desk: Desk) -> None:
    leave = leave_in(desk.begin())

    class Overtaken(BytesIO):
        """The second comes while the bytes of the first are being read."""

        has_come = False

        def read(self, size: int | None = -1) -> bytes:
            if not self.has_come:
                self.has_come = True
                desk.put(leave)
            return super().read(size)

    with pytest.raises(LeaveUsed):
        desk.direct.take(leave.url.rpartition("/")[2], Overtaken(b"hello"), None)

    assert len(desk.incoming) == 1


def test_what_comes_after_it_was_abandoned_stays_not(desk: Desk) -> None:
    grant = desk.begin()
    leave = leave_in(grant)

    class Late(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            data = super().read(size)
            if data:
                desk.grants.abandon(WRITER, grant.id)
            return data

    with pytest.raises(UploadNotFound):
        desk.direct.take(leave.url.rpartition("/")[2], Late(b"hello"), None)
    with pytest.raises(LeaveNotFound):
        desk.put(leave)

    assert (desk.incoming, desk.usage) == ([], Usage(0, 0))


def test_parts_come_in_any_order(desk: Desk) -> None:
    grant = desk.begin(a_file("large", b"0123456789"))
    wishes = [PartWish(3), PartWish(1), PartWish(2)]
    leaves = desk.grants.put_parts(WRITER, grant.id, 0, wishes)

    for leave, data in zip(leaves, (b"89", b"0123", b"4567"), strict=True):
        desk.put(leave, data)
    desk.grants.complete(WRITER, grant.id)

    assert grant.leaves == {}
    assert desk.files == {"large": b"0123456789"}


def test_a_part_is_not_replaced(desk: Desk) -> None:
    grant = desk.begin(a_file("large", b"0123456789"))
    (first,) = desk.grants.put_parts(WRITER, grant.id, 0, [PartWish(1)])
    desk.put(first, b"0123")
    (again,) = desk.grants.put_parts(WRITER, grant.id, 0, [PartWish(1)])

    with pytest.raises(LeaveNotFound):
        desk.put(first, b"0123")
    with pytest.raises(LeaveUsed):
        desk.put(again, b"XXXX")

    assert len(desk.incoming) == 1


def test_parts_that_make_another_whole_are_refused_for_good(desk: Desk) -> None:
    grant = desk.begin(a_file("large", b"0123456789"))
    leaves = desk.grants.put_parts(WRITER, grant.id, 0, [PartWish(n) for n in (1, 2, 3)])
    for leave in leaves:
        desk.put(leave, b"X" * leave.portion.size_bytes)

    with pytest.raises(DigestMismatch):
        desk.grants.complete(WRITER, grant.id)
    with pytest.raises(UploadRefused):
        desk.grants.complete(WRITER, grant.id)

    assert (desk.files, desk.incoming, desk.usage) == ({}, [], Usage(0, 0))


def test_a_known_file_is_read_from_where_it_lies(desk: Desk) -> None:
    desk.world.upload(desk.workspace_id, {"a.txt": b"hello"})
    keys = desk.world.keys()

    grant = desk.begin(a_file("copy.txt"))
    desk.grants.complete(WRITER, grant.id)

    assert grant.leaves == {}
    assert desk.files == {"a.txt": b"hello", "copy.txt": b"hello"}
    assert desk.world.keys() == keys
    assert desk.usage == Usage(8192, 0)


def test_a_known_file_outlives_what_it_was_known_by(desk: Desk) -> None:
    desk.world.upload(desk.workspace_id, {"a.txt": b"hello"})
    grant = desk.begin(a_file("copy.txt"))
    desk.grants.complete(WRITER, grant.id)

    desk.world.delete_file(desk.workspace_id, "a.txt")
    desk.world.sweep_twice()

    assert desk.files == {"copy.txt": b"hello"}


def test_a_damaged_blob_is_not_known(desk: Desk) -> None:
    desk.world.upload(desk.workspace_id, {"a.txt": b"hello"})
    at = desk.world.clock()
    desk.world.database.write(lambda tx: tx.blobs.quarantine(digest_of(b"hello"), at))

    grant = desk.begin(a_file("copy.txt"))

    assert len(grant.leaves) == 1


def test_what_is_removed_or_of_a_deleted_workspace_is_not_known(desk: Desk) -> None:
    desk.world.upload(desk.workspace_id, {"a.txt": b"hello"})
    other = desk.world.create()
    desk.world.upload(other, {"b.txt": b"other"})
    desk.world.delete_file(desk.workspace_id, "a.txt")
    desk.world.delete(other)

    grant = desk.begin(a_file("a"), a_file("b", b"other"))

    assert len(grant.leaves) == 2


def test_a_known_large_file_is_put_in_parts_after_all(desk: Desk) -> None:
    data = b"0123456789"
    desk.world.upload(desk.workspace_id, {"a.txt": data})
    grant = desk.begin(a_file("copy", data))
    desk.world.delete_file(desk.workspace_id, "a.txt")
    with pytest.raises(UploadIncomplete, match="copy"):
        desk.grants.complete(WRITER, grant.id)

    leaves = desk.grants.put_parts(WRITER, grant.id, 0, [PartWish(n) for n in (1, 2, 3)])
    for leave in leaves:
        portion = leave.portion
        desk.put(leave, data[portion.start : portion.start + portion.size_bytes])
    desk.grants.complete(WRITER, grant.id)

    assert desk.files == {"copy": data}


def test_an_expired_grant_is_swept(desk: Desk) -> None:
    grant = desk.begin()
    desk.put(leave_in(grant))
    desk.world.clock.turn(LIFE + timedelta(seconds=1))
    with pytest.raises(GrantNotFound):
        desk.grants.complete(WRITER, grant.id)

    desk.uploads.sweep()

    assert (desk.incoming, desk.usage) == ([], Usage(0, 0))


def test_a_large_grant_becomes_a_job(desk: Desk) -> None:
    grant = desk.begin()
    desk.put(leave_in(grant))

    promised = desk.grants.complete(WRITER, grant.id, is_async=True)

    assert promised.job is not None
    assert promised.job.state is JobState.WAITING
    with pytest.raises(UploadOver):
        desk.grants.abandon(WRITER, grant.id)
    with pytest.raises(UploadOver):
        desk.grants.put_anew(WRITER, grant.id, 0)
    assert desk.files == {}


def test_an_object_is_taken_as_it_came(bucket_desk: Desk, bucket: Bucket) -> None:
    grant = bucket_desk.begin()
    bucket.put(leave_in(grant), b"hello")

    bucket_desk.grants.complete(WRITER, grant.id)

    assert bucket_desk.files == {"a.txt": b"hello"}
    assert bucket_desk.incoming == []


def test_an_object_that_does_not_hold_the_bytes_is_refused(
    bucket_desk: Desk, bucket: Bucket
) -> None:
    """A store that did not compare digests."""
    grant = bucket_desk.begin()
    bucket.put(leave_in(grant), b"HELLO")

    with pytest.raises(DigestMismatch):
        bucket_desk.grants.complete(WRITER, grant.id)

    assert (bucket_desk.files, bucket_desk.incoming) == ({}, [])


def test_an_object_of_another_size_has_not_come(bucket_desk: Desk, bucket: Bucket) -> None:
    grant = bucket_desk.begin()
    bucket.put(leave_in(grant), b"hello!")

    with pytest.raises(UploadIncomplete, match=r"a\.txt"):
        bucket_desk.grants.complete(WRITER, grant.id)


def test_no_sweep_takes_what_waits_in_the_store(bucket_desk: Desk, bucket: Bucket) -> None:
    desk = bucket_desk
    grant = desk.begin()
    early = desk.world.problems()
    bucket.put(leave_in(grant), b"hello")
    desk.world.clock.turn(timedelta(days=6))

    desk.world.sweeper.sweep()
    waiting = desk.world.problems()
    desk.grants.complete(WRITER, grant.id)

    assert (early, waiting) == ([], [])
    assert desk.files == {"a.txt": b"hello"}


def test_what_is_put_after_the_end_is_swept(bucket_desk: Desk, bucket: Bucket) -> None:
    grant = bucket_desk.begin()
    bucket.put(leave_in(grant), b"hello")
    bucket_desk.grants.complete(WRITER, grant.id)
    bucket.put(leave_in(grant), b"hello")

    bucket_desk.world.sweep_twice()

    assert bucket_desk.incoming == []
    assert bucket_desk.files == {"a.txt": b"hello"}


def test_an_object_is_made_of_parts_once_all_have_come(bucket_desk: Desk, bucket: Bucket) -> None:
    grant = bucket_desk.begin(a_file("large", bytes(10)))
    for _ in range(2):
        bucket_desk.grants.put_parts(WRITER, grant.id, 0, [PartWish(1)])
    (name,) = bucket.parts
    bucket.parts[name] = [4, 4]
    with pytest.raises(UploadIncomplete, match="large"):
        bucket_desk.grants.complete(WRITER, grant.id)
    bucket.parts[name] = [4, 4, 2]

    bucket_desk.grants.complete(WRITER, grant.id)

    assert (bucket.begun, bucket.parts) == (1, {})
    assert bucket_desk.files == {"large": bytes(10)}


def test_of_two_who_begin_parts_at_once_one_stays(world: World) -> None:
    class Racing(Bucket):
        def begin_parts(self, upload_id: UploadId) -> str:
            name = super().begin_parts(upload_id)
            if self.begun == 1:
                desk.grants.put_parts(WRITER, grant.id, 0, [PartWish(1)])
            return name

    bucket = Racing(world)
    desk = Desk(world, bucket)
    grant = desk.begin(a_file("large", bytes(10)))

    (leave,) = desk.grants.put_parts(WRITER, grant.id, 0, [PartWish(2)])

    assert list(bucket.parts) == [leave.portion.store_name]


def test_a_crash_behind_the_making_of_an_object_is_made_good(
    bucket_desk: Desk, bucket: Bucket
) -> None:
    """The parts are an object by then, and no row says so."""
    desk = bucket_desk
    grant = desk.begin(a_file("large", bytes(10)))
    (leave,) = desk.grants.put_parts(WRITER, grant.id, 0, [PartWish(1)])
    name = str(leave.portion.store_name)
    bucket.parts[name] = [4, 4, 2]
    bucket.finish_parts(leave.portion.upload_id, name, [4, 4, 2])

    desk.grants.complete(WRITER, grant.id)

    assert desk.files == {"large": bytes(10)}


def test_what_is_abandoned_leaves_no_parts_and_no_objects(
    bucket_desk: Desk, bucket: Bucket
) -> None:
    grant = bucket_desk.begin(a_file("large", bytes(10)), a_file("a"))
    bucket_desk.grants.put_parts(WRITER, grant.id, 0, [PartWish(1)])
    bucket.put(leave_in(grant), b"hello")

    bucket_desk.grants.abandon(WRITER, grant.id)

    assert (bucket.parts, bucket_desk.incoming) == ({}, [])
    assert bucket_desk.usage == Usage(0, 0)
    with pytest.raises(GrantNotFound):
        bucket_desk.grants.get(WRITER, grant.id)


def test_a_store_that_fails_leaves_the_grant_as_it_was(world: World) -> None:
    class Failing(Bucket):
        is_down = True

        def sizes(self, grant: BatchId) -> Mapping[UploadId, int]:
            if self.is_down:
                raise StoreUnavailable
            return super().sizes(grant)

    bucket = Failing(world)
    desk = Desk(world, bucket)
    grant = desk.begin()
    bucket.put(leave_in(grant), b"hello")

    with pytest.raises(StoreUnavailable):
        desk.grants.complete(WRITER, grant.id)
    bucket.is_down = False
    desk.grants.complete(WRITER, grant.id)

    assert desk.files == {"a.txt": b"hello"}


def test_a_grant_is_only_its_owners(desk: Desk) -> None:
    grant = desk.begin()
    stranger = replace(WRITER, subject="2")
    calls: list[Callable[[], object]] = [
        lambda: desk.grants.get(stranger, grant.id),
        lambda: desk.grants.complete(stranger, grant.id),
        lambda: desk.grants.abandon(stranger, grant.id),
        lambda: desk.grants.renew(stranger, grant.id),
    ]

    for call in calls:
        with pytest.raises(GrantNotFound):
            call()

    assert desk.grants.get(WRITER, grant.id)[0][0].state is UploadState.OPEN


def test_parts_are_swept_when_no_grant_can_want_them(bucket: Bucket, world: World) -> None:
    limits = LIFE + timedelta(days=1)
    sweep = DirectSweep(bucket, limits, world.clock)

    young = sweep.dry_run(), sweep.sweep()
    world.clock.turn(limits)
    old = sweep.dry_run(), sweep.sweep()

    assert (young, old) == ((0, 0), (1, 1))
