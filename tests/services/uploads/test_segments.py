"""What uploads are charged on their way, and the segments that their bytes wait in."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from io import BytesIO
from itertools import count, pairwise
from pathlib import Path
from typing import Any

import pytest

from filemanager.domain.errors import StoreUnavailable
from filemanager.domain.quotas import QuotaExceeded
from filemanager.domain.uploads.upload import (
    OffsetConflict,
    TooManySegments,
    Upload,
    UploadState,
)
from filemanager.services.uploads.admission import UploadLimits
from filemanager.services.uploads.inflow import SEGMENT_BYTES
from filemanager.services.uploads.segments import JOINED_BYTES
from filemanager.services.workspaces.room import Room
from worlds.stored import Interruption, World, interrupted, taking_objects_whole
from worlds.transfers import bring, export
from worlds.upload_desk import LIFE, WRITER, Desk, desk_of_large_files


def small_desk(world: World, max_bytes: int = 10_000, segments: int = 10) -> Desk:
    return Desk(
        world,
        room=Room(max_bytes=max_bytes, max_files=10, max_checkpoints=1),
        limits=UploadLimits(life=LIFE, open_uploads=9, upload_bytes=1 << 20, segments=segments),
    )


def test_room_is_reserved_before_bytes(world: World) -> None:
    desk = small_desk(world)
    desk.begin(desk.wish("a", 5000))

    with pytest.raises(QuotaExceeded) as refused:
        desk.begin(desk.wish("b", 5001))

    assert "limit is 10000 bytes, 5000 of them are used" in refused.value.message
    desk.begin(desk.wish("b", 5000))


@pytest.mark.parametrize("size", [0, 1, 4096, None])
def test_an_upload_of_few_bytes_is_promised_the_least_charge(
    world: World, size: int | None
) -> None:
    desk = small_desk(world, max_bytes=2 * 4096)
    desk.begin(desk.wish("a", size), desk.wish("b", size))

    with pytest.raises(QuotaExceeded):
        desk.begin(desk.wish("c", 0))


def segments_of(desk: Desk, upload: Upload) -> list[tuple[int, int]]:
    with desk.world.database.read() as tx:
        return [(one.start, one.size_bytes) for one in tx.uploads.segments(upload.id)]


def test_short_segments_are_joined_to_what_comes_next(world: World) -> None:
    desk = small_desk(taking_objects_whole(world), max_bytes=1 << 20)
    data = bytes(range(256)) * 2048
    (begun,) = desk.begin(desk.wish(size=len(data)))

    for start, stop in pairwise((0, 1, 2, 1000, 300_000, 300_001, len(data))):
        begun = desk.append(begun.id, start, BytesIO(data[start:stop]))

    assert segments_of(desk, begun) == [(0, 300_000), (300_000, len(data) - 300_000)]
    assert len(desk.incoming) == 2
    desk.receiving.receive(WRITER, begun.batch)
    assert desk.files == {"a.txt": data}


def test_a_short_segment_whose_object_is_gone_is_not_joined_in_silence(world: World) -> None:
    desk = small_desk(world)
    (begun,) = desk.begin(desk.wish(size=2))
    desk.append(begun.id, 0, BytesIO(b"a"))
    world.blobs.delete(desk.incoming[0])

    with pytest.raises(StoreUnavailable):
        desk.append(begun.id, 1, BytesIO(b"b"))

    assert desk.uploads.get(WRITER, begun.id).received_bytes == 1


def test_an_upload_lies_in_so_many_segments_and_no_more(world: World) -> None:
    desk = small_desk(taking_objects_whole(world), max_bytes=1 << 20, segments=2)
    long = bytes(JOINED_BYTES)
    (begun,) = desk.begin(desk.wish(size=3 * JOINED_BYTES))
    for number in range(2):
        desk.append(begun.id, number * JOINED_BYTES, BytesIO(long))

    with pytest.raises(TooManySegments, match=r"2 pieces .FILEMANAGER_MAX_SEGMENTS."):
        desk.append(begun.id, 2 * JOINED_BYTES, BytesIO(long))

    assert desk.uploads.get(WRITER, begun.id).received_bytes == 2 * JOINED_BYTES
    assert len(desk.incoming) == 2


def test_an_upload_of_parts_lies_in_no_more_segments(world: World) -> None:
    desk = small_desk(world, segments=2)
    parts = [desk.part(bytes([number])) for number in range(3)]
    wish = replace(desk.wish(size=None), parts=tuple(parts))

    with pytest.raises(TooManySegments):
        desk.begin(wish)
    desk.begin(replace(wish, parts=tuple(parts[:2])))


NOISE = random.Random(1).randbytes(3 << 20)  # repeatable, not secret


@pytest.mark.parametrize("cuts", [(0, 3 << 20), (0, 1, 1 << 20, 3 << 20)])
def test_a_body_in_any_number_of_pieces_is_one_object_and_becomes_the_blob(
    world: World, cuts: Sequence[int]
) -> None:
    desk = desk_of_large_files(world)
    (begun,) = desk.begin(desk.wish(size=len(NOISE)))

    for start, stop in pairwise(cuts):
        begun = desk.append(begun.id, start, BytesIO(NOISE[start:stop]))

    assert segments_of(desk, begun) == [(0, len(NOISE))]
    assert len(desk.incoming) == 1
    assert world.problems() == []
    desk.receiving.receive(WRITER, begun.batch)
    assert desk.files == {"a.txt": NOISE}
    assert [key.partition("/")[0] for key in list(world.keys())] == ["objects"]
    assert world.problems() == []


def test_what_comes_in_one_request_is_safe_a_segment_at_a_time(world: World) -> None:
    desk = desk_of_large_files(world)
    (begun,) = desk.begin(desk.wish(size=2 * SEGMENT_BYTES))
    safe = []

    class Looked(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            safe.append(desk.uploads.get(WRITER, begun.id).received_bytes)
            return super().read(size)

    whole = desk.append(begun.id, 0, Looked(bytes(2 * SEGMENT_BYTES)))

    assert sorted(set(safe)) == [0, SEGMENT_BYTES, 2 * SEGMENT_BYTES]
    assert whole.state is UploadState.COMPLETE
    assert segments_of(desk, begun) == [(0, 2 * SEGMENT_BYTES)]


def test_an_older_writer_adds_nothing_to_what_is_whole(world: World) -> None:
    """It has the object open, which the newer one therefore leaves as it was counted."""
    desk = desk_of_large_files(world)
    half = len(NOISE) // 2
    (begun,) = desk.begin(desk.wish(size=len(NOISE)))
    desk.append(begun.id, 0, BytesIO(NOISE[:half]))
    older = desk.uploads.claim(WRITER, begun.id, half)

    class Overtaken(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            data = super().read(size)
            if not data:
                desk.append(begun.id, half, BytesIO(NOISE[half:]))
            return data

    with pytest.raises(OffsetConflict):
        desk.uploads.take(older, Overtaken(bytes(half // 2)))

    assert segments_of(desk, begun) == [(0, half), (half, len(NOISE) - half)]
    assert world.problems() == []
    desk.receiving.receive(WRITER, begun.batch)
    assert desk.files == {"a.txt": NOISE}


@pytest.mark.parametrize("before", [1000, len(NOISE) // 2])
def test_an_older_writer_who_comes_later_touches_nothing(world: World, before: int) -> None:
    """What lies behind his own beginning is another's, and may be a blob already."""
    desk = desk_of_large_files(world)
    (begun,) = desk.begin(desk.wish(size=len(NOISE)))
    desk.append(begun.id, 0, BytesIO(NOISE[:before]))
    older = desk.uploads.claim(WRITER, begun.id, before)
    desk.append(begun.id, before, BytesIO(NOISE[before:]))
    sizes = [world.objects.size(key) for key in desk.incoming]

    with pytest.raises(OffsetConflict) as refused:
        desk.uploads.take(older, BytesIO(bytes(1000)))

    assert refused.value.received_bytes == len(NOISE)
    assert [world.objects.size(key) for key in desk.incoming] == sizes
    desk.receiving.receive(WRITER, begun.batch)
    assert desk.files == {"a.txt": NOISE}
    assert world.problems() == []


