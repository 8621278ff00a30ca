"""Giving space back: what nobody needs goes in time, and nothing else ever does."""

import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from functools import partial
from itertools import count

import pytest

from builders.papers import a_tarball, members_of
from filemanager.domain.ids import WorkspaceId, digest_of
from filemanager.domain.trees.history import EndedBefore, Purpose
from filemanager.services.upkeep.sweep import Keeping, Swept
from filemanager.storage.scratch.file import MemoryContent
from worlds.stored import (
    ALICE,
    GRACE,
    HISTORY,
    LONG,
    START,
    Interruption,
    World,
    interrupted,
)

TEXT = b"The same bytes, sent more than once."
NOISE = random.Random(1).randbytes(5000)  # repeatable, not secret
MINUTE = timedelta(minutes=1)

Act = Callable[[World], None]


def due_row(world: World) -> None:
    """The bytes have been unused for so long that the next sweep drops their row."""
    deleted = world.create()
    world.upload(deleted, {"a.txt": TEXT})
    world.delete(deleted)
    world.clock.turn(LONG)


def due_object(world: World) -> None:
    """The row is gone, and the next sweep deletes the object."""
    due_row(world)
    world.sweeper.sweep()
    world.clock.turn(GRACE + MINUTE)


def sparse_pack(world: World) -> None:
    """The bytes lie in a pack of which the rest is due, so that the next sweep rewrites it."""
    workspace = world.create()
    together = a_tarball({"a.txt": TEXT, "b.txt": NOISE})
    world.send(workspace, "both.tar.gz", together, unpack=True)
    world.upload(workspace, {"b.txt": b"short"})
    world.clock.turn(LONG)


STATES = pytest.mark.parametrize("prepare", [due_row, due_object, sparse_pack])


def sweep(world: World) -> None:
    world.sweeper.sweep()


def upload_again(world: World) -> None:
    world.upload(world.create(), {"again.txt": TEXT})


def at_every_step(worlds: Iterator[World], prepare: Act, act: Act, meanwhile: Act) -> list[World]:
    """Do *act* in a world for each call of a port that it makes, with *meanwhile* before it."""
    seen: list[World] = []
    for at in count(1):
        world = next(worlds)
        prepare(world)
        step = Interruption(at, partial(meanwhile, world))
        act(interrupted(world, step))
        if step.calls < at:
            return seen
        seen.append(world)
    return seen


def test_what_nobody_needs_is_gone_after_two_sweeps(world: World) -> None:
    workspace = world.create()
    world.send(workspace, "a.tar.gz", a_tarball({"a.txt": TEXT, "b.txt": NOISE}), unpack=True)
    world.upload(workspace, {"a.txt": b"new", "large.bin": bytes(2 << 20)})
    world.delete_file(workspace, "large.bin")

    world.delete(workspace)
    world.sweep_twice()

    assert world.digests() == set()
    assert world.keys() == []


def test_no_history_is_shorter_than_the_grace() -> None:
    slow, quick = Purpose("slow"), Purpose("quick")
    histories = {slow: 2 * HISTORY, quick: GRACE / 2}
    keeping = Keeping(grace=GRACE, history=HISTORY, history_by_purpose=histories)

    ended = keeping.ended_before(START)

    assert ended == EndedBefore(START - HISTORY, {slow: START - 2 * HISTORY, quick: START - GRACE})


def test_a_row_goes_first_and_its_object_after_another_grace(world: World) -> None:
    due_row(world)
    keys = world.keys()

    first = world.sweeper.sweep()
    world.clock.turn(GRACE - MINUTE)
    second = world.sweeper.sweep()
    world.clock.turn(2 * MINUTE)
    third = world.sweeper.sweep()

    assert (first.blobs, first.objects) == (1, 0)
    assert (second.objects, len(keys)) == (0, 1)
    assert third == Swept(objects=1)
    assert world.keys() == []


def test_bytes_that_were_wanted_lately_are_kept_for_the_grace(world: World) -> None:
    put = world.blobs.put([MemoryContent.of(TEXT)])
    world.database.write(lambda tx: tx.blobs.add(put, world.clock()))
    world.clock.turn(GRACE)
    world.database.write(lambda tx: tx.blobs.want(world.digests(), world.clock()))

    world.clock.turn(GRACE)
    early = world.sweeper.sweep()
    world.clock.turn(MINUTE)
    late = world.sweeper.sweep()

    assert (early.blobs, late.blobs) == (0, 1)


def test_history_is_kept_for_its_time(world: World) -> None:
    workspace = world.create()
    world.upload(workspace, {"a.txt": TEXT})
    world.upload(workspace, {"a.txt": NOISE})

    world.clock.turn(HISTORY - MINUTE)
    early = world.sweeper.sweep()
    world.clock.turn(2 * MINUTE)
    late = world.sweeper.sweep()

    assert early == Swept()
    assert (late.history_rows, late.blobs) == (1, 1)
    assert world.files(workspace) == {"a.txt": NOISE}


def test_a_checkpoint_is_restored_whole_after_everything_was_swept(world: World) -> None:
    workspace = world.create()
    world.send(workspace, "a.tar.gz", a_tarball({"a.txt": TEXT, "b.txt": NOISE}), unpack=True)
    checkpoint = world.checkpoints.create(ALICE, workspace)
    world.upload(workspace, {"a.txt": b"new", "b.txt": b"new too"})
    world.sweep_twice()

    world.checkpoints.restore(ALICE, workspace, checkpoint)

    assert world.files(workspace) == {"a.txt": TEXT, "b.txt": NOISE}
    assert members_of(world.archive(workspace)) == {"a.txt": TEXT, "b.txt": NOISE}
    assert world.problems() == []


