"""Receiving that is cut off anywhere, done by several, or of uploads put together of parts."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from itertools import count

import pytest

from filemanager.domain.caller import GrantedScope, Scope
from filemanager.domain.errors import StoreFull
from filemanager.domain.ids import digest_of
from filemanager.domain.jobs.job import JobState, Lane
from filemanager.domain.quotas import MIN_CHARGE_BYTES
from filemanager.domain.uploads.targets import WorkspaceTarget
from filemanager.domain.uploads.upload import (
    BatchClosed,
    BatchElsewhere,
    BatchId,
    MadeOfParts,
    PartUnusable,
    Upload,
    UploadId,
    UploadIncomplete,
    UploadNotFound,
    UploadOver,
    UploadState,
)
from filemanager.domain.workspaces.errors import WorkspaceLocked
from filemanager.jobs.worker import Habits, Worker
from filemanager.services.uploads.receiving import RECEIVE
from filemanager.services.uploads.targets import PartOfAnother
from worlds.stored import ALICE, Interruption, World, interrupted
from worlds.upload_desk import LIFE, STRANGER, WRITER, Desk

HELLO = b"hello"
LEASE = timedelta(minutes=1)
STAFF = replace(STRANGER, granted=frozenset({GrantedScope(Scope.ADMIN)}))


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world)


class _Killed(BaseException):
    """The process ends here."""


def _kill() -> None:
    raise _Killed


def ensure_received_once(desk: Desk) -> None:
    assert desk.files == {"a.txt": HELLO}
    assert desk.workspaces.get(desk.workspace_id).revision == 1
    assert desk.reserved == [0, 0]
    assert desk.used.used_bytes == MIN_CHARGE_BYTES
    desk.world.sweep_twice()
    assert desk.incoming == []
    assert desk.world.problems() == []


def test_a_receive_that_is_killed_anywhere_is_done_once_by_the_next(
    worlds: Iterator[World],
) -> None:
    for at in count(1):
        desk = Desk(next(worlds))
        upload = desk.send(HELLO)
        killed = Interruption(at, _kill)
        with suppress(_Killed):
            desk.on(interrupted(desk.world, killed)).receiving.receive_due(WRITER, upload)

        desk.receiving.receive(WRITER, upload.batch)

        ensure_received_once(desk)
        if killed.calls < at:
            break


def a_worker(desk: Desk) -> Worker:
    habits = Habits(lease=LEASE, clock=desk.world.clock, jitter=lambda: 0.0)
    return Worker(desk.world.database, {RECEIVE: desk.receiving.run}, Lane.LONG, habits)


def test_a_job_whose_worker_is_killed_anywhere_is_done_once_by_the_next(
    worlds: Iterator[World],
) -> None:
    for at in count(1):
        desk = Desk(next(worlds))
        promised = desk.receiving.receive(WRITER, desk.send(HELLO).batch, is_async=True)
        killed = Interruption(at, _kill)
        with suppress(_Killed):
            a_worker(desk.on(interrupted(desk.world, killed))).run_next()
        desk.world.clock.turn(LEASE + timedelta(seconds=1))

        a_worker(desk).run_next()

        with desk.world.database.read() as tx:
            assert promised.job is not None
            assert tx.jobs.get(promised.job.id).state is JobState.DONE
        ensure_received_once(desk)
        if killed.calls < at:
            break


def test_bytes_of_a_writer_that_is_killed_anywhere_are_whole_or_absent(
    worlds: Iterator[World],
) -> None:
    for at in count(1):
        desk = Desk(next(worlds))
        (begun,) = desk.begin()
        killed = Interruption(at, _kill)
        with suppress(_Killed):
            broken = desk.on(interrupted(desk.world, killed))
            broken.append(begun.id, 0, BytesIO(HELLO))

        offset = desk.uploads.take_over(WRITER, begun.id).received_bytes
        assert offset in (0, 5)
        desk.append(begun.id, offset, BytesIO(HELLO[offset:]))
        desk.receiving.receive(WRITER, begun.batch)

        ensure_received_once(desk)
        if killed.calls < at:
            break


def test_two_that_receive_at_once_receive_once(worlds: Iterator[World]) -> None:
    for at in count(1):
        desk = Desk(next(worlds))
        upload = desk.send(HELLO)
        step = Interruption(at, lambda: _receive(desk, upload))  # noqa: B023  # called in this turn

        both = desk.on(interrupted(desk.world, step)).receiving.receive(WRITER, upload.batch)

        assert both.uploads[0].state is UploadState.RECEIVED
        ensure_received_once(desk)
        if step.calls < at:
            break


def _receive(desk: Desk, upload: Upload) -> None:
    desk.receiving.receive(WRITER, upload.batch)


def test_a_job_ends_well_where_somebody_received_before_it(desk: Desk) -> None:
    upload = desk.send(HELLO)
    step = Interruption(2, lambda: _promise(desk, upload))
    desk.on(interrupted(desk.world, step)).receiving.receive(WRITER, upload.batch)

    assert a_worker(desk).run_next()

    with desk.world.database.read() as tx:
        job_id = tx.uploads.get(upload.id).job_id
        assert job_id is None or tx.jobs.get(job_id).state is JobState.DONE
    ensure_received_once(desk)


def _promise(desk: Desk, upload: Upload) -> None:
    desk.receiving.receive(WRITER, upload.batch, is_async=True)


def test_a_job_that_failed_is_begun_anew(desk: Desk) -> None:
    upload = desk.send(HELLO)
    first = desk.receiving.receive(WRITER, upload.batch, is_async=True).job
    assert first is not None
    desk.world.database.write(
        lambda tx: tx.jobs.fail(first.id, "internal", "It failed.", desk.world.clock())
    )

    second = desk.receiving.receive(WRITER, upload.batch, is_async=True).job

    assert second is not None
    assert second.id != first.id


def test_a_full_store_refuses_until_there_is_room(desk: Desk) -> None:
    upload = desk.send(HELLO)
    full = desk.on(interrupted(desk.world, Interruption(4, _fill_up)))

    with pytest.raises(StoreFull):
        full.receiving.receive(WRITER, upload.batch)
    desk.receiving.receive(WRITER, upload.batch)

    ensure_received_once(desk)


def _fill_up() -> None:
    raise StoreFull("The store is full.")


def join(desk: Desk, *parts: UploadId, **more: object) -> Upload:
    (final,) = desk.begin(desk.wish(size=None, parts=parts, **more))  # type: ignore[arg-type]  # fields by name
    return final


def test_parts_are_put_together_in_their_order(desk: Desk) -> None:
    parts = [desk.part(b"llo"), desk.part(b"he")]

    final = join(desk, *reversed(parts))
    reserved = desk.reserved
    desk.receiving.receive(WRITER, final.batch)

    assert (final.size_bytes, final.received_bytes, final.is_due) == (5, 5, True)
    assert reserved == [4096, 4096]
    ensure_received_once(desk)


def test_parts_are_used_once(desk: Desk) -> None:
    part = desk.part(HELLO)
    join(desk, part)

    with pytest.raises(PartUnusable):
        join(desk, part)


def test_what_is_no_part_is_not_used_as_one(desk: Desk) -> None:
    with pytest.raises(PartUnusable):
        join(desk, desk.send(HELLO).id)


def test_a_part_is_never_received_by_itself(desk: Desk) -> None:
    part = desk.part(HELLO)

    with pytest.raises(PartOfAnother):
        desk.receiving.receive(WRITER, BatchId(part))
    join(desk, part)
    with pytest.raises(PartOfAnother):
        desk.receiving.receive(WRITER, BatchId(part))
    with pytest.raises(UploadOver):
        desk.uploads.give_up(WRITER, part)


def test_an_upload_of_parts_takes_no_bytes(desk: Desk) -> None:
    final = join(desk, desk.part(HELLO))

    with pytest.raises(MadeOfParts):
        desk.append(final.id, 5, BytesIO(b"!"))


def test_a_strangers_part_and_an_expired_one_are_not_there(desk: Desk) -> None:
    theirs = desk.part(HELLO)
    with pytest.raises(UploadNotFound):
        desk.begin(desk.wish(size=None, parts=(theirs,)), caller=STAFF)
    desk.world.clock.turn(LIFE)

    with pytest.raises(UploadNotFound):
        join(desk, theirs)


def test_what_is_given_up_takes_its_parts_along(desk: Desk) -> None:
    final = join(desk, desk.part(HELLO))

    desk.uploads.give_up(WRITER, final.id)

    assert (desk.incoming, desk.reserved) == ([], [0, 0])
    with pytest.raises(UploadNotFound):
        desk.uploads.get(WRITER, final.parts[0])


def test_parts_live_as_long_as_what_they_became(desk: Desk) -> None:
    part = desk.part(HELLO)
    desk.world.clock.turn(LIFE - timedelta(hours=1))
    final = join(desk, part, batch=BatchId("folder"))
    desk.world.clock.turn(timedelta(hours=2))

    desk.uploads.sweep()
    desk.receiving.receive(WRITER, final.batch)

    ensure_received_once(desk)


def test_parts_expire_with_what_they_became(desk: Desk) -> None:
    join(desk, desk.part(HELLO), batch=BatchId("folder"))
    desk.world.clock.turn(LIFE + timedelta(seconds=1))

    desk.uploads.sweep()

    assert (desk.incoming, desk.reserved) == ([], [0, 0])


def test_uploads_of_a_batch_go_to_one_place(desk: Desk) -> None:
    batch = BatchId("folder")
    desk.send(HELLO, batch=batch)
    elsewhere = WorkspaceTarget(workspace_id=desk.world.create(), path="b.txt")

    with pytest.raises(BatchElsewhere):
        desk.begin(replace(desk.wish(batch=batch), target=elsewhere))


def test_two_places_that_met_in_a_batch_are_refused(desk: Desk) -> None:
    batch = BatchId("folder")
    desk.send(HELLO, batch=batch)
    elsewhere = WorkspaceTarget(workspace_id=desk.world.create(), path="b.txt")
    unseen = replace(desk.send(HELLO), batch=batch, target=elsewhere, id=UploadId("0" * 32))
    desk.world.database.write(lambda tx: tx.uploads.add([unseen]))

    with pytest.raises(BatchElsewhere):
        desk.receiving.receive(WRITER, batch)

    assert desk.files == {}


def test_nothing_joins_a_batch_that_was_received(desk: Desk) -> None:
    upload = desk.send(HELLO, batch=BatchId("folder"))
    desk.receiving.receive(WRITER, upload.batch)

    with pytest.raises(BatchClosed):
        desk.begin(desk.wish("b.txt", batch=upload.batch))


def test_what_comes_into_a_batch_while_it_is_received_is_not_lost(desk: Desk) -> None:
    batch = BatchId("folder")
    desk.send(HELLO, batch=batch)

    def begin() -> None:
        desk.begin(desk.wish("late.txt", batch=batch))

    late = Interruption(2, begin)

    with pytest.raises(UploadIncomplete, match=r"late\.txt"):
        desk.on(interrupted(desk.world, late)).receiving.receive(WRITER, batch)

    assert desk.files == {}


def test_bytes_of_unknown_size_are_reserved_as_they_come(desk: Desk) -> None:
    (begun,) = desk.begin(desk.wish(size=None))
    desk.append(begun.id, 0, BytesIO(b"he"))
    after_two = desk.reserved
    desk.uploads.tell_size(WRITER, begun.id, 5000)

    assert after_two == [4096, 4096]
    assert desk.reserved == [5000, 5000]


def test_an_upload_without_bytes_is_whole_at_once(desk: Desk) -> None:
    (begun,) = desk.begin(desk.wish(size=0))
    (unknown,) = desk.begin(desk.wish("b.txt", size=None))

    told = desk.uploads.tell_size(WRITER, unknown.id, 0)

    assert (begun.state, told.state) == (UploadState.COMPLETE, UploadState.COMPLETE)


def test_a_lost_object_is_told_and_nothing_is_received(desk: Desk) -> None:
    upload = desk.send(HELLO, digest=digest_of(HELLO))
    (key,) = desk.incoming
    desk.world.objects.delete(key)

    found = {(problem.code, problem.subject) for problem in desk.world.problems()}
    assert found == {("segment_missing", key)}
    assert upload.state is UploadState.COMPLETE


def test_a_cut_off_object_is_told(desk: Desk) -> None:
    desk.send(HELLO)
    (key,) = desk.incoming
    desk.world.objects.write(key, [b"he"])

    assert [problem.code for problem in desk.world.problems()] == ["segment_size"]


def test_uploads_on_their_way_are_no_problem_and_are_counted(desk: Desk) -> None:
    desk.send(HELLO)

    checked, problems = desk.world.fsck(deep=True)

    assert problems == []
    assert (checked.segments, checked.unnamed_objects) == (1, 0)


def test_a_lock_that_comes_while_a_batch_is_received_refuses_it(desk: Desk) -> None:
    upload = desk.send(HELLO)

    def lock() -> None:
        desk.workspaces.lock(ALICE, desk.workspace_id)

    late = Interruption(2, lock)

    with pytest.raises(WorkspaceLocked):
        desk.on(interrupted(desk.world, late)).receiving.receive(WRITER, upload.batch)

    assert desk.files == {}
    assert desk.uploads.get(WRITER, upload.id).state is UploadState.COMPLETE