def test_a_short_segment_that_another_joins_meanwhile_is_not_missing(world: World) -> None:
    desk = small_desk(world)
    (begun,) = desk.begin(desk.wish(size=3))
    desk.append(begun.id, 0, BytesIO(b"a"))
    older = desk.uploads.claim(WRITER, begun.id, 1)
    newer = desk.uploads.claim(WRITER, begun.id, 1)

    class Overtaken:
        def read_object(self, key: str, size_bytes: int) -> object:
            desk.uploads.take(newer, BytesIO(b"bc"))
            return world.blobs.read_object(key, size_bytes)

    segments: Any = replace(desk.uploads._segments, blobs=Overtaken())  # type: ignore[arg-type]  # nothing else is asked of it
    with pytest.raises(OffsetConflict):
        segments.take(older, BytesIO(b"x"), 3)

    desk.receiving.receive(WRITER, begun.batch)
    assert desk.files == {"a.txt": b"abc"}


def test_bytes_that_nobody_counted_are_not_read(world: World) -> None:
    """A writer was killed between the object and the row."""
    desk = desk_of_large_files(world)
    (begun,) = desk.begin(desk.wish(size=len(NOISE)))
    desk.append(begun.id, 0, BytesIO(NOISE[: 1 << 20]))
    (key,) = desk.incoming
    world.objects.write(key, [NOISE[: 1 << 20], b"never counted"])

    desk.append(begun.id, 1 << 20, BytesIO(NOISE[1 << 20 :]))

    assert world.problems() == []
    assert len(desk.incoming) == 2
    desk.receiving.receive(WRITER, begun.batch)
    assert desk.files == {"a.txt": NOISE}


