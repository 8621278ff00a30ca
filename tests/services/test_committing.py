"""Committing: the bytes that a door brings are kept as that door asks for."""

import pytest

from filemanager.domain.blobs.blob import RAW_OBJECT_BYTES, Encoding, KeptAs, Put, StoredBlob
from filemanager.domain.errors import BlobsGone, Conflict, DatabaseUnavailable
from filemanager.domain.ids import digest_of
from filemanager.domain.ports import Transaction
from filemanager.services.committing import Committer
from filemanager.storage.scratch.file import MemoryContent
from worlds.stored import World

CONTENT = MemoryContent.of(b"says it again and again. " * RAW_OBJECT_BYTES)


def commit(world: World, keep: KeptAs) -> StoredBlob:
    """Commit the content through a door that keeps its bytes so; how they lie then."""
    committer = Committer(world.database, world.blobs, world.clock, keep)

    def work(tx: Transaction, put: Put) -> StoredBlob:
        return committer.keep(tx, put, {CONTENT.digest})[CONTENT.digest]

    return committer.commit(lambda: {CONTENT.digest: CONTENT}, work)


def test_a_door_may_keep_its_bytes_raw(world: World) -> None:
    blob = commit(world, KeptAs.RAW)

    assert (blob.encoding, blob.stored_bytes) == (Encoding.RAW, CONTENT.size_bytes)


def test_bytes_that_are_kept_already_stay_as_they_are(world: World) -> None:
    first = commit(world, KeptAs.COMPACT)

    second = commit(world, KeptAs.RAW)

    assert (first.encoding, second) == (Encoding.GZIP, first)
    assert len(list(world.blobs.objects())) == 1


@pytest.mark.parametrize("content", [CONTENT, MemoryContent.of(b"few bytes")])
def test_what_is_refused_leaves_nothing_in_the_store(world: World, content: MemoryContent) -> None:
    committer = Committer(world.database, world.blobs, world.clock, KeptAs.RAW)

    def refuse(tx: Transaction, put: Put) -> None:
        committer.keep(tx, put, {content.digest})
        raise Conflict("Somebody else was faster.")

    with pytest.raises(Conflict):
        committer.commit(lambda: {content.digest: content}, refuse)

    assert list(world.blobs.objects()) == []
    with pytest.raises(BlobsGone):
        committer.stored([content.digest])


def test_what_may_be_committed_all_the_same_stays(world: World) -> None:
    committer = Committer(world.database, world.blobs, world.clock)

    def lose_the_connection(tx: Transaction, put: Put) -> None:
        committer.keep(tx, put, {CONTENT.digest})
        raise DatabaseUnavailable

    with pytest.raises(DatabaseUnavailable):
        committer.commit(lambda: {CONTENT.digest: CONTENT}, lose_the_connection)

    assert len(list(world.blobs.objects())) == 1


def test_what_is_stored_is_read_from_where_it_lies(world: World) -> None:
    blob = commit(world, KeptAs.COMPACT)
    committer = Committer(world.database, world.blobs, world.clock)

    stored = committer.stored([blob.digest])

    with stored[blob.digest].open() as here, CONTENT.open() as there:
        assert here.read() == there.read()
    with pytest.raises(BlobsGone):
        committer.stored([blob.digest, digest_of(b"other")])
