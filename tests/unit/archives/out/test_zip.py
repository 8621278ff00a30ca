"""The bytes of content.zip, read back by zipfile."""

import hashlib
import io
import struct
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filemanager.archives.out.records import (
    DEFLATED,
    Member,
    directory_end,
    directory_header,
    local_header,
)
from filemanager.archives.out.zip import MANIFEST_NAME, zip_bytes, zip_stream
from filemanager.domain.blobs.blob import Encoding, StoredBlob
from filemanager.domain.trees.listing import PackedEntry
from unit.archives.out.stored_blobs import (
    EDGE_FILES,
    StoredBlobs,
    edge_entries,
    large_entry,
)


def archive_of(entries: list[PackedEntry], blobs: StoredBlobs) -> bytes:
    return b"".join(zip_stream(entries, blobs.read))


def files_in(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        assert opened.testzip() is None
        return {name: opened.read(name) for name in opened.namelist()}


def test_every_file_comes_back_under_its_public_path() -> None:
    blobs = StoredBlobs()

    files = files_in(archive_of(edge_entries(blobs), blobs))

    del files[MANIFEST_NAME]
    assert files == {path: data for path, (data, _) in EDGE_FILES.items()}


def test_the_length_is_known_without_reading() -> None:
    blobs = StoredBlobs()
    entries = edge_entries(blobs)

    length = zip_bytes(entries)

    assert blobs.reads == []
    assert length == len(archive_of(entries, blobs))


def test_the_last_member_lists_the_digest_of_every_file() -> None:
    blobs = StoredBlobs()
    entries = [blobs.entry("main.tex", b"\\bye"), blobs.entry("anc/ü.txt", b"")]

    files = files_in(archive_of(entries, blobs))

    assert list(files)[-1] == "manifest-sha256.txt"
    lines = [f"{hashlib.sha256(files[path]).hexdigest()}  {path}\n" for path in list(files)[:2]]
    assert files["manifest-sha256.txt"].decode() == "".join(lines)


def test_sha256sum_takes_the_manifest(tmp_path: Path) -> None:
    blobs = StoredBlobs()
    entries = [blobs.entry(name, b"x") for name in ("a b.tex", "back\\slash", "50%.txt", "sub/ü")]

    with zipfile.ZipFile(io.BytesIO(archive_of(entries, blobs))) as opened:
        opened.extractall(tmp_path)

    command = ["sha256sum", "--check", "--strict", "--quiet", MANIFEST_NAME]
    assert subprocess.run(command, cwd=tmp_path, check=False).returncode == 0


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (["main.tex"], "manifest-sha256.txt"),
        (["manifest-sha256.txt"], "manifest-sha256-2.txt"),
        (["Manifest-SHA256.TXT"], "manifest-sha256-2.txt"),
        (["manifest-sha256.txt/inside"], "manifest-sha256-2.txt"),
        (["manifest-sha256-2.txt", "manifest-sha256.txt"], "manifest-sha256-3.txt"),
        (["sub/manifest-sha256.txt"], "manifest-sha256.txt"),
    ],
)
def test_the_manifest_hides_no_file(paths: list[str], expected: str) -> None:
    blobs = StoredBlobs()

    files = files_in(archive_of([blobs.entry(path, b"x") for path in paths], blobs))

    assert list(files) == [*paths, expected]


def test_an_empty_tree_gives_an_archive_of_an_empty_manifest() -> None:
    assert files_in(archive_of([], StoredBlobs())) == {MANIFEST_NAME: b""}


def test_only_names_that_are_not_ascii_are_flagged_as_utf8() -> None:
    blobs = StoredBlobs()
    entries = [blobs.entry("plain.tex", b"x"), blobs.entry("ü.tex", b"x")]

    with zipfile.ZipFile(io.BytesIO(archive_of(entries, blobs))) as opened:
        flags = [member.flag_bits for member in opened.infolist()]

    assert flags == [0, 0x800, 0]


def test_members_are_plain_files_at_a_fixed_time() -> None:
    blobs = StoredBlobs()

    with zipfile.ZipFile(io.BytesIO(archive_of([blobs.entry("a", b"x")], blobs))) as opened:
        member = opened.infolist()[0]

    assert member.external_attr >> 16 == 0o100644
    assert member.date_time == (2001, 9, 9, 1, 46, 40)
    assert member.create_version == 45
    assert member.extract_version == 20


def test_chunks_of_a_large_manifest_are_not_huge() -> None:
    blobs = StoredBlobs()
    entries = [blobs.entry(f"{number:0200}", b"") for number in range(9000)]

    sizes = [len(chunk) for chunk in zip_stream(entries, blobs.read)]

    assert max(sizes) < 1_400_000


EDGE_BLOBS = StoredBlobs()
EDGE_ARCHIVE = archive_of(edge_entries(EDGE_BLOBS), EDGE_BLOBS)


