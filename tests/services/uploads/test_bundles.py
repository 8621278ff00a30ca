"""Bundles that are received: one revision for all their files, or nothing."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from io import BytesIO
from itertools import count
from typing import Any, cast

import pytest

from builders.bundles import NOTHING, a_bundle
from filemanager.archives.unpacker import ArchiveUnpacker
from filemanager.domain.blobs.store import BlobStore
from filemanager.domain.caller import Caller
from filemanager.domain.ids import digest_of
from filemanager.domain.intake.budget import Limits
from filemanager.domain.quotas import MIN_CHARGE_BYTES, QuotaExceeded
from filemanager.domain.uploads.bundle import BundleRefused
from filemanager.domain.uploads.targets import WorkspaceTarget
from filemanager.domain.uploads.upload import (
    BatchId,
    Upload,
    UploadIncomplete,
    UploadRefused,
    UploadState,
    Way,
)
from filemanager.domain.workspaces.errors import WorkspaceLocked
from filemanager.services.intake import Intake
from filemanager.services.uploads.admission import UploadLimits
from filemanager.services.uploads.resumable import UploadWish
from filemanager.services.workspaces.life import Wishes, WorkspaceService
from filemanager.services.workspaces.room import Room
from filemanager.storage.scratch.space import DiskScratchSpace
from worlds.questions import questions
from worlds.stored import ALICE, ROOM, Interruption, World, interrupted
from worlds.upload_desk import LIFE, WRITER, Desk

FILES = {"main.txt": b"hello\n", "fig/b.txt": b"you\n", "anc/c.csv": b"1,2\n"}
FOLDER = BatchId("folder")
LIMITS = UploadLimits(life=LIFE, open_uploads=10, upload_bytes=1 << 20, segments=10)


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world, room=replace(ROOM, max_files=100), limits=LIMITS)


def wish(desk: Desk, data: bytes, batch: BatchId = FOLDER, **more: object) -> UploadWish:
    target = WorkspaceTarget(
        workspace_id=desk.workspace_id,
        path="bundle.tar",
        is_bundle=True,
        **more,  # type: ignore[arg-type]  # fields by name
    )
    return UploadWish(way=Way.TUS, target=target, size_bytes=len(data), batch=batch)


def send(
    desk: Desk,
    files: Mapping[str, bytes],
    known: Mapping[str, bytes] = NOTHING,
    caller: Caller = ALICE,
    batch: BatchId = FOLDER,
    **more: object,
) -> Upload:
    data = a_bundle(files, known)
    (begun,) = desk.uploads.begin(caller, [wish(desk, data, batch, **more)])
    return desk.uploads.take(desk.uploads.claim(caller, begun.id, 0), BytesIO(data))


def receive(desk: Desk, caller: Caller = ALICE, batch: BatchId = FOLDER) -> Mapping[str, object]:
    (upload, *_) = desk.receiving.receive(caller, batch).uploads
    assert upload.state is UploadState.RECEIVED
    return upload.result or {}


def revision(desk: Desk) -> int:
    return desk.workspaces.get(desk.workspace_id).revision


def test_a_bundle_is_one_revision_and_one_pack(desk: Desk) -> None:
    send(desk, FILES)

    result = receive(desk)

    assert desk.files == FILES
    assert result == {
        "workspace": desk.workspace_id, "revision": 1, "files": len(FILES), "changed": [],
    }  # fmt: skip
    assert len(desk.world.keys()) == 1
    assert desk.used.used_bytes == len(FILES) * MIN_CHARGE_BYTES
    assert desk.reserved == [0, 0]


def test_a_bundle_that_was_received_is_not_received_again(desk: Desk) -> None:
    send(desk, FILES)

    assert receive(desk) == receive(desk)

    assert revision(desk) == 1


def test_bundles_and_single_files_of_a_batch_are_one_revision(desk: Desk) -> None:
    send(desk, FILES)
    send(desk, {"second.txt": b"2\n"})
    desk.send(b"large", path="large.txt", batch=FOLDER)

    receive(desk)

    assert desk.files == {**FILES, "second.txt": b"2\n", "large.txt": b"large"}
    assert revision(desk) == 1


def test_what_the_checks_changed_is_told_and_nothing_else(desk: Desk) -> None:
    send(desk, {"a\u202eb.txt": b"turned\n", "plain.txt": b"plain\n"})

    changed = receive(desk)["changed"]

    (became,) = (path for path in desk.files if path != "plain.txt")
    digest = digest_of(b"turned\n")
    assert changed == [
        {"sent": "a\u202eb.txt", "sent_sha256": digest, "path": became, "sha256": digest}
    ]


@pytest.mark.parametrize("unpack", [True, False])
def test_archives_in_a_bundle_are_unpacked_where_that_is_wished(desk: Desk, unpack: bool) -> None:
    inner = a_bundle({"in.txt": b"inside\n"})
    send(desk, {"b.tar": inner}, unpack=unpack)

    changed = receive(desk)["changed"]

    assert desk.files == ({"in.txt": b"inside\n"} if unpack else {"b.tar": inner})
    gone = {"sent": "b.tar", "sent_sha256": digest_of(inner), "path": None, "sha256": None}
    assert changed == ([gone] if unpack else [])


def test_known_bytes_become_entries_of_another_workspace(desk: Desk) -> None:
    desk.world.upload(desk.world.create(), {"there.txt": b"hello\n", "empty": b""})
    before = desk.world.keys()
    send(desk, {}, {"main.txt": b"hello\n", "copy.txt": b"hello\n", "none": b""})

    receive(desk)

    assert desk.files == {"main.txt": b"hello\n", "copy.txt": b"hello\n", "none": b""}
    assert desk.world.keys() == before
    assert desk.world.problems() == []


class _Reads:
    """A store, and what is asked of it."""

    def __init__(self, blobs: BlobStore) -> None:
        self._blobs = blobs
        self.asked: list[str] = []

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._blobs, name)

        def call(*arguments: Any, **named: Any) -> Any:
            self.asked.append(name)
            return method(*arguments, **named)

        return call


def test_known_files_of_one_pack_are_read_by_one_request(desk: Desk) -> None:
    files = {f"{number}.txt": b"%d\n" % number for number in range(50)}
    send(desk, files)
    receive(desk)
    reads = _Reads(desk.world.blobs)
    other = replace(desk, known_workspace=desk.world.create())
    other = other.on(replace(desk.world, blobs=cast("BlobStore", reads)))  # every method is its own
    send(other, {}, files, batch=BatchId("other"))

    before = len(reads.asked)
    receive(other, batch=BatchId("other"))

    asked = [name for name in reads.asked[before:] if name.startswith(("read", "put", "write"))]
    assert asked == ["read_object", "read_run"]
    assert other.files == files


@pytest.mark.parametrize(
    "caller",
    [
        pytest.param(replace(ALICE, subject="2"), id="of another owner"),
        pytest.param(WRITER, id="without a right to read"),
    ],
)
def test_to_know_a_digest_opens_nothing(desk: Desk, caller: Caller) -> None:
    desk.world.upload(desk.world.create(), {"secret.txt": b"secret\n"})
    digests = [digest_of(b"secret\n")]
    mine = desk if caller is WRITER else a_desk_of(desk, caller)
    send(mine, {"mine.txt": b"mine\n"}, {"stolen.txt": b"secret\n"}, caller)

    with pytest.raises(UploadIncomplete, match=r"stolen\.txt"):
        receive(mine, caller)

    assert list(desk.uploads.known(ALICE, digests)) == digests
    assert list(desk.uploads.known(caller, digests)) == []
    assert mine.files == {}


def a_desk_of(desk: Desk, caller: Caller) -> Desk:
    service = WorkspaceService(desk.world.database, ROOM, desk.world.clock)
    made = service.create(caller, Wishes(profile="generic"))
    return replace(desk, known_workspace=made.id)


def test_a_size_that_known_bytes_do_not_have_is_refused(desk: Desk) -> None:
    desk.world.upload(desk.workspace_id, {"a.txt": b"hello\n"})
    data = a_bundle({}, {"b.txt": b"hello\n"}).replace(b"FILEMANAGER.size=6", b"FILEMANAGER.size=7")
    (begun,) = desk.uploads.begin(ALICE, [wish(desk, data)])
    desk.uploads.take(desk.uploads.claim(ALICE, begun.id, 0), BytesIO(data))

    with pytest.raises(BundleRefused, match=r"'b\.txt'.*another size"):
        receive(desk)


def test_a_refused_member_refuses_the_whole_batch_and_leaves_nothing(desk: Desk) -> None:
    send(desk, FILES)
    send(desk, {"bad\x01name": b"x"})

    with pytest.raises(BundleRefused, match="control characters"):
        receive(desk)
    with pytest.raises(UploadRefused, match="control characters"):
        receive(desk)

    assert (desk.files, revision(desk), desk.reserved) == ({}, 0, [0, 0])
    assert desk.incoming == []


def test_a_full_workspace_refuses_the_bundle(world: World) -> None:
    room = Room(max_bytes=3 * MIN_CHARGE_BYTES, max_files=100, max_checkpoints=1)
    desk = Desk(world, room=room, limits=LIMITS)
    send(desk, {f"{number}.txt": b"%d\n" % number for number in range(4)})

    with pytest.raises(QuotaExceeded):
        receive(desk)

    assert (desk.files, revision(desk)) == ({}, 0)


def test_a_locked_workspace_refuses_the_bundle_until_it_is_unlocked(desk: Desk) -> None:
    send(desk, FILES)
    desk.workspaces.lock(ALICE, desk.workspace_id)

    with pytest.raises(WorkspaceLocked):
        receive(desk)
    desk.workspaces.unlock(ALICE, desk.workspace_id)

    receive(desk)

    assert desk.files == FILES


def test_each_file_has_its_line_in_the_log(desk: Desk) -> None:
    send(desk, FILES)
    receive(desk)

    with desk.world.database.read() as tx:
        lines = [line.text for line in tx.logs.page(desk.workspace_id, 0, 100)]

    assert [text for path in FILES for text in lines if f"Uploaded '{path.split('/')[-1]}" in text]


def test_a_bundle_may_hold_more_files_than_an_archive(desk: Desk) -> None:
    space = DiskScratchSpace(desk.world.directory, 1 << 30)
    intake = Intake(space, ArchiveUnpacker(), Limits(entries=2), desk.world.clock)

    with intake.spool(None) as spool:
        bundle = spool.scratch.write(a_bundle(FILES))
        assert len(intake.bundled(spool, bundle)) == len(FILES)


class _Killed(BaseException):
    """The process ends here."""


def _kill() -> None:
    raise _Killed


def test_a_receive_that_is_killed_anywhere_is_done_once_by_the_next(
    worlds: Iterator[World],
) -> None:
    for at in count(1):
        world = next(worlds)
        world.upload(world.create(), {"there.txt": b"known\n"})
        desk = Desk(world, room=replace(ROOM, max_files=100), limits=LIMITS)
        send(desk, FILES, {"known.txt": b"known\n"})
        killed = Interruption(at, _kill)
        with suppress(_Killed):
            desk.on(interrupted(world, killed)).receiving.receive(ALICE, FOLDER)

        receive(desk)

        assert desk.files == {**FILES, "known.txt": b"known\n"}
        assert revision(desk) == 1
        world.sweep_twice()
        assert (desk.incoming, world.problems()) == ([], [])
        if killed.calls < at:
            break


@pytest.mark.parametrize("more", [0, 200])
def test_what_is_asked_of_the_database_does_not_grow_with_the_files(desk: Desk, more: int) -> None:
    desk = replace(desk, room=replace(ROOM, max_files=1000))
    send(desk, {f"d/{number}.txt": b"%d\n" % number for number in range(20 + more)})

    with questions() as asked:
        receive(desk)

    assert len(asked) <= 45
