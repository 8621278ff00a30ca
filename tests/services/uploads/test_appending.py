"""An upload whose bytes come in one request is received by the transaction that counts them."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from io import BytesIO
from itertools import count

import pytest

from filemanager.domain.caller import Caller
from filemanager.domain.errors import ScratchFull
from filemanager.domain.quotas import QuotaExceeded
from filemanager.domain.uploads.upload import (
    BatchId,
    OffsetConflict,
    TooManyUploads,
    Upload,
    UploadIncomplete,
    UploadNotFound,
    UploadOver,
    UploadState,
)
from filemanager.domain.workspaces.errors import WorkspaceLocked
from filemanager.services.uploads.appending import SentBytes
from filemanager.services.uploads.inflow import SEGMENT_BYTES
from filemanager.services.workspaces.room import Room
from worlds.questions import commits
from worlds.stored import ALICE, Interruption, World, beside_rows, interrupted
from worlds.upload_desk import WRITER, Broken, Desk, desk_of_large_files

HELLO = b"hello"


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(beside_rows(world))


class Meanwhile(BytesIO):
    """Bytes, and something that happens before the first of them comes."""

    def __init__(self, data: bytes, work: Callable[[], object]) -> None:
        super().__init__(data)
        self._work: Callable[[], object] | None = work

    def read(self, size: int | None = -1) -> bytes:
        if self._work is not None:
            work, self._work = self._work, None
            work()
        return super().read(size)


def now(desk: Desk, upload: Upload) -> Upload:
    return desk.uploads.get(WRITER, upload.id)


def test_it_is_one_transaction_and_leaves_no_segment(desk: Desk) -> None:
    (begun,) = desk.begin()

    with commits() as made:
        received = desk.bring(begun, BytesIO(HELLO))

    assert len(made) == 1
    assert (received.state, received.received_bytes) == (UploadState.RECEIVED, 5)
    assert now(desk, begun) == received
    assert desk.files == {"a.txt": HELLO}
    assert desk.reserved == [0, 0]
    assert len(desk.world.keys()) == 1  # the pack
    assert desk.world.problems() == []


def test_what_waits_for_others_is_kept(desk: Desk) -> None:
    (begun,) = desk.begin(desk.wish(batch=BatchId("together")))

    kept = desk.bring(begun, BytesIO(HELLO))

    assert kept.state is UploadState.COMPLETE
    desk.receiving.receive(WRITER, kept.batch)
    assert desk.files == {"a.txt": HELLO}


@pytest.mark.parametrize("told", [None, 3])
def test_what_is_not_told_to_be_all_is_kept(desk: Desk, told: int | None) -> None:
    (begun,) = desk.begin()

    kept = desk.appending.append(WRITER, begun.id, 0, SentBytes(BytesIO(HELLO[:3]), told))

    assert (kept.state, kept.received_bytes) == (UploadState.OPEN, 3)
    rest = desk.appending.append(WRITER, begun.id, 3, SentBytes(BytesIO(HELLO[3:]), 2))
    assert rest.state is UploadState.COMPLETE


def test_more_than_a_segment_is_kept_as_it_comes(world: World) -> None:
    desk = desk_of_large_files(world)
    (begun,) = desk.begin(desk.wish(size=SEGMENT_BYTES + 1))

    kept = desk.bring(begun, BytesIO(bytes(SEGMENT_BYTES + 1)))

    assert kept.state is UploadState.COMPLETE
    assert len(desk.incoming) == 1


def test_bytes_before_a_break_count(desk: Desk) -> None:
    (begun,) = desk.begin()

    with pytest.raises(ConnectionError):
        desk.bring(begun, Broken(HELLO[:4]))

    assert now(desk, begun).received_bytes == 4
    assert desk.append(begun.id, 4, BytesIO(HELLO[4:])).state is UploadState.COMPLETE


def test_bytes_that_fail_their_check_do_not_count(desk: Desk) -> None:
    (begun,) = desk.begin()

    def refuse(_content: object) -> None:
        raise ValueError

    for stream in (BytesIO(HELLO), Broken(HELLO[:4])):
        with pytest.raises((ValueError, ConnectionError)):
            desk.appending.append(WRITER, begun.id, 0, SentBytes(stream, 5, refuse))

    assert now(desk, begun) == begun


def test_what_is_refused_by_the_state_of_things_is_kept(desk: Desk) -> None:
    (begun,) = desk.begin()
    desk.workspaces.lock(ALICE, desk.workspace_id)

    with pytest.raises(WorkspaceLocked):
        desk.bring(begun, BytesIO(HELLO))

    kept = now(desk, begun)
    assert (kept.state, kept.received_bytes) == (UploadState.COMPLETE, 5)
    assert kept.code == "workspace_locked"
    desk.workspaces.unlock(ALICE, desk.workspace_id)
    desk.receiving.receive(WRITER, begun.batch)
    assert desk.files == {"a.txt": HELLO}


def test_a_newer_writer_wins(desk: Desk) -> None:
    (begun,) = desk.begin()
    older = Meanwhile(HELLO, lambda: desk.uploads.take_over(WRITER, begun.id))

    with pytest.raises(OffsetConflict):
        desk.bring(begun, older)

    assert now(desk, begun).received_bytes == 0
    assert desk.files == {}
    assert desk.world.keys() == []


def test_bytes_that_others_brought_meanwhile_are_not_overwritten(desk: Desk) -> None:
    (begun,) = desk.begin()
    late = Meanwhile(HELLO, lambda: desk.append(begun.id, 0, BytesIO(b"HE")))

    with pytest.raises(OffsetConflict) as refused:
        desk.bring(begun, late)

    assert refused.value.received_bytes == 2
    desk.append(begun.id, 2, BytesIO(b"LLO"))
    desk.receiving.receive(WRITER, begun.batch)
    assert desk.files == {"a.txt": b"HELLO"}


def test_of_two_that_bring_all_of_it_one_is_received_and_both_are_told(desk: Desk) -> None:
    (begun,) = desk.begin()
    late = Meanwhile(HELLO, lambda: desk.bring(begun, BytesIO(HELLO)))

    received = desk.bring(begun, late)

    assert received == now(desk, begun)
    assert received.state is UploadState.RECEIVED
    assert desk.workspaces.get(desk.workspace_id).revision == 1


def test_what_joined_its_batch_meanwhile_is_waited_for(desk: Desk) -> None:
    (begun,) = desk.begin()
    joining = desk.wish("b.txt", batch=BatchId(begun.batch))

    with pytest.raises(UploadIncomplete):
        desk.bring(begun, Meanwhile(HELLO, lambda: desk.begin(joining)))

    assert now(desk, begun).state is UploadState.COMPLETE
    assert desk.files == {}


def test_what_is_given_up_meanwhile_is_not_received(desk: Desk) -> None:
    (begun,) = desk.begin()

    with pytest.raises(UploadNotFound):
        desk.bring(begun, Meanwhile(HELLO, lambda: desk.uploads.give_up(WRITER, begun.id)))

    assert desk.files == {}
    assert desk.world.keys() == []


def test_what_was_received_is_not_received_again(desk: Desk) -> None:
    (begun,) = desk.begin()
    desk.bring(begun, BytesIO(HELLO))

    with pytest.raises(UploadOver):
        desk.appending.append(WRITER, begun.id, 5, SentBytes(BytesIO(), 0))


@pytest.mark.parametrize(
    "caller", [replace(WRITER, subject="2"), replace(WRITER, granted=frozenset())]
)
def test_others_bring_nothing(desk: Desk, caller: Caller) -> None:
    (begun,) = desk.begin()

    with pytest.raises(UploadNotFound):
        desk.appending.append(caller, begun.id, 0, SentBytes(BytesIO(HELLO), 5))

    assert now(desk, begun) == begun


def test_a_node_without_room_reads_nothing(world: World) -> None:
    desk = Desk(world, scratch_bytes=4)
    (begun,) = desk.begin()
    stream = BytesIO(HELLO)

    with pytest.raises(ScratchFull):
        desk.bring(begun, stream)

    assert stream.tell() == 0
    assert now(desk, begun) == begun


class _Killed(BaseException):
    """The process is gone."""


def _kill() -> None:
    raise _Killed


def test_killed_anywhere_it_is_whole_or_absent(worlds: Iterator[World]) -> None:
    for at in count(1):
        desk = Desk(beside_rows(next(worlds)))
        (begun,) = desk.begin()
        killed = Interruption(at, _kill)
        with suppress(_Killed):
            desk.on(interrupted(desk.world, killed)).bring(begun, BytesIO(HELLO))

        left = now(desk, begun)
        assert (left.state, left.received_bytes) in (
            (UploadState.OPEN, 0),
            (UploadState.RECEIVED, 5),
        )
        assert bool(desk.files) == (left.state is UploadState.RECEIVED)
        assert desk.world.problems() == []
        if killed.calls < at:
            break
        desk.bring(left, BytesIO(HELLO))
        assert desk.files == {"a.txt": HELLO}


def unfinished(desk: Desk) -> list[Upload]:
    return list(desk.uploads.unfinished(WRITER, None, 10))


def test_begun_by_the_same_request_it_is_one_transaction_too(desk: Desk) -> None:
    with commits() as made:
        received = desk.bring_new(BytesIO(HELLO))

    assert len(made) == 1
    assert now(desk, received) == received
    assert (received.state, received.received_bytes) == (UploadState.RECEIVED, 5)
    assert desk.files == {"a.txt": HELLO}
    assert desk.reserved == [0, 0]
    assert desk.world.problems() == []


@pytest.mark.parametrize("size", [None, 0])
def test_without_a_size_or_a_byte_it_is_begun_as_ever(desk: Desk, size: int | None) -> None:
    begun = desk.bring_new(BytesIO(HELLO[:size]), desk.wish(size=size))

    assert begun.received_bytes == (5 if size is None else 0)
    assert unfinished(desk) == [begun]


def test_what_is_refused_before_it_begins_reads_nothing(desk: Desk) -> None:
    desk.workspaces.lock(ALICE, desk.workspace_id)
    stream = BytesIO(HELLO)

    with pytest.raises(WorkspaceLocked):
        desk.bring_new(stream)

    assert stream.tell() == 0
    assert unfinished(desk) == []


def test_as_many_uploads_may_be_open_as_ever(desk: Desk) -> None:
    desk.begin(desk.wish("a"), desk.wish("b"), desk.wish("c"))
    stream = BytesIO(HELLO)

    with pytest.raises(TooManyUploads):
        desk.bring_new(stream)

    assert stream.tell() == 0


def test_what_breaks_off_or_is_refused_later_has_begun(desk: Desk) -> None:
    locked = Meanwhile(HELLO, lambda: desk.workspaces.lock(ALICE, desk.workspace_id))

    with pytest.raises(ConnectionError):
        desk.bring_new(Broken(HELLO[:4]))
    (broken,) = unfinished(desk)
    with pytest.raises(WorkspaceLocked):
        desk.bring_new(locked)

    assert (broken.state, broken.received_bytes) == (UploadState.OPEN, 4)
    assert unfinished(desk) == [broken]  # a locked workspace begins none
    assert desk.files == {}


def test_without_room_nothing_begins(world: World) -> None:
    desk = Desk(world, room=Room(max_bytes=4095, max_files=10, max_checkpoints=1))

    with pytest.raises(QuotaExceeded):
        desk.bring_new(BytesIO(HELLO))

    assert unfinished(desk) == []
    assert desk.reserved == [0, 0]


def test_begun_and_killed_anywhere_it_is_whole_or_absent(worlds: Iterator[World]) -> None:
    for at in count(1):
        desk = Desk(beside_rows(next(worlds)))
        killed = Interruption(at, _kill)
        with suppress(_Killed):
            desk.on(interrupted(desk.world, killed)).bring_new(BytesIO(HELLO))

        assert unfinished(desk) == []
        assert desk.files in ({}, {"a.txt": HELLO})
        assert desk.reserved == [0, 0]
        assert desk.world.problems() == []
        if killed.calls < at:
            assert desk.files
            break