def test_what_only_a_deleted_checkpoint_held_is_swept(world: World) -> None:
    workspace = world.create()
    world.upload(workspace, {"a.txt": TEXT})
    checkpoint = world.checkpoints.create(ALICE, workspace)
    world.upload(workspace, {"a.txt": NOISE})

    world.checkpoints.delete(ALICE, workspace, checkpoint)
    world.sweep_twice()

    assert world.digests() == {digest_of(NOISE)}


@pytest.mark.parametrize("prepare", [upload_again, due_row, due_object, sparse_pack])
def test_a_dry_run_counts_what_the_sweep_then_does(world: World, prepare: Act) -> None:
    prepare(world)
    world.blobs.put([MemoryContent.of(b"left by a crash")])
    world.clock.turn(GRACE + MINUTE)
    before = world.keys(), world.digests()

    foreseen = world.sweeper.dry_run()
    unchanged = world.keys(), world.digests()
    done = world.sweeper.sweep()

    assert foreseen == done
    assert unchanged == before
    assert done.unnamed_objects == 1


@STATES
def test_bytes_that_are_sent_again_during_a_sweep_are_whole(
    worlds: Iterator[World], prepare: Act
) -> None:
    seen = at_every_step(worlds, prepare, act=sweep, meanwhile=upload_again)

    assert len(seen) > 3
    for world in seen:
        assert_kept(world)


@STATES
def test_bytes_are_whole_that_are_sent_again_with_a_sweep_in_between(
    worlds: Iterator[World], prepare: Act
) -> None:
    seen = at_every_step(worlds, prepare, act=upload_again, meanwhile=sweep)

    assert len(seen) > 3
    for world in seen:
        assert_kept(world)


def assert_kept(world: World) -> None:
    """Now, and after everything that is due was swept."""
    for _ in range(2):
        with world.database.read() as tx:
            newest = WorkspaceId(tx.rows.count("workspaces"))
        assert world.files(newest) == {"again.txt": TEXT}
        assert world.problems() == []
        world.sweep_twice()


class _Killed(Exception):
    """The process ends here."""


@STATES
def test_a_sweep_that_is_killed_anywhere_is_made_good_by_the_next(
    worlds: Iterator[World], prepare: Act
) -> None:
    def kill(_world: World) -> None:
        raise _Killed

    def sweep_until_killed(world: World) -> None:
        with suppress(_Killed):
            world.sweeper.sweep()

    for world in at_every_step(worlds, prepare, act=sweep_until_killed, meanwhile=kill):
        assert world.problems() == []
        world.sweep_twice()
        assert world.problems() == []
        assert set(world.keys()) == used_keys(world)


def used_keys(world: World) -> set[str]:
    with world.database.read() as tx:
        return {blob.object_key for blob in tx.blobs.by_object()}


def test_a_reader_finishes_though_its_pack_is_rewritten(world: World) -> None:
    sparse_pack(world)
    place = world.place_of(TEXT)

    swept = world.sweeper.sweep()

    moved = world.place_of(TEXT)
    assert swept.packs_rewritten == 1
    assert moved.object_key != place.object_key
    assert b"".join(world.blobs.read(place)) == b"".join(world.blobs.read(moved)) == TEXT


def test_a_damaged_blob_does_not_keep_the_others_of_its_pack(world: World) -> None:
    workspace = world.create()
    files = {"a.txt": TEXT, "b.txt": b"These will be damaged.", "c.txt": NOISE}
    world.send(workspace, "all.tar.gz", a_tarball(files), unpack=True)
    world.upload(workspace, {"c.txt": b"short"})
    place = world.place_of(files["b.txt"])
    world.damage(place)
    world.clock.turn(LONG)

    swept = [world.sweeper.sweep().packs_rewritten for _ in range(3)]

    with world.database.read() as tx:
        assert tx.blobs.quarantined() == [place.digest]
    assert swept == [0, 1, 0]
    assert world.place_of(TEXT).object_key != place.object_key
    assert world.place_of(files["b.txt"]) == place


def test_what_a_crash_left_in_the_store_is_deleted_after_the_grace(world: World) -> None:
    world.upload(world.create(), {"a.txt": TEXT})
    named = world.keys()
    world.blobs.put([MemoryContent.of(NOISE)])

    world.clock.turn(GRACE - MINUTE)
    early = world.sweeper.sweep()
    world.clock.turn(2 * MINUTE)
    late = world.sweeper.sweep()

    assert (early.unnamed_objects, late.unnamed_objects) == (0, 1)
    assert world.keys() == named


def test_a_new_database_does_not_empty_an_older_store(world: World) -> None:
    world.blobs.put([MemoryContent.of(TEXT)])
    keys = world.keys()
    world.clock.turn(LONG)
    alone = world.sweeper.sweep()
    world.create()
    world.clock.turn(LONG)

    beside_a_workspace = world.sweeper.sweep()

    assert (alone, beside_a_workspace) == (Swept(), Swept())
    assert world.keys() == keys
