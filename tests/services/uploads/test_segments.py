"""What uploads are charged on their way, and the segments that their bytes wait in."""

from dataclasses import replace
from io import BytesIO
from itertools import pairwise

import pytest

from filemanager.domain.errors import StoreUnavailable
from filemanager.domain.quotas import QuotaExceeded
from filemanager.domain.uploads.upload import TooManySegments, Upload
from filemanager.services.uploads.admission import UploadLimits
from filemanager.services.uploads.segments import JOINED_BYTES
from filemanager.services.workspaces.room import Room
from worlds.stored import World
from worlds.upload_desk import LIFE, WRITER, Desk


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
    desk = small_desk(world, max_bytes=1 << 20)
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
    desk = small_desk(world, max_bytes=1 << 20, segments=2)
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
