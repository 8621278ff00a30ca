"""Retention, other checksums and what is promised to the workers."""

import hashlib
from datetime import timedelta

from builders.papers import a_tarball
from filemanager.domain.bucket.drop import ANONYMOUS
from filemanager.domain.jobs.job import Lane
from filemanager.services.bucket.keeping import CHECKSUMS, EXPORT
from filemanager.services.bucket.reading import Listing
from filemanager.services.downloads import Download
from worlds.bucket import BOB, Bucket, RunByHand, terms
from worlds.stored import World


def used_bytes(world: World) -> int:
    with world.database.read() as tx:
        return tx.quotas.usage(ANONYMOUS).used_bytes


def promised(world: World) -> list[str]:
    at = world.clock()
    found = []
    while claimed := world.database.write(
        lambda tx: tx.outbox.claim(Lane.LONG, "me", at, at + timedelta(hours=1))
    ):
        found.append(claimed.kind)
    return sorted(found)


def test_drops_without_an_owner_expire_and_give_their_quota_back(world: World) -> None:
    bucket = Bucket(world, terms(keep_anonymous=timedelta(days=3)))
    bucket.send({"kept": b"123"})
    bucket.send({"a.tgz": a_tarball({"x": b"1"})}, BOB, caller=None)
    held = used_bytes(world)
    world.clock.turn(timedelta(days=3, seconds=1))

    expired = bucket.upkeep.expire()

    assert held > 0
    assert (expired, used_bytes(world)) == (1, 0)
    assert bucket.names() == ["kept"]
    assert bucket.reader.labelled("") == Listing(())


def test_nothing_expires_before_its_time(world: World) -> None:
    bucket = Bucket(world, terms(keep_anonymous=timedelta(days=3)))
    bucket.send({"a": b"1"}, caller=None)
    world.clock.turn(timedelta(days=2, hours=23))

    assert bucket.upkeep.expire() == 0
    assert bucket.names() == ["a"]


def test_bytes_of_expired_drops_are_swept_and_others_are_not(world: World) -> None:
    bucket = Bucket(world)
    bucket.send({"kept.tgz": a_tarball({"x": b"kept"})})
    bucket.send({"gone.tgz": a_tarball({"x": b"gone"})}, caller=None)
    world.clock.turn(timedelta(days=8))
    bucket.upkeep.expire()

    world.sweep_twice()

    assert len(world.digests()) == 3
    assert world.problems() == []
    found = bucket.reader.find(hashlib.sha256(b"kept").hexdigest())
    assert found.names == ("x",)


def test_the_sweeper_leaves_what_the_bucket_holds(world: World) -> None:
    bucket = Bucket(world)
    bucket.send({"a.tgz": a_tarball({"d/x": b"1"}), "b.txt": b"2"}, BOB)
    before = world.digests()

    world.sweep_twice()

    assert world.digests() == before
    assert world.problems() == []


def test_other_checksums_are_worked_out_later_and_found(world: World) -> None:
    bucket = Bucket(world, terms(also=("sha1", "sha512")))
    bucket.send({"a.tgz": a_tarball({"x": b"member"})})
    running = RunByHand()

    bucket.upkeep.work_out_checksums(running)

    assert running.settled == 1
    for algorithm in ("sha1", "sha512"):
        value = hashlib.new(algorithm, b"member").hexdigest()
        assert bucket.reader.find(value).algorithm == algorithm


def test_an_upload_promises_the_work_that_the_settings_ask_for(world: World) -> None:
    Bucket(world, terms(also=("sha1",), is_exported=True)).send({"a": b"1"})

    assert promised(world) == [CHECKSUMS, EXPORT]


def test_an_upload_promises_nothing_by_itself(world: World) -> None:
    Bucket(world).send({"a": b"1"})

    assert promised(world) == []


def test_the_store_need_not_be_a_file_system(world: World) -> None:
    bucket = Bucket(world)

    dropped = bucket.send({"a.tgz": a_tarball({"d/x": b"1"})}, BOB)[0]

    download = bucket.reader.labelled(f"{dropped.replicas[0].removeprefix('replica/')}/d/x")
    assert isinstance(download, Download)
    assert b"".join(download.stream(0, download.size_bytes)) == b"1"
    assert world.keys()
