"""Receiving where something else is the case than it was: refused, gone, given up, not there."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from itertools import count

import pytest

from filemanager.domain.errors import BlobDamaged, DigestMismatch, StoreUnavailable
from filemanager.domain.ids import digest_of
from filemanager.domain.jobs.job import Job, JobState, Lane
from filemanager.domain.uploads.upload import (
    BatchId,
    Upload,
    UploadNotFound,
    UploadOver,
    UploadState,
)
from filemanager.jobs.worker import Habits, Worker
from filemanager.services.jobs import Running
from filemanager.services.uploads.appending import SentBytes
from filemanager.services.uploads.receiving import RECEIVE
from worlds.stored import Interruption, World, interrupted
from worlds.upload_desk import STRANGER, WRITER, Desk

HELLO = b"hello"


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world)


def now(desk: Desk, upload: Upload) -> Upload:
    return desk.uploads.get(WRITER, upload.id)


def promised(desk: Desk, upload: Upload) -> Job:
    job = desk.receiving.receive(WRITER, upload.batch, is_async=True).job
    assert job is not None
    return job


def worked_on(desk: Desk, job: Job) -> Job:
    """The job when a worker was through with it."""
    habits = Habits(lease=timedelta(minutes=1), clock=desk.world.clock, jitter=lambda: 0.0)
    worker = Worker(desk.world.database, {RECEIVE: desk.receiving.run}, Lane.LONG, habits)
    assert worker.run_next()
    with desk.world.database.read() as tx:
        return tx.jobs.get(job.id)


def test_what_is_due_is_received_and_all_else_comes_back_as_it_is(desk: Desk) -> None:
    (begun,) = desk.begin()
    waiting = desk.send(HELLO, path="b.txt", batch=BatchId("folder"))

    assert desk.receiving.receive_due(WRITER, begun) is begun
    assert desk.receiving.receive_due(WRITER, waiting) is waiting
    due = desk.append(begun.id, 0, BytesIO(HELLO))
    received = desk.receiving.receive_due(WRITER, due)

    assert (received.id, received.state) == (begun.id, UploadState.RECEIVED)
    assert desk.files == {"a.txt": HELLO}


def test_a_batch_is_shown_to_its_owner_alone(desk: Desk) -> None:
    upload = desk.send(HELLO)

    assert desk.receiving.show(WRITER, upload.batch) == [upload]
    for caller in (STRANGER, replace(WRITER, granted=frozenset())):
        with pytest.raises(UploadNotFound):
            desk.receiving.show(caller, upload.batch)
    with pytest.raises(UploadNotFound):
        desk.receiving.show(WRITER, BatchId("another"))


def test_other_bytes_than_were_announced_are_refused_at_once_and_for_good(desk: Desk) -> None:
    (begun,) = desk.begin(desk.wish(digest=digest_of(HELLO)))

    with pytest.raises(DigestMismatch):
        desk.bring(begun, BytesIO(b"HELLO"))

    assert now(desk, begun).state is UploadState.REFUSED
    assert (desk.files, desk.incoming, desk.reserved) == ({}, [], [0, 0])


def test_what_was_refused_meanwhile_is_not_told_as_received(desk: Desk) -> None:
    (begun,) = desk.begin(desk.wish(digest=digest_of(HELLO)))

    class Late(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if now(desk, begun).state is UploadState.OPEN:
                desk.append(begun.id, 0, BytesIO(b"HELLO"))
                with pytest.raises(DigestMismatch):
                    desk.receiving.receive(WRITER, begun.batch)
            return super().read(size)

    with pytest.raises(UploadOver):
        desk.appending.append(WRITER, begun.id, 0, SentBytes(Late(HELLO), 5))

    assert desk.files == {}


def test_what_was_received_is_not_refused_any_more(desk: Desk) -> None:
    upload = desk.send(HELLO)
    _receive(desk, upload)

    already = desk.receiving.refuse([upload], DigestMismatch("sha-256"))

    assert [one.state for one in already or ()] == [UploadState.RECEIVED]
    assert (now(desk, upload).state, desk.files) == (UploadState.RECEIVED, {"a.txt": HELLO})


def _lose(desk: Desk) -> Callable[[], None]:
    """Take an object out of the store; what is returned brings it back."""
    (key,) = desk.incoming
    desk.world.objects.delete(key)
    return lambda: desk.world.objects.write(key, [HELLO])


def _cut(desk: Desk) -> Callable[[], None]:
    (key,) = desk.incoming
    bring_back = _lose(desk)
    desk.world.objects.write(key, [HELLO[:2]])

    def mend() -> None:
        desk.world.objects.delete(key)
        bring_back()

    return mend


@pytest.mark.parametrize("harm", [_lose, _cut])
@pytest.mark.parametrize("digest", [None, digest_of(HELLO)])
def test_bytes_that_the_store_lost_are_no_fault_of_who_sent_them(
    desk: Desk, harm: Callable[[Desk], Callable[[], None]], digest: str | None
) -> None:
    upload = desk.send(HELLO, digest=digest)
    mend = harm(desk)

    with pytest.raises(BlobDamaged):
        desk.receiving.receive(WRITER, upload.batch)

    assert now(desk, upload) == upload
    mend()
    desk.receiving.receive(WRITER, upload.batch)
    assert desk.files == {"a.txt": HELLO}


def test_a_store_that_does_not_answer_is_told_and_nothing_is_noted(desk: Desk) -> None:
    upload = desk.send(HELLO)

    def fail() -> None:
        raise StoreUnavailable

    away = desk.on(interrupted(desk.world, Interruption(4, fail)))
    with pytest.raises(StoreUnavailable):
        away.receiving.receive(WRITER, upload.batch)

    assert now(desk, upload) == upload


def test_two_that_promise_at_once_promise_one_job(worlds: Iterator[World]) -> None:
    for at in count(1):
        desk = Desk(next(worlds))
        upload = desk.send(HELLO)
        first: list[Job] = []
        step = Interruption(at, lambda: first.append(promised(desk, upload)))  # noqa: B023  # called in this turn

        second = promised(desk.on(interrupted(desk.world, step)), upload)

        if step.calls < at:
            break
        assert first[0].id == second.id


def test_what_was_received_before_it_is_promised_is_no_job(desk: Desk) -> None:
    upload = desk.send(HELLO)
    step = Interruption(2, lambda: _receive(desk, upload))

    late = desk.on(interrupted(desk.world, step)).receiving
    reception = late.receive(WRITER, upload.batch, is_async=True)

    assert (reception.job, reception.uploads[0].state) == (None, UploadState.RECEIVED)


def _receive(desk: Desk, upload: Upload) -> None:
    desk.receiving.receive(WRITER, upload.batch)


def test_a_job_tells_what_it_does_and_what_became_of_it(desk: Desk) -> None:
    job = promised(desk, desk.send(HELLO))
    seen: set[tuple[int, str]] = set()
    ends_together: set[bool] = set()

    def look() -> None:
        with desk.world.database.read() as tx:
            looked_at = tx.jobs.get(job.id)
        seen.add((looked_at.progress, looked_at.doing))
        ends_together.add(looked_at.is_over == bool(desk.files))

    done = worked_on(desk.on(interrupted(desk.world, look)), job)

    assert (0, "receiving 1 uploads") in seen
    assert ends_together == {True}
    assert done.state is JobState.DONE
    assert [one["path"] for one in (done.result or {})["uploads"]] == ["a.txt"]  # type: ignore[attr-defined]  # of JSON
    assert desk.files == {"a.txt": HELLO}


def test_a_job_whose_uploads_are_gone_fails(desk: Desk) -> None:
    upload = desk.send(HELLO)
    job = promised(desk, upload)
    desk.world.database.write(lambda tx: tx.uploads.delete(upload.id))

    failed = worked_on(desk, job)

    assert (failed.state, failed.code) == (JobState.FAILED, "upload_not_found")


def test_a_job_whose_uploads_were_refused_meanwhile_fails(desk: Desk) -> None:
    upload = desk.send(HELLO)
    job = promised(desk, upload)
    desk.receiving.refuse([upload], DigestMismatch("sha-256"))

    failed = worked_on(desk, job)

    assert (failed.state, failed.code) == (JobState.FAILED, "upload_refused")
    assert desk.files == {}


def test_a_job_ends_with_what_was_received_before_it(desk: Desk) -> None:
    upload = desk.send(HELLO)
    job = promised(desk, upload)

    def receive_first(running: Running) -> None:
        desk.receiving._received([now(desk, upload)], None)
        desk.receiving.run(running)

    habits = Habits(lease=timedelta(minutes=1), clock=desk.world.clock, jitter=lambda: 0.0)
    worker = Worker(desk.world.database, {RECEIVE: receive_first}, Lane.LONG, habits)
    worker.run_next()

    with desk.world.database.read() as tx:
        done = tx.jobs.get(job.id)
    assert done.state is JobState.DONE
    assert [one["path"] for one in (done.result or {})["uploads"]] == ["a.txt"]  # type: ignore[attr-defined]  # of JSON
    assert desk.workspaces.get(desk.workspace_id).revision == 1
