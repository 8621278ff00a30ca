"""How many files the bucket takes: at once, and of those who send no token."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from builders.papers import a_tarball
from filemanager.domain.bucket.drop import (
    ANONYMOUS,
    ANONYMOUS_DROPS,
    TooManyAnonymousDrops,
    TooManyDrops,
)
from filemanager.domain.quotas import Subject, owner_subject
from worlds.bucket import Bucket, terms
from worlds.stored import ALICE, LONG, World


def files(count: int) -> dict[str, bytes]:
    return {f"{number}": b"x" for number in range(count)}


def used(world: World, subject: Subject) -> int:
    with world.database.read() as tx:
        return tx.quotas.usage(subject).used_bytes


def test_so_many_files_come_at_once_and_no_more(world: World) -> None:
    bucket = Bucket(world, terms(form_drops=3))

    with pytest.raises(TooManyDrops, match=r"More than 3 files .* .BUCKET_MAX_FORM_DROPS"):
        bucket.send(files(4))

    assert bucket.names() == []
    assert len(bucket.send(files(3))) == 3


def test_a_stranger_sends_a_thousand_at_once() -> None:
    assert terms().drops_at_once(ALICE) == 20_000
    assert terms().drops_at_once(None) == 1000
    assert terms(form_drops=30).drops_at_once(None) == 30


def test_strangers_together_have_so_many_drops_and_no_more(world: World) -> None:
    bucket = Bucket(world, terms(anonymous_drops=3))
    bucket.send(files(2), caller=None)

    with pytest.raises(TooManyAnonymousDrops, match="BUCKET_ANONYMOUS_DROPS"):
        bucket.send(files(2), caller=None)
    bucket.send(files(1), caller=None)
    bucket.send(files(2))

    assert used(world, ANONYMOUS_DROPS) == 3
    assert world.problems() == []


def test_drops_that_expired_make_room_for_others(world: World) -> None:
    bucket = Bucket(world, terms(anonymous_drops=1))
    bucket.send(files(1), caller=None)
    world.clock.turn(LONG)

    bucket.upkeep.expire()

    assert (used(world, ANONYMOUS_DROPS), used(world, ANONYMOUS)) == (0, 0)
    bucket.send(files(1), caller=None)


def test_drops_that_many_strangers_send_at_once_are_counted_exactly(world: World) -> None:
    bucket = Bucket(world, terms(anonymous_drops=5))

    def send(number: int) -> bool:
        try:
            bucket.send({str(number): b"x"}, caller=None)
        except TooManyAnonymousDrops:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(send, range(8))) == 5


def test_each_stage_of_a_drop_is_charged_the_least(world: World) -> None:
    Bucket(world).send({"a.tgz": a_tarball({"x": b"1", "y": bytes(5000)})})

    # The file, the archive that was in it, and the two files of that.
    charged = used(world, owner_subject(ALICE.owner))
    assert charged == 4096 + 10_240 + 4096 + 5000
    assert world.problems() == []
