"""What every blob store promises, whatever keeps its objects."""

import gzip
import random
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from filemanager.domain.blobs.blob import (
    CHUNK_BYTES,
    LARGE_BLOB_BYTES,
    RAW_OBJECT_BYTES,
    Content,
    Encoding,
    KeptAs,
    StoredBlob,
)
from filemanager.domain.blobs.store import BlobStore
from filemanager.domain.errors import BlobDamaged, StoreUnavailable
from filemanager.domain.ids import digest_of
from filemanager.storage.blobs.filesystem import FileSystemObjects
from filemanager.storage.blobs.memory import MemoryObjects
from filemanager.storage.blobs.objects import Objects
from filemanager.storage.blobs.packing import PackingBlobStore
from filemanager.storage.blobs.s3 import S3Objects
from filemanager.storage.s3.client import S3Access, s3_client
from filemanager.storage.scratch.file import MemoryContent
from servers.radosgw import Gateway

MEBIBYTE = 1 << 20
SENTENCE = b"A line of text that says little, and says it again and again. "


@dataclass(frozen=True, slots=True)
class Kept:
    """A store under test, and a hand that reaches behind it."""

    objects: Objects
    blobs: BlobStore

    def overwrite(self, key: str, change: Callable[[bytes], bytes]) -> None:
        size_bytes = self.objects.size(key)
        assert size_bytes is not None
        changed = change(b"".join(self.objects.read(key, 0, size_bytes)))
        self.objects.delete(key)
        self.objects.write(key, [changed])


@pytest.fixture(params=["memory", "filesystem", pytest.param("s3", marks=pytest.mark.s3)])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Kept:
    objects: Objects
    match request.param:
        case "memory":
            objects = MemoryObjects()
        case "filesystem":
            objects = FileSystemObjects(tmp_path)
        case _:
            gateway = request.getfixturevalue("s3_gateway")
            access = S3Access(
                endpoint_url=gateway.endpoint_url,
                access_key=gateway.access_key,
                secret_key=gateway.secret_key,
            )
            objects = S3Objects(s3_client(access), gateway.new_bucket(), prefix="shared/")
    return Kept(objects, PackingBlobStore(objects))


