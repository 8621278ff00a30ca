"""The bytes of content.tar.gz, read back by zlib and tarfile."""

import hashlib
import io
import tarfile
import zlib
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zlib_ng.zlib_ng import crc32

from filemanager.archives.out.tar_gz import EMPTY_TAR_GZ_BYTES, packed_bytes, tar_gz
from filemanager.archives.out.tar_headers import directory_header, file_header
from filemanager.domain.blobs.blob import Encoding
from filemanager.domain.trees.areas import public_path
from filemanager.domain.trees.listing import PackedEntry
from unit.archives.out.stored_blobs import (
    EDGE_FILES,
    StoredBlobs,
    an_entry,
    edge_entries,
    large_entry,
    noise,
)


def archive_of(entries: list[PackedEntry], blobs: StoredBlobs) -> bytes:
    return b"".join(tar_gz(entries, blobs.read))


def length_of(entries: list[PackedEntry]) -> int:
    return EMPTY_TAR_GZ_BYTES + sum(
        packed_bytes(public_path(entry.area, entry.path), entry.blob) for entry in entries
    )


def files_in(archive: bytes) -> dict[str, bytes]:
    files = {}
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r|gz") as tar:
        for member in tar:
            content = tar.extractfile(member)
            if content is not None:
                files[member.name] = content.read()
    return files


def test_every_file_comes_back_under_its_public_path() -> None:
    blobs = StoredBlobs()

    archive = archive_of(edge_entries(blobs), blobs)

    assert files_in(archive) == {f"./{path}": data for path, (data, _) in EDGE_FILES.items()}


def test_the_archive_is_one_gzip_member_with_a_right_checksum() -> None:
    blobs = StoredBlobs()

    archive = archive_of(edge_entries(blobs), blobs)

    member = zlib.decompressobj(31)
    tar = member.decompress(archive)
    assert member.eof
    assert member.unused_data == b""
    assert len(tar) % 512 == 0


def test_the_length_is_known_without_reading() -> None:
    blobs = StoredBlobs()
    entries = edge_entries(blobs)

    length = length_of(entries)

    assert blobs.reads == []
    assert length == len(archive_of(entries, blobs))


def test_an_empty_tree_gives_an_archive_of_a_directory() -> None:
    archive = archive_of([], StoredBlobs())

    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        members = tar.getmembers()
    assert [(member.name, member.isdir()) for member in members] == [(".", True)]
    assert len(archive) == EMPTY_TAR_GZ_BYTES


def test_entries_are_plain_files_of_root_at_a_fixed_time() -> None:
    blobs = StoredBlobs()

    archive = archive_of([blobs.entry("main.tex", b"\\bye")], blobs)

    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        member = tar.getmember("./main.tex")
    assert member.isreg()
    assert (member.mode, member.uid, member.gid) == (0o644, 0, 0)
    assert member.mtime == 1_000_000_000


def test_a_thousand_files_come_back_in_their_order() -> None:
    blobs = StoredBlobs()
    files = {f"{number:04}.txt": b"%d\n" % number * number for number in range(1000)}
    entries = [blobs.entry(path, data) for path, data in files.items()]

    archive = archive_of(entries, blobs)

    assert list(files_in(archive)) == [f"./{path}" for path in files]
    assert len(archive) == length_of(entries)


def test_equal_stored_blobs_make_equal_bytes() -> None:
    stored = bytes.fromhex(
        "1f8b08000000000000ff4a2a4a2c4b55c84b2d5728cf2fca49e14a22910f000000ffff030040892a5840000000"
    )
    entries = [
        an_entry("main.tex", b"brave new world\n" * 4, stored, Encoding.GZIP),
        an_entry("figure.png", b"\x89PNG", b"\x89PNG", Encoding.RAW),
        an_entry("文.tex", b"", b"", Encoding.RAW),
    ]
    blobs = StoredBlobs(slices={"main.tex": stored, "figure.png": b"\x89PNG"})

    archive = archive_of(entries, blobs)

    digest = "db94761cfc5af139000c898ed7e7ace1d78de16e16776fc48e922eac93e13412"
    assert hashlib.sha256(archive).hexdigest() == digest