@pytest.mark.parametrize("size", [JOINED_BYTES, 1 << 20])
def test_uncounted_bytes_stay_behind_at_an_export(
    worlds: Iterator[World], tmp_path: Path, size: int
) -> None:
    desk, other = desk_of_large_files(next(worlds)), next(worlds)
    (begun,) = desk.begin(desk.wish(size=size))
    desk.append(begun.id, 0, BytesIO(NOISE[:size]))
    (key,) = desk.incoming
    desk.world.objects.write(key, [NOISE[:size], b"never counted"])

    told = [export(desk.world, tmp_path / "export"), bring(tmp_path / "export", other)]
    there = desk.on(other)
    there.receiving.receive(WRITER, begun.batch)

    assert [problems for _, problems in told] == [[], []]
    assert there.files == {"a.txt": NOISE[:size]}


def test_an_upload_of_unknown_size_may_be_whole_before_its_writer_is_through(
    world: World,
) -> None:
    desk = desk_of_large_files(world)
    (begun,) = desk.begin(desk.wish(size=None))

    class Told(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if desk.uploads.get(WRITER, begun.id).received_bytes:
                desk.uploads.tell_size(WRITER, begun.id, SEGMENT_BYTES)
            return super().read(size)

    with pytest.raises(OffsetConflict):
        desk.append(begun.id, 0, Told(bytes(SEGMENT_BYTES + 5)))

    desk.receiving.receive(WRITER, begun.batch)
    assert desk.files == {"a.txt": bytes(SEGMENT_BYTES)}
    assert world.problems() == []


def receive(desk: Desk, upload: Upload) -> None:
    desk.receiving.receive(WRITER, upload.batch)


def test_two_that_receive_at_once_receive_a_large_file_once(worlds: Iterator[World]) -> None:
    """Who comes second may find the object gone that it was about to read or to link."""
    for at in count(1):
        desk = desk_of_large_files(next(worlds))
        (begun,) = desk.begin(desk.wish(size=len(NOISE)))
        whole = desk.append(begun.id, 0, BytesIO(NOISE))
        first = Interruption(at, partial(receive, desk, whole))
        second = desk.on(interrupted(desk.world, first))

        (received,) = second.receiving.receive(WRITER, whole.batch).uploads

        assert received.state is UploadState.RECEIVED
        assert desk.files == {"a.txt": NOISE}
        assert desk.workspaces.get(desk.workspace_id).revision == 1
        if first.calls < at:
            break
