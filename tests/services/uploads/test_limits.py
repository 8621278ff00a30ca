"""Uploads at their limits: the last moment, the last byte, and what comes behind either."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest

from filemanager.domain.caller import GrantedScope, Scope
from filemanager.domain.errors import ScratchFull
from filemanager.domain.quotas import Allowance, ReservationId, owner_subject
from filemanager.domain.uploads.targets import PartTarget
from filemanager.domain.uploads.upload import (
    OffsetConflict,
    PartUnusable,
    UploadIncomplete,
    UploadNotFound,
    UploadState,
    Way,
)
from filemanager.services.uploads.appending import SentBytes
from filemanager.services.uploads.inflow import UploadTooLarge
from filemanager.services.uploads.resumable import UploadWish
from worlds.stored import ALICE, World
from worlds.upload_desk import LIFE, WRITER, Broken, Desk

HELLO = b"hello"
MOMENT = timedelta(milliseconds=1)


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world)


def test_an_upload_lives_until_the_moment_it_expires(desk: Desk) -> None:
    (begun,) = desk.begin()

    desk.world.clock.turn(LIFE - MOMENT)
    seen = desk.uploads.get(WRITER, begun.id)
    desk.world.clock.turn(MOMENT)

    assert seen == begun
    for ask in (desk.uploads.get, desk.uploads.take_over, desk.uploads.give_up):
        with pytest.raises(UploadNotFound):
            ask(WRITER, begun.id)
    with pytest.raises(UploadNotFound):
        desk.uploads.claim(WRITER, begun.id, 0)


def test_a_part_is_used_until_the_moment_it_expires(desk: Desk) -> None:
    parts = tuple(desk.part(data) for data in (b"he", b"llo"))
    desk.world.clock.turn(LIFE - MOMENT)

    (whole,) = desk.begin(desk.wish(size=None, parts=parts[:1]))
    desk.world.clock.turn(MOMENT)
    with pytest.raises(UploadNotFound):
        desk.begin(desk.wish("b.txt", size=None, parts=parts[1:]))

    assert (whole.state, whole.size_bytes) == (UploadState.COMPLETE, 2)


def test_a_part_that_has_not_come_is_named(desk: Desk) -> None:
    (part,) = desk.begin(UploadWish(way=Way.TUS, target=PartTarget(), size_bytes=5))

    with pytest.raises(UploadIncomplete) as refused:
        desk.begin(desk.wish(size=None, parts=(part.id,)))

    assert refused.value.missing == [part.id]


def test_a_part_is_named_once(desk: Desk) -> None:
    part = desk.part(HELLO)

    with pytest.raises(PartUnusable):
        desk.begin(desk.wish(size=None, parts=(part, part)))


def test_an_upload_is_as_large_as_the_limit_and_not_a_byte_larger(desk: Desk) -> None:
    largest = bytes(desk.limits.upload_bytes)

    assert desk.send(largest).state is UploadState.COMPLETE
    (untold,) = desk.begin(desk.wish("b", size=None))
    with pytest.raises(UploadTooLarge):
        desk.uploads.claim(WRITER, untold.id, 0, len(largest) + 1)
    with pytest.raises(UploadTooLarge):
        desk.append(untold.id, 0, BytesIO(largest + b"!"))
    with pytest.raises(UploadTooLarge):
        desk.uploads.tell_size(WRITER, untold.id, len(largest) + 1)
    assert desk.uploads.tell_size(WRITER, untold.id, len(largest)).state is UploadState.COMPLETE


def test_a_size_below_what_has_come_is_refused_and_one_like_it_completes(desk: Desk) -> None:
    (begun,) = desk.begin(desk.wish(size=None))
    desk.append(begun.id, 0, BytesIO(HELLO))

    with pytest.raises(OffsetConflict) as refused:
        desk.uploads.tell_size(WRITER, begun.id, 4)
    told = desk.uploads.tell_size(WRITER, begun.id, 5)

    assert refused.value.received_bytes == 5
    assert (told.size_bytes, told.state) == (5, UploadState.COMPLETE)
    assert desk.uploads.tell_size(WRITER, begun.id, 5) == told


def _refuse(_content: object) -> None:
    raise ValueError


def test_bytes_behind_others_that_fail_their_check_do_not_count(desk: Desk) -> None:
    (begun,) = desk.begin()
    half = desk.append(begun.id, 0, BytesIO(b"he"))

    with pytest.raises(ValueError, match=r"^$"):
        desk.appending.append(WRITER, begun.id, 2, SentBytes(BytesIO(b"XXX"), 3, _refuse))

    assert desk.uploads.get(WRITER, begun.id).received_bytes == half.received_bytes == 2
    read: list[object] = []
    sent = SentBytes(BytesIO(b"llo"), 3, read.append)
    assert desk.appending.append(WRITER, begun.id, 2, sent).state is UploadState.COMPLETE
    assert len(read) == 1
    desk.receiving.receive(WRITER, begun.batch)
    assert desk.files == {"a.txt": HELLO}


def test_a_break_is_told_as_one_before_any_check(desk: Desk) -> None:
    (begun,) = desk.begin()

    with pytest.raises(ConnectionError):
        desk.appending.append(WRITER, begun.id, 0, SentBytes(Broken(b"hell"), 5, _refuse))


def test_what_ends_early_without_a_break_counts_so_far(desk: Desk) -> None:
    (begun,) = desk.begin()

    kept = desk.bring(begun, BytesIO(b"hell"))

    assert (kept.received_bytes, kept.state) == (4, UploadState.OPEN)
    assert kept == desk.uploads.get(WRITER, begun.id)


def test_a_byte_behind_the_end_is_refused(desk: Desk) -> None:
    upload = desk.send(HELLO)

    with pytest.raises(UploadTooLarge):
        desk.uploads.claim(WRITER, upload.id, 5, 1)
    with pytest.raises(OffsetConflict) as refused:
        desk.uploads.claim(WRITER, upload.id, 4, 1)

    assert refused.value.received_bytes == 5
    assert desk.uploads.claim(WRITER, upload.id, 5, 0).state is UploadState.COMPLETE


def test_a_batch_is_not_received_without_room_for_what_is_read(world: World) -> None:
    desk = Desk(world)
    upload = desk.send(HELLO)

    small, large = (replace(desk, scratch_bytes=room) for room in (4, 5))
    with pytest.raises(ScratchFull):
        small.on(world).receiving.receive(WRITER, upload.batch)

    large.on(world).receiving.receive(WRITER, upload.batch)
    assert desk.files == {"a.txt": HELLO}


def test_an_upload_that_has_not_come_is_named(desk: Desk) -> None:
    desk.begin(desk.wish("late.txt"))
    (begun,) = desk.begin(desk.wish("later.txt"))

    with pytest.raises(UploadIncomplete) as refused:
        desk.receiving.receive(WRITER, begun.batch)

    assert "later.txt" in refused.value.message
    assert desk.uploads.get(WRITER, begun.id) == begun


def test_what_is_too_large_does_not_begin_with_its_bytes_either(desk: Desk) -> None:
    stream = BytesIO(bytes(5001))

    with pytest.raises(UploadTooLarge):
        desk.bring_new(stream, desk.wish(size=5001))

    assert (stream.tell(), desk.reserved) == (0, [0, 0])


def test_parts_are_together_as_large_as_the_limit_and_no_larger(desk: Desk) -> None:
    half, other = desk.part(bytes(2500)), desk.part(bytes(2501))

    with pytest.raises(UploadTooLarge):
        desk.begin(desk.wish(size=None, parts=(half, other)))

    (whole,) = desk.begin(desk.wish(size=None, parts=(half,)))
    assert whole.size_bytes == 2500


def test_bytes_that_come_whole_go_to_where_the_upload_stands(desk: Desk) -> None:
    (begun,) = desk.begin()

    with pytest.raises(OffsetConflict) as refused:
        desk.appending.append(WRITER, begun.id, 1, SentBytes(BytesIO(HELLO), 5))

    assert refused.value.received_bytes == 0
    assert desk.files == {}


def test_each_writer_has_the_next_number(desk: Desk) -> None:
    (begun,) = desk.begin()

    taken = desk.uploads.take_over(WRITER, begun.id)
    claimed = desk.uploads.claim(WRITER, begun.id, 0)

    assert [one.generation for one in (begun, taken, claimed)] == [0, 1, 2]
    whole = desk.uploads.take(claimed, BytesIO(HELLO))
    assert desk.uploads.take_over(WRITER, begun.id) == whole


def test_an_upload_is_unknown_to_a_token_that_may_not_look(desk: Desk) -> None:
    (begun,) = desk.begin()

    with pytest.raises(UploadNotFound):
        desk.uploads.get(replace(WRITER, granted=frozenset()), begun.id)


def test_unfinished_uploads_come_in_pages_of_those_that_a_token_may_see(desk: Desk) -> None:
    desk.part(HELLO)
    desk.part(HELLO)
    (mine,) = desk.begin()
    bound = frozenset({GrantedScope(Scope.UPDATE, str(desk.workspace_id))})

    first = desk.uploads.unfinished(WRITER, None, 2)
    rest = desk.uploads.unfinished(WRITER, first[-1].id, 2)

    assert [len(first), len(rest)] == [2, 1]
    assert len({one.id for one in (*first, *rest)}) == 3
    for limit in (1, 2, 3, 4):
        found = desk.uploads.unfinished(replace(WRITER, granted=bound), None, limit)
        assert [one.id for one in found] == [mine.id]


def test_a_sweep_counts_uploads_and_reservations_of_nobody(desk: Desk) -> None:
    desk.begin()
    at = desk.world.clock()
    desk.world.database.write(
        lambda tx: tx.quotas.reserve(
            ReservationId("0" * 32), [Allowance(owner_subject(ALICE.owner), None)], 5, at, at
        )
    )
    desk.world.clock.turn(LIFE + MOMENT)

    assert desk.uploads.sweep() == 2
    assert desk.reserved == [0, 0]
