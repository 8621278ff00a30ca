"""Few bytes on their way lie in a row, committed with what counts them."""

from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pytest

from filemanager.domain.blobs.blob import SMALL_PACK_BYTES
from filemanager.domain.uploads.upload import OffsetConflict, Upload
from filemanager.services.uploads.admission import UploadLimits
from filemanager.services.workspaces.room import Room
from worlds.stored import World, beside_rows
from worlds.transfers import bring, export
from worlds.upload_desk import LIFE, WRITER, Desk

DATA = bytes(range(256)) * 2048


@pytest.fixture
def desk(world: World) -> Desk:
    return desk_in(beside_rows(world))


def desk_in(world: World) -> Desk:
    return Desk(
        world,
        room=Room(max_bytes=1 << 20, max_files=10, max_checkpoints=1),
        limits=UploadLimits(life=LIFE, open_uploads=9, upload_bytes=1 << 20, segments=10),
    )


def keys_of(desk: Desk, upload: Upload) -> list[str]:
    with desk.world.database.read() as tx:
        return [one.key.partition("/")[0] for one in tx.uploads.segments(upload.id)]


def test_few_bytes_write_nothing_to_the_store(desk: Desk) -> None:
    (begun,) = desk.begin(desk.wish(size=5))

    desk.append(begun.id, 0, BytesIO(b"hello"))

    assert keys_of(desk, begun) == ["small"]
    assert desk.world.problems() == []
    desk.receiving.receive(WRITER, begun.batch)
    assert desk.files == {"a.txt": b"hello"}
    assert list(desk.world.objects.listing()) == []
    assert len(desk.world.keys()) == 1  # the pack
    assert desk.world.problems() == []


def test_they_are_joined_to_what_comes_next_in_a_row_or_not(desk: Desk) -> None:
    cuts = (0, 1, 1000, SMALL_PACK_BYTES, SMALL_PACK_BYTES + 1, 300_000, len(DATA) - 1, len(DATA))
    (begun,) = desk.begin(desk.wish(size=len(DATA)))
    lay = []

    for start, stop in pairwise(cuts):
        begun = desk.append(begun.id, start, BytesIO(DATA[start:stop]))
        lay.append(keys_of(desk, begun))

    assert lay[:4] == [["small"], ["small"], ["small"], ["incoming"]]
    prefixes = {key.partition("/")[0] for key in list(desk.world.keys())}
    assert prefixes == {"incoming"}
    desk.receiving.receive(WRITER, begun.batch)
    assert desk.files == {"a.txt": DATA}
    assert desk.world.problems() == []


def test_what_is_given_up_takes_its_row_along(desk: Desk) -> None:
    (begun,) = desk.begin(desk.wish(size=5))
    desk.append(begun.id, 0, BytesIO(b"hal"))

    desk.uploads.give_up(WRITER, begun.id)

    assert desk.world.keys() == []


def test_bytes_of_an_older_writer_leave_no_row(desk: Desk) -> None:
    (begun,) = desk.begin(desk.wish(size=5))
    older = desk.uploads.claim(WRITER, begun.id, 0)
    desk.uploads.take_over(WRITER, begun.id)

    with pytest.raises(OffsetConflict):
        desk.uploads.take(older, BytesIO(b"hello"))

    assert desk.world.keys() == []


def test_they_go_on_in_the_other_place(worlds: Iterator[World], tmp_path: Path) -> None:
    desk, other = desk_in(beside_rows(next(worlds))), beside_rows(next(worlds))
    (begun,) = desk.begin(desk.wish(size=5))
    desk.append(begun.id, 0, BytesIO(b"he"))

    told = [export(desk.world, tmp_path / "export"), bring(tmp_path / "export", other)]
    there = desk.on(other)
    there.append(begun.id, 2, BytesIO(b"llo"))
    there.receiving.receive(WRITER, begun.batch)

    assert [problems for _, problems in told] == [[], []]
    assert there.files == {"a.txt": b"hello"}
    assert list(other.objects.listing()) == []
    assert other.problems() == []
