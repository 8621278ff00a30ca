"""Many who send the same into the bucket at once, and take it out, on every database."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from builders.papers import a_tarball
from filemanager.db.database import SqlDatabase
from filemanager.domain.bucket.drop import NotInBucket
from filemanager.services.bucket.keeping import Dropped
from filemanager.services.bucket.reading import Listing
from filemanager.storage.blobs.memory import MemoryObjects
from filemanager.storage.blobs.packing import PackingBlobStore
from people.visitors import md5
from worlds.bucket import BOB, Bucket
from worlds.stored import ALICE, TurnedClock, World

CROWD = 16
PACKED = a_tarball({f"d/{number}": b"%d" % number for number in range(10)}, "w:")


@pytest.fixture
def bucket(database: SqlDatabase, tmp_path: Path) -> Bucket:
    clock = TurnedClock()
    objects = MemoryObjects(clock)
    return Bucket(World(database, PackingBlobStore(objects), objects, clock, tmp_path))


def crowd(work: Callable[[int], object]) -> list[object]:
    with ThreadPoolExecutor(8) as threads:
        return list(threads.map(work, range(CROWD)))


def test_all_succeed_and_every_replica_has_a_name_of_its_own(bucket: Bucket) -> None:
    replicas: list[str] = []

    def send(_: int) -> None:
        dropped: Dropped = bucket.send({"d.tar": PACKED}, BOB)[0]
        replicas.extend(dropped.replicas)

    crowd(send)

    assert len(set(replicas)) == CROWD
    assert len(bucket.names()) == CROWD
    assert isinstance(bucket.reader.exploded(md5(PACKED), "d"), Listing)


def test_different_files_in_opposite_orders_do_not_wait_for_each_other(bucket: Bucket) -> None:
    files = {f"{number}.txt": b"%d" % number for number in range(6)}

    def send(number: int) -> None:
        order = sorted(files, reverse=bool(number % 2))
        bucket.send({name: files[name] for name in order}, BOB)

    crowd(send)

    assert len(bucket.names()) == 6 * CROWD


def test_sending_and_taking_out_the_same_leaves_all_or_nothing(bucket: Bucket) -> None:
    def send_or_delete(number: int) -> None:
        if number % 2:
            with suppress(NotInBucket):
                bucket.reader.delete(ALICE, md5(PACKED))
        else:
            bucket.send({"d.tar": PACKED}, BOB)

    crowd(send_or_delete)
    left = len(bucket.names())
    with suppress(NotInBucket):
        bucket.reader.delete(ALICE, md5(PACKED))

    assert left <= CROWD // 2
    assert bucket.reader.labelled("") == Listing(())
    with bucket.world.database.read() as tx:
        assert not tx.drops.explosions(None, 10)
        assert not tx.drops.blobs(None, 100)
