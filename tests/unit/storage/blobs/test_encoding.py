"""What is worth compressing, and the form that it takes."""

import gzip
import random
import zlib
from collections.abc import Callable

import pytest

from filemanager.domain.blobs.blob import LARGE_BLOB_BYTES, Encoding, KeptAs
from filemanager.domain.errors import BlobDamaged
from filemanager.domain.ids import digest_of
from filemanager.storage.blobs.encoding import TRIAL_BYTES, decoded_chunks, stored_form
from filemanager.storage.scratch.file import MemoryContent

MEBIBYTE = 1 << 20
DIGEST = digest_of(b"")


def text(size_bytes: int) -> bytes:
    words = [b"alpha", b"beta", b"gamma", b"\\section{delta}", b"$\\epsilon$", b"\n"]
    chosen = random.Random(size_bytes).choices(words, k=size_bytes // 2)  # repeatable
    return b" ".join(chosen)[:size_bytes]


def noise(size_bytes: int) -> bytes:
    return random.Random(size_bytes).randbytes(size_bytes)  # repeatable, not secret


def stored(data: bytes) -> bytes:
    return b"".join(stored_form(MemoryContent.of(data), KeptAs.COMPACT).chunks)


@pytest.mark.parametrize(
    ("data", "encoder"),
    [
        (lambda: text(500), "isal-3"),
        (lambda: text(LARGE_BLOB_BYTES - 1), "isal-3"),
        (lambda: text(LARGE_BLOB_BYTES), "isal-1"),
        (lambda: text(5 * MEBIBYTE), "isal-1"),
        (lambda: bytes(3 * MEBIBYTE), "isal-1"),
        (lambda: b"x", ""),
        (lambda: b"short, with nothing to gain", ""),
        (lambda: noise(5_000), ""),
        (lambda: noise(500_000), ""),
        (lambda: noise(5 * MEBIBYTE), ""),
        (lambda: gzip.compress(text(500_000)), ""),
        # A head that compresses does not help a small blob that does not.
        (lambda: text(TRIAL_BYTES) + noise(900_000), ""),
    ],
)
def test_the_bytes_decide(data: Callable[[], bytes], encoder: str) -> None:
    form = stored_form(MemoryContent.of(data()), KeptAs.COMPACT)

    assert form.encoder == encoder
    assert form.encoding is (Encoding.GZIP if encoder else Encoding.RAW)


@pytest.mark.parametrize("size_bytes", [500, 70_000, MEBIBYTE, 5 * MEBIBYTE])
def test_the_stored_form_is_a_gzip_file(size_bytes: int) -> None:
    data = text(size_bytes)

    made = stored(data)

    assert made[:10].hex() == "1f8b08000000000000ff"
    assert made[-10:-8].hex() == "0300"
    assert gzip.decompress(made) == data


def test_the_body_may_be_followed_by_other_blocks() -> None:
    one, other = text(5_000), text(2 * MEBIBYTE)

    joined = stored(one)[10:-10] + stored(other)[10:-10] + b"\x03\x00"

    assert zlib.decompress(joined, -15) == one + other


def test_the_same_bytes_are_stored_alike() -> None:
    assert stored(text(3 * MEBIBYTE)) == stored(text(3 * MEBIBYTE))


@pytest.mark.parametrize("size_bytes", [*range(1, 700, 30), 65_535, 65_536, 65_537, 900_000])
def test_a_small_blob_never_grows(size_bytes: int) -> None:
    assert len(stored(text(size_bytes))) <= size_bytes
    assert len(stored(noise(size_bytes))) <= size_bytes


@pytest.mark.parametrize("cut_bytes", [1, 9, 10, 1_000, 1 << 20])
def test_decoding_gives_bounded_chunks(cut_bytes: int) -> None:
    data = bytes(20 * MEBIBYTE) if cut_bytes > 1 else text(5_000)
    whole = gzip.compress(data, mtime=0)

    chunks = list(decoded_chunks(cut(whole, cut_bytes), DIGEST))

    assert b"".join(chunks) == data
    assert max(map(len, chunks)) <= MEBIBYTE


def cut(data: bytes, size_bytes: int) -> list[bytes]:
    return [data[start : start + size_bytes] for start in range(0, len(data), size_bytes)]


@pytest.mark.parametrize(
    "data",
    [
        b"no gzip file at all",
        b"",
        stored(text(5_000))[:-1],
        stored(text(5_000))[:-9] + bytes(9),
        stored(text(5_000))[:2_00],
    ],
)
def test_what_is_no_whole_gzip_file_is_damage(data: bytes) -> None:
    with pytest.raises(BlobDamaged):
        list(decoded_chunks([data], DIGEST))
