"""Uploads: begun, continued, received, given up."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest

from filemanager.domain.errors import DigestMismatch
from filemanager.domain.ids import digest_of
from filemanager.domain.jobs.job import JobState
from filemanager.domain.quotas import Usage
from filemanager.domain.trees.errors import PathRefused
from filemanager.domain.uploads.upload import (
    BatchId,
    OffsetConflict,
    TooManyUploads,
    UploadIncomplete,
    UploadNotFound,
    UploadOver,
    UploadRefused,
    UploadState,
)
from filemanager.domain.workspaces.errors import WorkspaceLocked, WorkspaceNotFound
from filemanager.services.uploads.inflow import UploadTooLarge
from worlds.stored import ALICE, World
from worlds.upload_desk import LIFE, STRANGER, WRITER, Broken, Desk


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world)


def test_an_upload_is_begun_continued_and_received(desk: Desk) -> None:
    (begun,) = desk.begin()
    half = desk.append(begun.id, 0, BytesIO(b"he"))
    whole = desk.append(begun.id, 2, BytesIO(b"llo"))
    reserved = desk.reserved

    received = desk.receiving.receive(WRITER, begun.batch)

    assert (half.received_bytes, half.state) == (2, UploadState.OPEN)
    assert (whole.received_bytes, whole.state) == (5, UploadState.COMPLETE)
    assert reserved == [4096, 4096]
    assert [upload.state for upload in received.uploads] == [UploadState.RECEIVED]
    assert received.uploads[0].result == {
        "workspace": desk.workspace_id,
        "revision": 1,
        "sent": "a.txt",
        "sent_sha256": digest_of(b"hello"),
        "path": "a.txt",
        "sha256": digest_of(b"hello"),
    }
    assert desk.files == {"a.txt": b"hello"}
    assert (desk.reserved, desk.used) == ([0, 0], Usage(4096, 0))
    assert desk.incoming == []
    assert desk.world.problems() == []


def test_a_batch_is_one_revision(desk: Desk) -> None:
    batch = BatchId("folder")
    for path in ("a.txt", "b/c.txt"):
        desk.send(path.encode(), path=path, batch=batch)

    received = desk.receiving.receive(WRITER, batch)

    assert [(upload.result or {})["revision"] for upload in received.uploads] == [1, 1]
    assert desk.files == {"a.txt": b"a.txt", "b/c.txt": b"b/c.txt"}


def test_a_batch_waits_for_all_of_its_uploads(desk: Desk) -> None:
    batch = BatchId("folder")
    desk.send(b"hello", batch=batch)
    desk.begin(desk.wish("late.txt", batch=batch))

    with pytest.raises(UploadIncomplete, match=r"late\.txt"):
        desk.receiving.receive(WRITER, batch)

    assert desk.files == {}


def test_what_was_received_is_not_received_again(desk: Desk) -> None:
    upload = desk.send(b"hello")
    first = desk.receiving.receive(WRITER, upload.batch)

    second = desk.receiving.receive(WRITER, upload.batch)

    assert second.uploads == first.uploads
    assert desk.workspaces.get(desk.workspace_id).revision == 1


def test_bytes_before_a_cut_count(desk: Desk) -> None:
    (begun,) = desk.begin()

    with pytest.raises(ConnectionError):
        desk.append(begun.id, 0, Broken(b"hell"))

    assert desk.uploads.get(WRITER, begun.id).received_bytes == 4


def test_a_wrong_offset_is_refused_and_adds_nothing(desk: Desk) -> None:
    (begun,) = desk.begin()

    with pytest.raises(OffsetConflict):
        desk.append(begun.id, 1, BytesIO(b"ello"))

    assert desk.uploads.get(WRITER, begun.id).received_bytes == 0
    assert desk.incoming == []


def test_the_newest_writer_wins(desk: Desk) -> None:
    (begun,) = desk.begin()

    class Overtaken(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            desk.uploads.take_over(WRITER, begun.id)
            return super().read(size)

    with pytest.raises(OffsetConflict):
        desk.append(begun.id, 0, Overtaken(b"hello"))

    assert desk.uploads.get(WRITER, begun.id).received_bytes == 0
    assert desk.incoming == []


def test_a_byte_too_many_is_refused(desk: Desk) -> None:
    (begun,) = desk.begin()

    with pytest.raises(UploadTooLarge):
        desk.append(begun.id, 0, BytesIO(b"hello!"))


def test_a_wrong_digest_is_refused_for_good(desk: Desk) -> None:
    upload = desk.send(b"hello", digest=digest_of(b"other"))

    with pytest.raises(DigestMismatch):
        desk.receiving.receive(WRITER, upload.batch)
    with pytest.raises(UploadRefused):
        desk.receiving.receive(WRITER, upload.batch)

    assert (desk.files, desk.incoming, desk.reserved) == ({}, [], [0, 0])


def test_a_locked_workspace_refuses_until_it_is_unlocked(desk: Desk) -> None:
    upload = desk.send(b"hello")
    desk.workspaces.lock(ALICE, desk.workspace_id)

    with pytest.raises(WorkspaceLocked):
        desk.receiving.receive(WRITER, upload.batch)
    files = desk.files
    desk.workspaces.unlock(ALICE, desk.workspace_id)
    desk.receiving.receive(WRITER, upload.batch)

    assert files == {}
    assert desk.files == {"a.txt": b"hello"}


def test_rights_are_looked_at_again_when_it_is_received(desk: Desk) -> None:
    upload = desk.send(b"hello")

    with pytest.raises(UploadNotFound):
        desk.receiving.receive(replace(ALICE, granted=frozenset()), upload.batch)

    assert desk.files == {}


@pytest.mark.parametrize(
    ("wish", "refusal"),
    [
        ({"path": "../a"}, PathRefused),
        ({"size": 5001}, UploadTooLarge),
    ],
)
def test_a_bad_wish_begins_nothing(
    desk: Desk, wish: dict[str, object], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        desk.begin(desk.wish(**wish))  # type: ignore[arg-type]  # fields by name

    assert desk.reserved == [0, 0]


def test_a_stranger_does_not_learn_of_a_workspace_or_an_upload(desk: Desk) -> None:
    (mine,) = desk.begin()

    with pytest.raises(WorkspaceNotFound):
        desk.begin(caller=STRANGER)
    with pytest.raises(UploadNotFound):
        desk.uploads.get(STRANGER, mine.id)
    with pytest.raises(UploadNotFound):
        desk.receiving.receive(STRANGER, mine.batch)


def test_open_uploads_are_bounded(desk: Desk) -> None:
    desk.begin(*[desk.wish(f"{number}") for number in range(3)])

    with pytest.raises(TooManyUploads):
        desk.begin()


def test_a_size_may_be_told_later(desk: Desk) -> None:
    (begun,) = desk.begin(desk.wish(size=None))
    desk.append(begun.id, 0, BytesIO(b"he"))
    desk.uploads.tell_size(WRITER, begun.id, 5)

    whole = desk.append(begun.id, 2, BytesIO(b"llo"))

    assert whole.state is UploadState.COMPLETE
    with pytest.raises(OffsetConflict):
        desk.uploads.tell_size(WRITER, begun.id, 6)


def test_an_upload_that_is_given_up_leaves_nothing(desk: Desk) -> None:
    (begun,) = desk.begin()
    desk.append(begun.id, 0, BytesIO(b"he"))

    desk.uploads.give_up(WRITER, begun.id)

    assert (desk.incoming, desk.reserved) == ([], [0, 0])
    with pytest.raises(UploadNotFound):
        desk.uploads.get(WRITER, begun.id)


def test_a_received_upload_is_not_given_up(desk: Desk) -> None:
    upload = desk.send(b"hello")
    desk.receiving.receive(WRITER, upload.batch)

    with pytest.raises(UploadOver):
        desk.uploads.give_up(WRITER, upload.id)


def test_an_expired_upload_is_swept_with_its_bytes(desk: Desk) -> None:
    (begun,) = desk.begin()
    desk.append(begun.id, 0, BytesIO(b"he"))
    desk.world.clock.turn(LIFE)
    with pytest.raises(UploadNotFound):
        desk.uploads.get(WRITER, begun.id)
    desk.world.clock.turn(timedelta(seconds=1))

    swept = desk.uploads.sweep()

    assert (swept, desk.incoming, desk.reserved) == (1, [], [0, 0])


def test_the_sweeper_leaves_what_waits_to_be_received(desk: Desk) -> None:
    patient = replace(desk.limits, life=timedelta(days=100))
    waiting = Desk(desk.world, limits=patient)
    upload = waiting.send(b"hello")

    desk.world.sweep_twice()
    waiting.receiving.receive(WRITER, upload.batch)

    assert waiting.files == {"a.txt": b"hello"}


def test_a_large_batch_becomes_a_job(desk: Desk) -> None:
    upload = desk.send(b"hello")

    promised = desk.receiving.receive(WRITER, upload.batch, is_async=True)
    again = desk.receiving.receive(WRITER, upload.batch)

    assert promised.job is not None
    assert promised.job.state is JobState.WAITING
    assert again.job == promised.job
    assert desk.files == {}
