"""Small packs: bytes of objects that are rows."""

import pytest

from builders.rows import LATER, NOW, Steps, a_blob
from filemanager.domain.blobs.blob import SMALL_PACK_BYTES, Put, StoredObject

KEY, OTHER = "small/a", "small/b"
BYTES = bytes(range(256)) * 255 + bytes(SMALL_PACK_BYTES - 256 * 255)


@pytest.fixture
def put(steps: Steps) -> Put:
    """Two packs, the first as large as may be, with a blob in it."""
    put = Put(
        blobs=(a_blob("text", key=KEY, offset=300),),
        objects=((KEY, len(BYTES)), (OTHER, 3)),
        small_packs=((KEY, BYTES), (OTHER, b"\0\xff;")),
    )
    steps.database.write(lambda tx: tx.blobs.add(put, NOW))
    return put


@pytest.mark.usefixtures("put")
@pytest.mark.parametrize(
    ("start", "stop"), [(0, len(BYTES)), (0, 1), (255, 513), (len(BYTES) - 1, len(BYTES) + 9)]
)
def test_bytes_are_read_as_they_were_put(steps: Steps, start: int, stop: int) -> None:
    with steps.database.read() as tx:
        assert tx.small_packs.read(KEY, start, stop) == BYTES[start:stop]
        assert tx.small_packs.size(KEY) == len(BYTES)


def test_what_is_not_there_is_none(steps: Steps) -> None:
    with steps.database.read() as tx:
        assert tx.small_packs.read(KEY, 0, 1) is None
        assert tx.small_packs.size(KEY) is None


def test_a_transaction_that_is_run_again_brings_the_same_packs(steps: Steps, put: Put) -> None:
    steps.database.write(lambda tx: tx.blobs.add(put, LATER))

    with steps.database.read() as tx:
        assert tx.small_packs.read(OTHER, 0, 9) == b"\0\xff;"


def test_slices_of_many_are_read_together(steps: Steps, put: Put) -> None:
    (first,) = put.blobs
    second, large = a_blob("two", key=OTHER, offset=0), a_blob("large", key="packs/1")
    others = Put(blobs=(second, large), objects=(("packs/1", 100),))
    steps.database.write(lambda tx: tx.blobs.add(others, NOW))

    with steps.database.read() as tx:
        found = tx.small_packs.slices({one.digest for one in (first, second, large)})

    assert found == {(KEY, first.offset): BYTES[first.offset :][:4], (OTHER, 0): b"\0\xff;"}


@pytest.mark.usefixtures("put")
def test_they_are_listed_by_key(steps: Steps) -> None:
    with steps.database.read() as tx:
        pages = [tx.small_packs.page(after, 1) for after in ("", KEY, OTHER)]

    assert pages == [
        [StoredObject(key=KEY, size_bytes=len(BYTES), modified_at=NOW)],
        [StoredObject(key=OTHER, size_bytes=3, modified_at=NOW)],
        [],
    ]


@pytest.mark.usefixtures("put")
def test_one_is_deleted_once(steps: Steps) -> None:
    deleted = [steps.database.write(lambda tx: tx.small_packs.delete(KEY)) for _ in range(2)]

    assert deleted == [True, False]
    with steps.database.read() as tx:
        assert [pack.key for pack in tx.small_packs.page("", 9)] == [OTHER]


@pytest.mark.usefixtures("put")
def test_a_small_pack_is_to_be_moved_whatever_is_used_of_it(steps: Steps) -> None:
    with steps.database.read() as tx:
        assert tx.blobs.sparse_packs(0.0, 10) == [KEY]
