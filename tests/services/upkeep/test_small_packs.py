"""Small packs lie in rows of the database, until the sweeper moves them into the store."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from builders.papers import a_tarball
from filemanager.db.blobs.tables import small_packs
from filemanager.domain.blobs.blob import SMALL_PACK_BYTES, StoredBlob
from filemanager.domain.ids import WorkspaceId
from worlds.stored import GRACE, LONG, World, beside_rows
from worlds.transfers import assert_same, bring, export, fill

TEXT = b"Let us begin. " * 200
NOISE = bytes(range(256)) * 10
MANY = {f"{number}.txt": b"%d " % number * 50 for number in range(60)}


@pytest.fixture
def small(world: World) -> World:
    return beside_rows(world)


def prefixes(world: World) -> set[str]:
    """Where blobs lie."""
    with world.database.read() as tx:
        return {blob.object_key.partition("/")[0] for blob in tx.blobs.by_object()}


def filled(world: World) -> WorkspaceId:
    workspace = world.create()
    world.upload(workspace, {"a.txt": TEXT, "b.bin": NOISE})
    world.send(workspace, "all.tar.gz", a_tarball({"c.txt": b"c" * 99, "d.txt": b"d"}), unpack=True)
    return workspace


def test_a_small_upload_writes_nothing_to_the_store_and_is_read(small: World) -> None:
    workspace = filled(small)

    assert list(small.objects.listing()) == []
    assert small.files(workspace)["a.txt"] == TEXT
    assert b"".join(small.blobs.read(small.place_of(NOISE), 100, 300)) == NOISE[100:300]
    assert len(small.archive(workspace)) > 100
    assert small.problems() == []


def test_what_takes_more_is_a_pack_in_the_store(small: World) -> None:
    workspace = small.create()

    small.upload(workspace, {"a.bin": _incompressible(SMALL_PACK_BYTES + 1)})
    assert prefixes(small) == {"packs"}

    small.upload(workspace, {"b.bin": _incompressible(SMALL_PACK_BYTES)})
    assert prefixes(small) == {"packs", "small"}
    assert small.problems() == []


def _incompressible(size_bytes: int) -> bytes:
    return random.Random(size_bytes).randbytes(size_bytes)  # repeatable, not secret


def test_the_sweeper_moves_small_packs_together(small: World) -> None:
    workspace = filled(small)
    before, place = small.files(workspace), small.place_of(TEXT)
    foreseen = small.sweeper.dry_run()

    swept = small.sweeper.sweep()

    assert swept == foreseen
    assert swept.packs_rewritten == 3
    assert len(list(small.objects.listing())) == 1
    assert prefixes(small) == {"packs"}
    assert small.files(workspace) == before
    assert small.problems() == []
    # Who was reading goes on.
    assert b"".join(small.blobs.read(place)) == TEXT


def test_so_many_small_packs_at_a_time_are_moved(small: World) -> None:
    workspace = small.create()
    small.upload(workspace, MANY)

    swept = small.sweeper.sweep()

    assert swept.packs_rewritten == 60
    assert len(list(small.objects.listing())) == 2
    assert small.files(workspace) == MANY


def test_the_row_goes_after_the_grace(small: World) -> None:
    workspace = filled(small)
    at_once = small.sweeper.sweep()
    small.clock.turn(GRACE * 2)
    later, listed = small.sweeper.sweep(), small.keys()

    assert (at_once.objects, later.objects) == (0, 3)
    assert [key.partition("/")[0] for key in listed] == ["packs"]
    assert small.files(workspace)["b.bin"] == NOISE


def test_what_nobody_needs_is_gone_without_a_store(small: World) -> None:
    workspace = small.create()
    small.upload(workspace, {"a.txt": TEXT})
    small.delete(workspace)

    small.sweep_twice()
    small.sweep_twice()

    assert (small.digests(), small.keys()) == (set(), [])


def _damage(world: World, blob: StoredBlob) -> None:
    of_blob = small_packs.c.key == blob.object_key
    world.tamper(update(small_packs).where(of_blob).values(bytes=b"other bytes"))


def test_a_damaged_row_is_found_and_healed_and_keeps_no_other_from_moving(small: World) -> None:
    workspace = filled(small)
    place = small.place_of(TEXT)
    _damage(small, place)
    found = {problem.code for problem in small.problems()}

    moved = [small.sweeper.sweep().packs_rewritten for _ in range(2)]
    small.upload(workspace, {"again.txt": TEXT})

    assert "blob_damaged" in found
    assert moved == [0, 2]
    assert small.place_of(TEXT) != place
    assert small.files(workspace)["a.txt"] == TEXT
    assert small.problems() == []


def test_small_packs_are_in_the_other_place(worlds: Iterator[World], tmp_path: Path) -> None:
    one, other = beside_rows(next(worlds)), beside_rows(next(worlds))
    fill(one)
    assert "small" in prefixes(one)

    told = [export(one, tmp_path / "export"), bring(tmp_path / "export", other)]
    assert_same(one, other)
    other.clock.turn(LONG)
    other.sweeper.sweep()

    assert [problems for _, problems in told] == [[], []]
    assert other.problems() == []
    assert prefixes(other) == {"objects", "packs"}
