"""Hashing what lies elsewhere: in ranges, taken up again, a few at a time for each source."""

from dataclasses import replace
from datetime import timedelta

import pytest

from filemanager.domain.ids import digest_of
from filemanager.domain.packages.hashing import SLOTS, Hashing
from filemanager.domain.packages.pointer import PointerState
from filemanager.domain.sources.errors import SourceUnavailable
from filemanager.storage.hashing import HashlibHashing, hashing_of_this_machine
from worlds.packages import CURATOR, Study, pointer_of
from worlds.stored import World

DATA = bytes(range(256)) * 40


@pytest.fixture(params=["ours", "anew"])
def hashing(request: pytest.FixtureRequest) -> Hashing:
    return hashing_of_this_machine() if request.param == "ours" else HashlibHashing()


def test_both_digests_are_worked_out(study: Study, hashing: Hashing) -> None:
    study.hashing, study.range_bytes = hashing, 1000
    study.object("a.tif", DATA)
    package = study.create()
    study.point(package.id, "a.tif")

    study.work()

    (item,) = study.items(study.edition(package.id))
    pointer = pointer_of(item)
    assert (pointer.state, pointer.sha256) == (PointerState.EXACT, digest_of(DATA))
    assert pointer.md5 == study.bucket.latest()["scans/a.tif"].etag


def test_an_object_of_no_bytes_has_digests(study: Study) -> None:
    study.object("empty.tif", b"")
    package = study.create()
    study.point(package.id, "empty.tif")

    study.work()

    (item,) = study.items(study.edition(package.id))
    assert item.sha256 == digest_of(b"")


def test_one_object_is_read_once_for_all_packages(study: Study) -> None:
    study.object("a.tif")
    for _ in range(2):
        study.point(study.create().id, "a.tif")

    study.work()
    study.point(study.create().id, "a.tif")
    study.work()

    assert [one for one in study.bucket.asked if one.startswith("read")] == ["read scans/a.tif"]


def test_what_was_interrupted_goes_on_where_it_was(study: Study, world: World) -> None:
    study.hashing, study.range_bytes = hashing_of_this_machine(), 4000
    study.object("a.tif", DATA)
    package = study.create()
    study.point(package.id, "a.tif")
    (pointer,) = (pointer_of(one) for one in study.items(study.edition(package.id)))
    half = study.hashing.begin(None)
    half.update(DATA[:4000])
    saved = half.saved()
    assert saved is not None
    world.database.write(lambda tx: tx.packages.pointers.save_hashes(pointer.id, saved))

    study.work()

    (item,) = study.items(study.edition(package.id))
    assert item.sha256 == digest_of(DATA)
    reads = [one for one in study.bucket.asked if one.startswith("read")]
    assert len(reads) == 2
    with world.database.read() as tx:
        assert tx.packages.pointers.saved_hashes(pointer.id) is None


def test_a_source_that_is_away_is_asked_again(study: Study, world: World) -> None:
    study.object("a.tif")
    package = study.create()
    study.point(package.id, "a.tif")
    study.bucket.fault = SourceUnavailable("lab")

    study.work()
    study.bucket.fault = None
    world.clock.turn(timedelta(minutes=6))
    study.work()

    (item,) = study.items(study.edition(package.id))
    assert item.sha256 == digest_of(b"bytes")


def test_no_more_than_eight_read_one_source(study: Study, world: World) -> None:
    source = study.connect("other")
    at = world.clock()

    def take() -> bool:
        until = at + timedelta(minutes=1)
        slot = world.database.write(
            lambda tx: tx.packages.pointers.take_slot(source.id, "c", at, until)
        )
        return slot is not None

    assert [take() for _ in range(SLOTS + 1)] == [True] * SLOTS + [False]


def test_a_hash_without_a_slot_waits(study: Study, world: World) -> None:
    study.object("a.tif")
    package = study.create()
    study.point(package.id, "a.tif")
    pointer = pointer_of(study.items(study.edition(package.id))[0])
    source_id = world.database.write(lambda tx: tx.sources.lock("lab")).id
    at = world.clock()
    for _ in range(SLOTS):
        world.database.write(
            lambda tx: tx.packages.pointers.take_slot(
                source_id, "other", at, at + timedelta(minutes=1)
            )
        )

    study.work()
    waiting = study.items(study.edition(package.id))[0]
    world.clock.turn(timedelta(minutes=1))
    study.work()

    assert pointer_of(waiting) == pointer
    assert study.items(study.edition(package.id))[0].sha256 == digest_of(b"bytes")


def test_pointers_go_when_no_item_has_them_any_more(study: Study, world: World) -> None:
    study.object("a.tif")
    package = study.create()
    study.point(package.id, "a.tif")
    world.clock.turn(timedelta(days=2))
    assert study.hashes.prune() == 0

    study.keeper.delete(CURATOR, package.id)
    world.sweep_twice()

    assert study.hashes.prune() == 1


def test_a_state_of_another_library_is_not_taken_up() -> None:
    hashing = hashing_of_this_machine()
    begun = hashing.begin(None)
    begun.update(b"abc")
    saved = begun.saved()
    assert saved is not None

    assert hashing.begin(replace(saved, made_by="another")).position == 0
    assert hashing.begin(replace(saved, sha256=b"short")).position == 0
    assert hashing.begin(saved).position == 3
