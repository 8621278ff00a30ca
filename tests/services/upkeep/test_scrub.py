"""Scrubbing: at a bounded rate, from where it stopped, and without blaming the innocent."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from filemanager.domain.blobs.blob import StoredBlob
from filemanager.domain.errors import StoreUnavailable
from filemanager.domain.ids import Digest, digest_of
from filemanager.services.upkeep.integrity import Pace, unhurried
from filemanager.services.upkeep.scrub import Scrubbed, Scrubber, Throttle
from filemanager.storage.scratch.file import MemoryContent
from worlds.stored import Heard, Interruption, World, interrupted

FILES = {f"{number}.txt": b"Text number %d. " % number * 50 for number in range(5)}
LARGE = 40 << 20
"""Two of these are not read without noting the place between them."""


@pytest.fixture
def filled(world: World) -> World:
    world.upload(world.create(), FILES)
    return world


def scrub(world: World, pace: Pace = unhurried) -> tuple[Scrubbed, Heard]:
    heard = Heard()
    scrubber = Scrubber(world.database, world.blobs, world.clock, pace, heard)
    return scrubber.scrub(), heard


def quarantined(world: World) -> list[Digest]:
    with world.database.read() as tx:
        return list(tx.blobs.quarantined())


def test_a_sound_store_is_read_whole(filled: World) -> None:
    scrubbed, heard = scrub(filled)

    assert scrubbed == Scrubbed(blobs=5, size_bytes=sum(map(len, FILES.values())))
    assert heard.problems == []


def test_damage_is_told_and_quarantined_and_the_rest_is_read(filled: World) -> None:
    damaged = filled.place_of(FILES["2.txt"])
    filled.damage(damaged)

    scrubbed, heard = scrub(filled)

    assert (scrubbed.blobs, scrubbed.damaged) == (5, 1)
    assert [(one.code, one.subject) for one in heard.problems] == [("blob_damaged", damaged.digest)]
    assert quarantined(filled) == [damaged.digest]


def test_a_wrong_sha256_behind_a_right_crc32_is_damage(filled: World) -> None:
    put = filled.blobs.put([replace(MemoryContent.of(b"wrong"), digest=digest_of(b"right"))])
    filled.database.write(lambda tx: tx.blobs.add(put, filled.clock()))

    scrub(filled)

    assert quarantined(filled) == [digest_of(b"right")]


def test_a_missing_object_is_damage(filled: World) -> None:
    lost = filled.place_of(FILES["0.txt"])
    filled.objects.delete(lost.object_key)

    scrub(filled)

    assert quarantined(filled) == [lost.digest]


def test_uploading_the_bytes_again_heals(filled: World) -> None:
    filled.damage(filled.place_of(FILES["2.txt"]))
    scrub(filled)

    filled.upload(filled.create(), {"2.txt": FILES["2.txt"]})

    assert quarantined(filled) == []
    assert scrub(filled)[1].problems == []


def test_putting_the_bytes_again_heals(filled: World) -> None:
    filled.damage(filled.place_of(FILES["2.txt"]))
    scrub(filled)

    put = filled.blobs.put([MemoryContent.of(FILES["2.txt"])])
    filled.database.write(lambda tx: tx.blobs.add(put, filled.clock()))

    assert quarantined(filled) == []
    assert scrub(filled)[0].damaged == 0
    assert filled.problems() == []


def test_an_object_that_came_back_leaves_quarantine(filled: World) -> None:
    lost = filled.place_of(FILES["0.txt"])
    data = b"".join(filled.objects.read(lost.object_key, 0, 1 << 30))
    filled.objects.delete(lost.object_key)
    scrub(filled)
    filled.objects.write(lost.object_key, [data])

    scrubbed, _ = scrub(filled)

    assert (scrubbed.damaged, scrubbed.healed) == (0, 1)
    assert quarantined(filled) == []


class _Stopped(Exception):
    """The process ends here."""


def test_a_run_that_was_stopped_is_gone_on_with_and_the_next_begins_anew(world: World) -> None:
    world.upload(world.create(), {f"{n}.bin": bytes([n]) * LARGE for n in range(3)})
    chunks = Interruption(LARGE * 2 // (1 << 20) + 1, _stop)

    with pytest.raises(_Stopped):
        scrub(world, lambda _size: chunks())
    rest, _ = scrub(world)
    anew, _ = scrub(world)

    assert rest.blobs == 1
    assert anew.blobs == 3


def _stop() -> None:
    raise _Stopped


def test_a_store_that_does_not_answer_puts_nothing_in_quarantine(filled: World) -> None:
    with pytest.raises(StoreUnavailable):
        scrub(replace(filled, blobs=_Unreachable()))  # type: ignore[arg-type]  # reading is all

    assert quarantined(filled) == []


class _Unreachable:
    def read(self, _blob: StoredBlob) -> Iterator[bytes]:
        raise StoreUnavailable


def test_a_blob_that_was_healed_while_it_was_read_is_not_blamed(filled: World) -> None:
    """The row is looked at again before the verdict."""
    (digest, *_) = sorted(filled.digests())
    data = next(data for data in FILES.values() if digest_of(data) == digest)
    filled.damage(filled.place_of(data))

    def heal() -> None:
        filled.database.write(lambda tx: tx.blobs.quarantine(digest, filled.clock()))
        put = filled.blobs.put([MemoryContent.of(data)])
        filled.database.write(lambda tx: tx.blobs.add(put, filled.clock()))

    # The page, the quarantined, the first blob: then comes the second look.
    scrubbed, _ = scrub(interrupted(filled, Interruption(4, heal)))

    assert scrubbed.damaged == 0
    assert quarantined(filled) == []


def test_a_blob_that_was_swept_while_it_was_read_is_not_blamed(world: World) -> None:
    put = world.blobs.put([MemoryContent.of(b"unused")])
    world.database.write(lambda tx: tx.blobs.add(put, world.clock()))
    world.objects.delete(put.objects[0][0])
    later = world.clock.now.replace(year=2030)

    def drop() -> None:
        world.database.write(lambda tx: tx.blobs.drop(world.digests(), later))

    scrubbed, heard = scrub(interrupted(world, Interruption(4, drop)))

    assert (scrubbed.damaged, heard.problems) == (0, [])


def test_reading_waits_for_the_rate_and_makes_up_for_nothing() -> None:
    now = [100.0]
    waited: list[float] = []

    def pause(seconds: float) -> None:
        waited.append(seconds)
        now[0] += seconds

    throttle = Throttle(1000.0, lambda: now[0], pause)
    throttle(500)
    now[0] += 0.2
    throttle(200)
    now[0] += 5.0
    throttle(100)

    assert waited == pytest.approx([0.5, 0.2, 0.1])
