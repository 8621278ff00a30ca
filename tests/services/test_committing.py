"""Committing: the bytes that a door brings are kept as that door asks for."""

from collections.abc import Mapping

import pytest

from filemanager.domain.blobs.blob import (
    RAW_OBJECT_BYTES,
    Content,
    Encoding,
    KeptAs,
    Put,
    StoredBlob,
)
from filemanager.domain.errors import BlobsGone, Conflict, DatabaseUnavailable, StoreUnavailable
from filemanager.domain.ids import Digest, digest_of
from filemanager.domain.ports import Transaction
from filemanager.domain.trees.tree import Alteration, Altered, TreeChange
from filemanager.services.committing import NO_BYTES, Committer
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


def test_bytes_that_another_kept_meanwhile_stay_as_he_put_them(world: World) -> None:
    committer = Committer(world.database, world.blobs, world.clock, KeptAs.RAW)
    asked: list[StoredBlob | None] = []

    def contents() -> Mapping[Digest, Content]:
        asked.append(commit(world, KeptAs.COMPACT) if asked else None)
        return {CONTENT.digest: CONTENT}

    def work(tx: Transaction, put: Put) -> StoredBlob:
        return committer.keep(tx, put, {CONTENT.digest})[CONTENT.digest]

    kept = committer.commit(contents, work)

    assert (kept.encoding, kept) == (Encoding.GZIP, asked[1])


def test_the_bytes_before_and_after_an_alteration_are_held(world: World) -> None:
    committer = Committer(world.database, world.blobs, world.clock)
    before, after = digest_of(b"before"), digest_of(b"after")
    altered = Altered(
        alteration=Alteration.REWRITTEN,
        code="carriage_returns",
        before="a.tex",
        after="a.tex",
        before_digest=before,
        after_digest=after,
    )
    change = TreeChange(altered=(altered,))

    with pytest.raises(BlobsGone) as gone:
        world.database.write(lambda tx: committer.kept(tx, NO_BYTES, change))

    assert gone.value.digests == {before, after}


def test_bytes_that_are_swept_again_and_again_are_given_up(world: World) -> None:
    committer = Committer(world.database, world.blobs, world.clock)
    puts: list[Put] = []

    def work(_: Transaction, put: Put) -> None:
        puts.append(put)
        raise BlobsGone(frozenset([CONTENT.digest]))

    with pytest.raises(StoreUnavailable):
        committer.commit(lambda: {CONTENT.digest: CONTENT}, work)

    assert [len(put.blobs) for put in puts] == [1, 2, 3, 4, 5, 6, 7, 8]
