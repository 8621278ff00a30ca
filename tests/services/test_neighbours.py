"""Contents that checks look at one after another are read once, with their neighbours."""

import random
from collections.abc import Mapping
from typing import Any, cast

import pytest

from filemanager.domain.blobs.blob import Content, StoredBlob
from filemanager.domain.blobs.store import BlobStore
from filemanager.domain.errors import BlobDamaged
from filemanager.domain.ids import Digest, digest_of
from filemanager.services.neighbours import contents_in_turn
from filemanager.storage.scratch.file import MemoryContent
from worlds.stored import World


class Asked:
    """A store, and how it was read."""

    def __init__(self, blobs: BlobStore) -> None:
        self._blobs = blobs
        self.reads: list[str] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("read"):
            self.reads.append(name)
        return getattr(self._blobs, name)


def _noise(count: int, size_bytes: int) -> dict[str, bytes]:
    return {f"{n}.bin": random.Random(n).randbytes(size_bytes) for n in range(count)}


def _in_turn(
    world: World, files: Mapping[str, bytes]
) -> tuple[Mapping[Digest, Content], Asked, list[StoredBlob]]:
    asked = Asked(world.blobs)
    blobs = [world.place_of(data) for data in files.values()]
    store = cast("BlobStore", asked)  # every method is its own
    return contents_in_turn(store, blobs), asked, blobs


@pytest.mark.parametrize("size_bytes", [1000, 20_000, 300_000])
def test_each_is_read_once_however_often_it_is_looked_at(world: World, size_bytes: int) -> None:
    files = _noise(30, size_bytes)
    world.upload(world.create(), files)

    contents, asked, _ = _in_turn(world, files)
    for data in files.values():
        content = contents[digest_of(data)]
        assert content.open().read() == content.open().read() == data
        assert content.head(100) == data[:100]
        assert (content.size_bytes, content.digest) == (size_bytes, digest_of(data))

    assert len(asked.reads) == len(files)


def test_what_lies_together_is_read_together(world: World) -> None:
    files = {f"{n}.txt": b"Number %d. " % n * 2000 for n in range(40)}
    put = world.blobs.put(MemoryContent.of(data) for data in files.values())
    asked = Asked(world.blobs)

    contents = contents_in_turn(cast("BlobStore", asked), put.blobs)  # every method is its own

    assert [contents[digest_of(data)].open().read() for data in files.values()] == [*files.values()]
    assert asked.reads == ["read_run"]


def test_large_ones_are_left_to_the_store_and_empty_ones_have_nothing_to_read(world: World) -> None:
    files = {"large.bin": bytes(1 << 20), "empty": b""}
    world.upload(world.create(), files)

    contents, asked, _ = _in_turn(world, files)

    assert {digest: content.open().read() for digest, content in contents.items()} == {
        digest_of(data): data for data in files.values()
    }
    assert asked.reads == []


def test_a_damaged_one_is_not_given_out(world: World) -> None:
    files = _noise(3, 1000)
    world.upload(world.create(), files)
    world.damage(world.place_of(files["1.bin"]))

    contents, _, _ = _in_turn(world, files)

    with pytest.raises(BlobDamaged):
        contents[digest_of(files["1.bin"])].open()