@given(st.tuples(st.integers(0, len(EDGE_ARCHIVE)), st.integers(0, len(EDGE_ARCHIVE))))
def test_any_range_is_that_slice_of_the_whole(borders: tuple[int, int]) -> None:
    start, stop = sorted(borders)
    blobs = StoredBlobs()

    part = b"".join(zip_stream(edge_entries(blobs), blobs.read, start, stop))

    assert part == EDGE_ARCHIVE[start:stop]


def a_member(size: int, packed: int, offset: int) -> Member:
    return Member(
        name=b"a", method=DEFLATED, crc32=1, size_bytes=size, packed_bytes=packed, offset=offset
    )


@pytest.mark.parametrize(
    ("size", "packed", "extra"),
    [
        (0xFFFFFFFE, 5, b""),
        (0xFFFFFFFF, 5, struct.pack("<HHQQ", 1, 16, 0xFFFFFFFF, 5)),
        (5, 1 << 40, struct.pack("<HHQQ", 1, 16, 5, 1 << 40)),
    ],
)
def test_a_local_header_has_zip64_sizes_only_where_needed(
    size: int, packed: int, extra: bytes
) -> None:
    header = local_header(a_member(size, packed, 0))

    assert header[30:] == b"a" + extra
    assert header[4:6] == (b"\x2d\0" if extra else b"\x14\0")
    assert (header[18:26] == b"\xff" * 8) == bool(extra)


@pytest.mark.parametrize(
    ("size", "offset", "numbers"),
    [
        (5, 0xFFFFFFFE, ()),
        (5, 0xFFFFFFFF, (0xFFFFFFFF,)),
        (1 << 33, 0, (1 << 33, 5)),
        (1 << 33, 1 << 34, (1 << 33, 5, 1 << 34)),
    ],
)
def test_a_directory_header_has_zip64_numbers_only_where_needed(
    size: int, offset: int, numbers: tuple[int, ...]
) -> None:
    header = directory_header(a_member(size, 5, offset))

    head = struct.pack("<HH", 1, 8 * len(numbers)) if numbers else b""
    assert header[46:] == b"a" + head + struct.pack(f"<{len(numbers)}Q", *numbers)
    assert header[42:46] == struct.pack("<I", min(offset, 0xFFFFFFFF))


@pytest.mark.parametrize(
    ("count", "length", "offset", "is_zip64"),
    [
        (0xFFFE, 1, 0xFFFFFFFE, False),
        (0xFFFF, 1, 1, True),
        (1, 0xFFFFFFFF, 1, True),
        (1, 1, 0xFFFFFFFF, True),
    ],
)
def test_an_archive_ends_in_zip64_records_only_where_needed(
    count: int, length: int, offset: int, is_zip64: bool
) -> None:
    end = directory_end(count, length, offset)

    assert len(end) == (56 + 20 + 22 if is_zip64 else 22)
    assert end.startswith(b"PK\6\6" if is_zip64 else b"PK\5\6")


def test_more_than_65535_members_come_back() -> None:
    blobs = StoredBlobs()
    entries = [blobs.entry(f"{number}", b"") for number in range(65_600)]

    with zipfile.ZipFile(io.BytesIO(archive_of(entries, blobs))) as opened:
        names = opened.namelist()

    assert len(names) == 65_601


def test_the_directory_of_an_archive_beyond_4_gib_is_read_back() -> None:
    size = 5 << 30
    entries = [
        large_entry("first.bin", size, Encoding.RAW, size),
        large_entry("second.bin", 3 * size, Encoding.GZIP, size),
    ]
    length = zip_bytes(entries)
    start = length - 600

    end = b"".join(zip_stream(entries, _read_zeros, start))

    with zipfile.ZipFile(_Sparse(end, start)) as opened:
        sizes = {member.filename: member.file_size for member in opened.infolist()}
        offsets = [member.header_offset for member in opened.infolist()]
    assert sizes["second.bin"] == 3 * size
    assert size < offsets[1] < offsets[2] < length
    assert offsets[2] > 2 * size - 100


def _read_zeros(_blob: StoredBlob, start: int, stop: int) -> Iterator[bytes]:
    yield bytes(stop - start)


class _Sparse(io.RawIOBase):
    """A file of which only the end is there."""

    def __init__(self, end: bytes, start: int) -> None:
        self._end = end
        self._start = start
        self._position = 0

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._position = offset + (self._start + len(self._end) if whence == io.SEEK_END else 0)
        return self._position

    def tell(self) -> int:
        return self._position

    def read(self, size: int = -1) -> bytes:
        first = self._position - self._start
        assert first >= 0, "read before what is there"
        part = self._end[first:] if size < 0 else self._end[first : first + size]
        self._position += len(part)
        return part