def test_chunks_of_the_store_of_any_size_make_the_same_archive() -> None:
    whole, crumbs = StoredBlobs(), StoredBlobs(chunk_bytes=7001)

    archives = [archive_of(edge_entries(blobs), blobs) for blobs in (whole, crumbs)]

    assert archives[0] == archives[1]


EDGE_BLOBS = StoredBlobs()
EDGE_ARCHIVE = archive_of(edge_entries(EDGE_BLOBS), EDGE_BLOBS)


@given(st.tuples(st.integers(0, len(EDGE_ARCHIVE)), st.integers(0, len(EDGE_ARCHIVE))))
def test_any_range_is_that_slice_of_the_whole(borders: tuple[int, int]) -> None:
    start, stop = sorted(borders)
    blobs = StoredBlobs()

    part = b"".join(tar_gz(edge_entries(blobs), blobs.read, start, stop))

    assert part == EDGE_ARCHIVE[start:stop]


@pytest.mark.parametrize("length", [1, 5, 65_540, 65_541])
def test_ranges_around_every_stored_block_are_right(length: int) -> None:
    blobs = StoredBlobs()
    entries = [blobs.entry("raw.png", noise(200_000), Encoding.RAW)]
    whole = archive_of(entries, blobs)

    for block in range(4):
        for start in range(block * 65_540 + 150, block * 65_540 + 200):
            part = b"".join(tar_gz(entries, blobs.read, start, start + length))
            assert part == whole[start : start + length]


def test_an_open_range_goes_to_the_end() -> None:
    blobs = StoredBlobs()
    entries = edge_entries(blobs)

    part = b"".join(tar_gz(entries, blobs.read, 100_000))

    assert part == archive_of(entries, blobs)[100_000:]


def test_a_range_reads_only_the_files_it_touches() -> None:
    blobs = StoredBlobs()
    entries = [blobs.entry(f"{number}.bin", noise(5000), Encoding.RAW) for number in range(20)]
    stop = EMPTY_TAR_GZ_BYTES + packed_bytes("0.bin", entries[0].blob)

    b"".join(tar_gz(entries, blobs.read, 1000, stop // 2))

    assert {key for key, _, _ in blobs.reads} == {"0.bin"}


def test_whole_files_are_read_as_whole_slices_so_that_the_store_verifies_them() -> None:
    blobs = StoredBlobs()
    entries = [blobs.entry("a.tex", b"\\bye"), blobs.entry("b.png", b"\x89", Encoding.RAW)]

    archive_of(entries, blobs)

    assert blobs.reads == [("a.tex", 0, len(blobs.slices["a.tex"])), ("b.png", 0, 1)]


def test_entries_are_taken_as_they_are_needed() -> None:
    blobs = StoredBlobs()
    taken = []

    def entries() -> Iterator[PackedEntry]:
        for number in range(100):
            taken.append(number)
            yield blobs.entry(f"{number}.bin", noise(100_000), Encoding.RAW)

    next(tar_gz(entries(), blobs.read))

    assert taken[-1] < 5


def test_chunks_are_neither_tiny_nor_huge() -> None:
    blobs = StoredBlobs()
    entries = [blobs.entry(f"{number}.txt", noise(3000)) for number in range(300)]
    entries.append(blobs.entry("large.bin", bytes(5_000_000), Encoding.RAW))

    sizes = [len(chunk) for chunk in tar_gz(entries, blobs.read)]

    assert max(sizes) < 1_100_000
    assert len(sizes) < 15


def test_the_end_of_an_archive_of_9_gib_is_right() -> None:
    size = 9 << 30
    entries = [large_entry("zeros.bin", size, Encoding.GZIP, 10_000_000, crc_of_zeros(size))]
    length = length_of(entries)

    end = b"".join(tar_gz(entries, StoredBlobs().read, length - 8))

    before = directory_header("./").tar + file_header("./zeros.bin", size).tar
    crc = crc_of_zeros(size + 1024, crc32(before))
    isize = (len(before) + size + 1024) % 2**32
    assert end == crc.to_bytes(4, "little") + isize.to_bytes(4, "little")


def crc_of_zeros(count: int, crc: int = 0) -> int:
    zeros = bytes(64 << 20)
    for _ in range(count // len(zeros)):
        crc = crc32(zeros, crc)
    return crc32(bytes(count % len(zeros)), crc)
