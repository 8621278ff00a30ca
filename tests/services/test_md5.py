"""What is known of blobs besides their bytes: from the way in, or worked out once."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import cast

import pytest

from filemanager.domain.blobs.blob import Content, StoredBlob
from filemanager.domain.blobs.store import BlobStore
from filemanager.domain.ids import Digest, digest_of
from filemanager.domain.intake.scratch import MD5_BYTES
from filemanager.services.committing import Committer
from filemanager.services.facts import HEAD_BYTES, FactService
from filemanager.storage.scratch.space import DiskScratchSpace
from worlds.stored import World


def md5_of(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def spooled(world: World, data: bytes, *, needs_md5: bool = False, step: int = 1 << 20) -> Content:
    """Nothing of it in memory, written so many bytes at a time."""
    space = DiskScratchSpace(world.directory, 1 << 30, memory_bytes=0)
    with space.open() as scratch:
        writer = scratch.writer(needs_md5=needs_md5)
        for start in range(0, len(data), step):
            writer.write(memoryview(data)[start : start + step])
        return writer.finish()


@pytest.mark.parametrize("step", [1000, 200_000, 1 << 20, 3_000_000])
def test_the_md5_of_what_is_spooled_is_known(world: World, step: int) -> None:
    data = bytes(range(256)) * 20_000

    assert spooled(world, data, step=step).md5 == md5_of(data)


def test_beyond_its_bound_it_is_known_where_it_is_needed(world: World) -> None:
    just, over = bytes(MD5_BYTES), bytes(MD5_BYTES + 1)

    assert spooled(world, just).md5 == md5_of(just)
    assert spooled(world, over).md5 is None
    assert spooled(world, over, needs_md5=True).md5 == md5_of(over)


@dataclass(slots=True)
class CountingStore:
    """Tells which blobs were read."""

    store: BlobStore
    reads: list[Digest] = field(default_factory=list)
    read_bytes: int = 0

    def read(self, blob: StoredBlob, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        self.reads.append(blob.digest)
        self.read_bytes += (blob.size_bytes if stop is None else stop) - start
        return self.store.read(blob, start, stop)


def test_the_md5_of_a_file_that_came_is_never_read_for(world: World) -> None:
    data = b"hello"
    world.upload(world.create(), {"a.txt": data})
    store = CountingStore(world.blobs)

    found = FactService(world.database, cast("BlobStore", store), lambda _: "").md5(digest_of(data))

    assert (found, store.reads) == (md5_of(data), [])


def test_an_md5_that_is_unknown_is_worked_out_once_and_kept(world: World) -> None:
    data = b"kept from before"
    stored = world.blobs.put([_content(world, data)])
    blobs = tuple(replace(blob, md5=None) for blob in stored.blobs)
    committer = Committer(world.database, world.blobs, world.clock)
    put = replace(stored, blobs=blobs)
    world.database.write(lambda tx: committer.keep(tx, put, {digest_of(data)}))
    store = CountingStore(world.blobs)
    facts = FactService(world.database, cast("BlobStore", store), lambda head: head.decode())

    found = [facts.md5(digest_of(data)) for _ in range(2)]

    assert (found, store.reads) == ([md5_of(data)] * 2, [digest_of(data)])
    later = FactService(world.database, world.blobs, lambda head: head.decode())
    (one,) = later.of([digest_of(data)]).values()
    assert (one.md5, one.media_type) == (md5_of(data), "kept from before")


def test_no_list_reads_a_large_file_for_its_md5(world: World) -> None:
    data = bytes(MD5_BYTES + 1)
    with DiskScratchSpace(world.directory, 1 << 30).open() as scratch:
        content = scratch.write(data)
        put = world.blobs.put([content])
        committer = Committer(world.database, world.blobs, world.clock)
        world.database.write(lambda tx: committer.keep(tx, put, {content.digest}))
    store = CountingStore(world.blobs)
    facts = FactService(world.database, cast("BlobStore", store), lambda _: "image/fits")

    listed = [facts.of([content.digest])[content.digest] for _ in range(2)]
    read_bytes = store.read_bytes
    asked = facts.md5(content.digest)

    assert {(one.md5, one.media_type) for one in listed} == {(None, "image/fits")}
    assert read_bytes == HEAD_BYTES
    assert facts.of([content.digest])[content.digest].md5 == asked == md5_of(data)


def _content(world: World, data: bytes) -> Content:
    with DiskScratchSpace(world.directory, 1 << 30).open() as scratch:
        return scratch.write(data)