def text(size_bytes: int) -> bytes:
    return (SENTENCE * (size_bytes // len(SENTENCE) + 1))[:size_bytes]


def noise(size_bytes: int) -> bytes:
    return random.Random(size_bytes).randbytes(size_bytes)  # repeatable, not secret


def put_one(blobs: BlobStore, data: bytes) -> StoredBlob:
    (blob,) = blobs.put([MemoryContent.of(data)]).blobs
    return blob


def stored(blobs: BlobStore, blob: StoredBlob) -> bytes:
    return b"".join(blobs.read_stored(blob, 0, blob.stored_bytes))


def flipped(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


@pytest.mark.parametrize("make", [text, noise])
@pytest.mark.parametrize("size_bytes", [0, 1, 100, 5_000, 70_000, MEBIBYTE - 1, MEBIBYTE, 20 << 20])
def test_what_was_put_is_read(kept: Kept, make: Callable[[int], bytes], size_bytes: int) -> None:
    data = make(size_bytes)

    blob = put_one(kept.blobs, data)
    chunks = list(kept.blobs.read(blob))

    assert b"".join(chunks) == data
    assert all(0 < len(chunk) <= CHUNK_BYTES for chunk in chunks)
    assert blob.digest == digest_of(data)
    assert blob.size_bytes == size_bytes


@pytest.mark.parametrize("size_bytes", [5_000, 3 * MEBIBYTE])
def test_text_is_stored_as_a_gzip_file(kept: Kept, size_bytes: int) -> None:
    blob = put_one(kept.blobs, text(size_bytes))

    assert blob.encoding is Encoding.GZIP
    assert blob.encoder in ("isal-1", "isal-3")
    assert gzip.decompress(stored(kept.blobs, blob)) == text(size_bytes)


@pytest.mark.parametrize("size_bytes", [1, 5_000, 3 * MEBIBYTE])
def test_noise_is_stored_as_it_is(kept: Kept, size_bytes: int) -> None:
    blob = put_one(kept.blobs, noise(size_bytes))

    assert (blob.encoding, blob.encoder) == (Encoding.RAW, "")
    assert stored(kept.blobs, blob) == noise(size_bytes)


def test_an_empty_blob_has_no_bytes_anywhere(kept: Kept) -> None:
    put = kept.blobs.put([MemoryContent.of(b"")])

    (blob,) = put.blobs
    assert (blob.object_key, blob.offset, blob.stored_bytes) == ("", 0, 0)
    assert put.objects == ()
    assert list(kept.blobs.read(blob)) == list(kept.blobs.read_stored(blob, 0, 0)) == []
    assert kept.blobs.content(blob).open().read() == b""


@pytest.mark.parametrize("make", [text, noise])
@pytest.mark.parametrize("size_bytes", [5_000, 3 * MEBIBYTE])
def test_any_range_is_read(kept: Kept, make: Callable[[int], bytes], size_bytes: int) -> None:
    data = make(size_bytes)
    blob = put_one(kept.blobs, data)
    ends = [0, 1, 4_999, 5_000, MEBIBYTE, MEBIBYTE + 1, size_bytes, size_bytes + 9]

    for start in ends:
        for stop in ends:
            assert b"".join(kept.blobs.read(blob, start, stop)) == data[start:stop]


@pytest.mark.parametrize("make", [text, noise])
def test_any_range_of_the_stored_bytes_is_read(kept: Kept, make: Callable[[int], bytes]) -> None:
    put_one(kept.blobs, b"other")
    blob = put_one(kept.blobs, make(100_000))
    whole = stored(kept.blobs, blob)

    body = b"".join(kept.blobs.read_stored(blob, 10, blob.stored_bytes - 10))

    assert body == whole[10:-10]


def test_small_blobs_of_one_put_share_a_pack(kept: Kept) -> None:
    contents = [MemoryContent.of(noise(size)) for size in range(1, 2_000, 50)]

    put = kept.blobs.put(contents)

    ((key, size_bytes),) = put.objects
    assert key.startswith("packs/")
    assert kept.blobs.object_size(key) == size_bytes
    assert [blob.digest for blob in put.blobs] == [content.digest for content in contents]
    assert all(stored(kept.blobs, b) == c.data for b, c in zip(put.blobs, contents, strict=True))


def test_a_large_blob_is_an_object_of_its_own(kept: Kept) -> None:
    large, small = noise(LARGE_BLOB_BYTES), noise(LARGE_BLOB_BYTES - 1)

    put = kept.blobs.put([MemoryContent.of(large), MemoryContent.of(small)])

    blob = put.blobs[0]
    assert blob.object_key.startswith("objects/")
    assert (blob.offset, blob.stored_bytes) == (0, LARGE_BLOB_BYTES)
    assert put.blobs[1].object_key.startswith("packs/")


@pytest.mark.parametrize("size_bytes", [RAW_OBJECT_BYTES, LARGE_BLOB_BYTES, 20 << 20])
def test_what_is_kept_raw_is_an_object_of_the_same_bytes(kept: Kept, size_bytes: int) -> None:
    put = kept.blobs.put([MemoryContent.of(text(size_bytes))], KeptAs.RAW)

    (blob,) = put.blobs
    assert (blob.encoding, blob.encoder, blob.offset) == (Encoding.RAW, "", 0)
    assert put.objects == ((blob.object_key, size_bytes),)
    assert blob.object_key.startswith("objects/")
    assert b"".join(kept.blobs.read_object(blob.object_key) or ()) == text(size_bytes)


def test_small_ones_that_are_kept_raw_share_a_pack(kept: Kept) -> None:
    sizes = (0, 100, RAW_OBJECT_BYTES, RAW_OBJECT_BYTES - 1)

    put = kept.blobs.put([MemoryContent.of(text(size)) for size in sizes], KeptAs.RAW)

    assert [key.partition("/")[0] for key, _ in put.objects] == ["objects", "packs"]
    assert {blob.encoding for blob in put.blobs} == {Encoding.RAW}
    assert [b"".join(kept.blobs.read(blob)) for blob in put.blobs] == [*map(text, sizes)]


def test_a_digest_is_written_once(kept: Kept) -> None:
    put = kept.blobs.put([MemoryContent.of(noise(5_000)) for _ in range(3)])

    assert [blob.size_bytes for blob in put.blobs] == [5_000]
    assert [size for _, size in put.objects] == [5_000]


def test_a_pack_rolls_before_its_limit(kept: Kept) -> None:
    blobs = PackingBlobStore(kept.objects, pack_bytes=10_000)
    contents = [MemoryContent.of(noise(4_000 + index)) for index in range(5)]

    put = blobs.put(contents)

    assert [size for _, size in put.objects] == [8_001, 8_005, 4_004]
    assert [b"".join(blobs.read(blob)) for blob in put.blobs] == [c.data for c in contents]


def test_every_object_is_listed_in_key_order(kept: Kept) -> None:
    keys = [key for size in (100, 2 * MEBIBYTE, 200) for key, _ in put_of(kept, size)]

    listed = list(kept.blobs.objects())

    assert [found.key for found in listed] == sorted(keys)
    assert {found.size_bytes for found in listed} == {100, 2 * MEBIBYTE, 200}
    assert all(abs(found.modified_at - datetime.now(UTC)) < timedelta(days=1) for found in listed)


def put_of(kept: Kept, size_bytes: int) -> tuple[tuple[str, int], ...]:
    return kept.blobs.put([MemoryContent.of(noise(size_bytes))]).objects


def test_an_unused_store_lists_nothing(kept: Kept) -> None:
    kept.blobs.check()

    assert list(kept.blobs.objects()) == []


def test_a_deleted_object_is_gone(kept: Kept) -> None:
    blob, other = put_one(kept.blobs, b"first"), put_one(kept.blobs, b"second")

    kept.blobs.delete(blob.object_key)
    kept.blobs.delete(blob.object_key)

    assert kept.blobs.object_size(blob.object_key) is None
    assert [found.key for found in kept.blobs.objects()] == [other.object_key]
    with pytest.raises(BlobDamaged):
        list(kept.blobs.read(blob))


@pytest.mark.parametrize("make", [text, noise])
@pytest.mark.parametrize("size_bytes", [1_000, 3 * MEBIBYTE])
@pytest.mark.parametrize("change", [flipped, lambda data: data[:-1], lambda _: b""])
def test_a_damaged_blob_is_never_given_out_whole(
    kept: Kept,
    make: Callable[[int], bytes],
    size_bytes: int,
    change: Callable[[bytes], bytes],
) -> None:
    blob = put_one(kept.blobs, make(size_bytes))
    kept.overwrite(blob.object_key, change)

    assert given_before_damage(kept.blobs.read(blob)) < blob.size_bytes
    all_stored = kept.blobs.read_stored(blob, 0, blob.stored_bytes)
    assert given_before_damage(all_stored) < blob.stored_bytes


def given_before_damage(chunks: Iterator[bytes]) -> int:
    given: list[bytes] = []
    with pytest.raises(BlobDamaged):
        given.extend(chunks)
    return sum(map(len, given))


@pytest.mark.parametrize("make", [text, noise])
def test_a_range_that_is_not_there_is_damage(kept: Kept, make: Callable[[int], bytes]) -> None:
    blob = put_one(kept.blobs, make(3 * MEBIBYTE))
    kept.overwrite(blob.object_key, lambda data: data[: len(data) // 2])

    with pytest.raises(BlobDamaged):
        list(kept.blobs.read(blob, 3 * MEBIBYTE - 10, 3 * MEBIBYTE))


@pytest.mark.parametrize("make", [text, noise])
@pytest.mark.parametrize("size_bytes", [0, 5_000, 3 * MEBIBYTE + 5])
def test_a_blob_is_a_content(kept: Kept, make: Callable[[int], bytes], size_bytes: int) -> None:
    data = make(size_bytes)
    expected = MemoryContent.of(data)

    content = kept.blobs.content(put_one(kept.blobs, data))

    assert (content.size_bytes, content.digest) == (size_bytes, expected.digest)
    assert content.crc32 == expected.crc32
    assert content.head(100) == data[:100]
    assert_seekable(content, data)


def assert_seekable(content: Content, data: bytes) -> None:
    with content.open() as reader:
        assert reader.read() == data
        for position in (len(data) // 2, 7, len(data) + 3, 0):
            assert reader.seek(position) == position
            assert reader.read(10) == data[position : position + 10]
        reader.seek(-5 if data else 0, 2)
        assert reader.read() == data[-5:]


@pytest.mark.parametrize("make", [text, noise])
def test_reading_on_after_damage_gives_nothing(kept: Kept, make: Callable[[int], bytes]) -> None:
    blob = put_one(kept.blobs, make(3 * MEBIBYTE))
    kept.overwrite(blob.object_key, flipped)

    with kept.blobs.content(blob).open() as reader:
        with pytest.raises(BlobDamaged):
            reader.read()
        with pytest.raises(StoreUnavailable):
            reader.read()
        reader.seek(0)
        with pytest.raises(BlobDamaged):
            reader.read()


def test_a_content_of_one_object_can_be_put_again(kept: Kept) -> None:
    old = put_one(kept.blobs, text(3 * MEBIBYTE))

    (new,) = kept.blobs.put([kept.blobs.content(old)]).blobs

    assert new.object_key != old.object_key
    assert (new.stored_crc32, new.stored_bytes) == (old.stored_crc32, old.stored_bytes)


@pytest.mark.parametrize("size_bytes", [5_000, 3 * MEBIBYTE])
def test_bytes_that_are_not_the_content_are_not_stored_as_it(kept: Kept, size_bytes: int) -> None:
    honest = MemoryContent.of(noise(size_bytes))
    wrong = MemoryContent(flipped(honest.data), honest.digest, honest.crc32)

    for keep in KeptAs:
        with pytest.raises(BlobDamaged):
            kept.blobs.put([wrong], keep)


def gone_directory(tmp_path: Path) -> Objects:
    return FileSystemObjects(tmp_path / "gone")


def closed_port(_tmp_path: Path) -> Objects:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    access = S3Access(endpoint_url=url, access_key="a", secret_key="b", attempts=1)
    return S3Objects(s3_client(access), "bucket")


@pytest.mark.parametrize("down", [gone_directory, closed_port])
def test_a_store_that_is_down_says_so(down: Callable[[Path], Objects], tmp_path: Path) -> None:
    blobs = PackingBlobStore(down(tmp_path))
    blob = put_one(PackingBlobStore(MemoryObjects()), b"kept elsewhere")
    asks: list[Callable[[], object]] = [
        blobs.check,
        lambda: blobs.put([MemoryContent.of(b"new")]),
        lambda: list(blobs.read(blob)),
        lambda: list(blobs.objects()),
        lambda: blobs.object_size(blob.object_key),
        lambda: blobs.delete(blob.object_key),
    ]

    for ask in asks:
        with pytest.raises(StoreUnavailable):
            ask()


@pytest.mark.s3
def test_a_bucket_that_does_not_exist_is_a_store_that_is_down(
    request: pytest.FixtureRequest,
) -> None:
    gateway = request.getfixturevalue("s3_gateway")
    access = S3Access(
        endpoint_url=gateway.endpoint_url,
        access_key=gateway.access_key,
        secret_key=gateway.secret_key,
    )
    blobs = PackingBlobStore(S3Objects(s3_client(access), f"none-{uuid4().hex}"))
    blob = put_one(PackingBlobStore(MemoryObjects()), b"kept elsewhere")

    with pytest.raises(StoreUnavailable):
        list(blobs.read(blob))
    with pytest.raises(StoreUnavailable):
        blobs.object_size(blob.object_key)


def test_a_copy_is_the_same_stored_bytes_in_one_new_pack(kept: Kept) -> None:
    contents = [MemoryContent.of(data) for data in (text(5_000), noise(700), text(90_000))]
    old = kept.blobs.put(contents).blobs

    put = kept.blobs.copy(reversed(old))

    ((key, size_bytes),) = put.objects
    assert kept.objects.size(key) == size_bytes == sum(blob.stored_bytes for blob in old)
    assert [blob.digest for blob in put.blobs] == [blob.digest for blob in reversed(old)]
    assert {blob.object_key for blob in put.blobs} == {key}
    for before, after in zip(reversed(old), put.blobs, strict=True):
        assert stored(kept.blobs, after) == stored(kept.blobs, before)
        assert b"".join(kept.blobs.read(after)) == b"".join(kept.blobs.read(before))


def test_damaged_bytes_are_not_copied(kept: Kept) -> None:
    good, bad = kept.blobs.put([MemoryContent.of(noise(700)), MemoryContent.of(text(5_000))]).blobs
    kept.overwrite(bad.object_key, lambda data: data[:-1] + bytes([data[-1] ^ 1]))

    with pytest.raises(BlobDamaged) as damaged:
        kept.blobs.copy([good, bad])

    assert damaged.value.digest == bad.digest


@pytest.mark.parametrize("size_bytes", [5_000, 20 << 20])
def test_an_object_is_moved_to_another_store_as_it_lies(kept: Kept, size_bytes: int) -> None:
    other = PackingBlobStore(MemoryObjects())
    blob = put_one(kept.blobs, noise(size_bytes))

    chunks = kept.blobs.read_object(blob.object_key)
    assert chunks is not None
    other.write_object(blob.object_key, chunks)
    moved = other.read_object(blob.object_key)
    assert moved is not None
    kept.blobs.delete(blob.object_key)
    kept.blobs.write_object(blob.object_key, moved)

    assert b"".join(other.read(blob)) == b"".join(kept.blobs.read(blob)) == noise(size_bytes)


def test_an_object_that_is_not_there_is_none(kept: Kept) -> None:
    put_one(kept.blobs, b"something")

    assert kept.blobs.read_object("packs/unknown") is None


def test_an_object_is_read_up_to_a_byte(kept: Kept) -> None:
    kept.blobs.write_object("incoming/abcd", [b"some", b"bytes"])

    read = [b"".join(kept.blobs.read_object("incoming/abcd", stop) or ()) for stop in (0, 6, 99)]

    assert read == [b"", b"someby", b"somebytes"]


@pytest.fixture(params=["memory", "filesystem"])
def growing(request: pytest.FixtureRequest, tmp_path: Path) -> PackingBlobStore:
    """Where objects may grow, and have two keys."""
    memory = request.param == "memory"
    return PackingBlobStore(MemoryObjects() if memory else FileSystemObjects(tmp_path))


def grown(blobs: BlobStore, key: str, *parts: bytes) -> None:
    growing = blobs.grow(key)
    assert growing is not None
    for part in parts:
        growing.append([part])
    growing.close()


def test_an_object_grows_until_it_is_closed_and_is_gone_on_with(growing: PackingBlobStore) -> None:
    grown(growing, "incoming/abcd", b"one", b"two")

    later = growing.grow("incoming/abcd", 6)
    assert later is not None
    later.append(iter((b"th", b"ree")))
    later.close()
    later.close()

    assert b"".join(growing.read_object("incoming/abcd") or ()) == b"onetwothree"


def test_an_object_has_one_writer_and_the_size_that_he_knows(growing: PackingBlobStore) -> None:
    first = growing.grow("incoming/abcd")
    assert first is not None
    first.append([b"one"])

    assert growing.grow("incoming/abcd", 3) is None
    first.close()
    assert growing.grow("incoming/abcd", 2) is None
    assert growing.grow("incoming/gone", 3) is None
    assert growing.grow("small/abcd", 3) is None


@pytest.mark.parametrize("make", [text, noise])
@pytest.mark.parametrize("size_bytes", [5_000, 3 * MEBIBYTE, 20 << 20])
def test_what_is_put_from_an_object_outlives_it(
    growing: PackingBlobStore, make: Callable[[int], bytes], size_bytes: int
) -> None:
    data = make(size_bytes)
    growing.write_object("incoming/abcd", [data])

    content = growing.content_at("incoming/abcd", size_bytes)
    assert content is not None
    with content.open() as stream:
        stream.seek(size_bytes // 2)
        assert stream.read() == data[size_bytes // 2 :]
    (blob,) = growing.put([content]).blobs
    growing.delete("incoming/abcd")

    assert (content.digest, content.size_bytes) == (digest_of(data), size_bytes)
    assert b"".join(growing.read(blob)) == data
    with pytest.raises(BlobDamaged):
        content.head(1)
    with pytest.raises(BlobDamaged):
        growing.put([content])


def test_an_object_of_another_size_is_no_content(kept: Kept) -> None:
    kept.blobs.write_object("incoming/abcd", [b"bytes"])

    assert kept.blobs.content_at("incoming/abcd", 4) is None
    assert kept.blobs.content_at("incoming/gone", 4) is None


@pytest.mark.s3
def test_a_bucket_takes_objects_whole(s3_gateway: Gateway) -> None:
    access = S3Access(
        endpoint_url=s3_gateway.endpoint_url,
        access_key=s3_gateway.access_key,
        secret_key=s3_gateway.secret_key,
    )
    blobs = PackingBlobStore(S3Objects(s3_client(access), s3_gateway.new_bucket()))
    blobs.write_object("incoming/abcd", [b"bytes"])

    assert blobs.content_at("incoming/abcd", 5) is None
    assert blobs.grow("incoming/abcd", 5) is None
    assert blobs.grow("incoming/other") is None
