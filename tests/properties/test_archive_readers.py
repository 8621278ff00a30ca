"""The readers against the standard library's, on good archives and on damaged ones."""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress

import zstandard
from hypothesis import given
from hypothesis import strategies as st

from filemanager.archives.names import plain
from filemanager.archives.tar.agreement import decoded
from filemanager.domain.errors import OverBudget
from filemanager.domain.intake.unpacking import ArchiveRefused
from fuzz.seeds import seeds_of
from random_examples import examples
from unit.archives.reading import a_budget, files, unpack
from unit.archives.streams.lzw_encoder import Encoder
from unit.archives.tar.tar_bytes import END, sparse

SEGMENTS = st.text("abcé日 .-_", min_size=1, max_size=60).filter(lambda text: text.strip("."))
PATHS = st.lists(SEGMENTS, min_size=1, max_size=4).map("/".join)
TREES = st.dictionaries(PATHS, st.binary(max_size=3000), min_size=1, max_size=6)

TAR_FORMS = st.sampled_from([tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])
METHODS = st.sampled_from(
    [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
Compress = Callable[[bytes], bytes]
COMPRESSIONS: list[Compress] = [
    bytes,
    gzip.compress,
    bz2.compress,
    lzma.compress,
    zstandard.ZstdCompressor().compress,
    lambda data: Encoder().encode(data),
]
DIALECTS = [seed for seed in seeds_of("tar") if not seed.startswith(b"\x1f\x8b")]
SPARSE_FORMS = st.sampled_from(["old", "0.0", "0.1", "1.0"])
HOLES_AND_DATA = st.lists(st.tuples(st.integers(0, 5000), st.binary(max_size=900)), min_size=1)
EDITS = st.lists(st.tuples(st.integers(0, 1 << 16), st.integers(0, 255)), min_size=1, max_size=3)


def a_tar(tree: Mapping[str, bytes], form: int) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as tar:
        for name, data in tree.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return out.getvalue()


def a_zip(tree: Mapping[str, bytes], method: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in tree.items():
            archive.writestr(name, data)
    return out.getvalue()


def edited(data: bytes, edits: list[tuple[int, int]]) -> bytes:
    changed = bytearray(data)
    for position, value in edits:
        changed[position % len(changed)] = value
    return bytes(changed)


def with_checksums(tar: bytes) -> bytes:
    """Header checksums made right again, so that what was edited is looked at."""
    blocks = [tar[at : at + 512] for at in range(0, len(tar), 512)]
    return b"".join(_corrected(block) if block[257:262] == b"ustar" else block for block in blocks)


def _corrected(block: bytes) -> bytes:
    total = sum(block[:148]) + 8 * ord(" ") + sum(block[156:])
    return block[:148] + b"%06o\0 " % total + block[156:]


def contents(data: bytes) -> list[bytes] | None:
    """What we read, without empty files; None where we refuse."""
    try:
        unpacked = unpack(data, a_budget(len(data), unpacked_bytes=1 << 20))
    except (ArchiveRefused, OverBudget):
        return None
    if unpacked is None:
        return None
    found = []
    for member in unpacked.members:
        if member.content is not None and member.content.size_bytes:
            with member.content.open() as file:
                found.append(file.read())
    return found


@given(TREES, TAR_FORMS, st.sampled_from(COMPRESSIONS))
def test_every_tar_of_the_standard_library_is_read(
    tree: dict[str, bytes], form: int, compress: Compress
) -> None:
    assert files(unpack(compress(a_tar(tree, form)))) == tree


@given(TREES, METHODS)
def test_every_zip_of_the_standard_library_is_read(tree: dict[str, bytes], method: int) -> None:
    assert files(unpack(a_zip(tree, method))) == tree


@examples(300)
@given(TREES, TAR_FORMS, EDITS)
def test_a_damaged_tar_that_we_accept_is_the_same_to_the_standard_library(
    tree: dict[str, bytes], form: int, edits: list[tuple[int, int]]
) -> None:
    damaged = with_checksums(edited(a_tar(tree, form), edits))
    ours = contents(damaged)

    if ours is not None:
        with tarfile.open(fileobj=io.BytesIO(damaged)) as tar:
            opened = [tar.extractfile(info) for info in tar if info.isreg() and info.size]
        theirs = [file.read() for file in opened if file]
        assert [data for data in ours if data not in theirs] == []


@examples(300)
@given(TREES, METHODS, EDITS)
def test_a_damaged_zip_that_we_accept_is_the_same_to_the_standard_library(
    tree: dict[str, bytes], method: int, edits: list[tuple[int, int]]
) -> None:
    damaged = edited(a_zip(tree, method), edits)
    ours = contents(damaged)

    if ours is not None:
        with zipfile.ZipFile(io.BytesIO(damaged)) as archive:
            theirs = [archive.read(info) for info in archive.infolist()]
        assert [data for data in ours if data not in theirs] == []


@examples(300)
@given(st.sampled_from(COMPRESSIONS), st.binary(max_size=3000), EDITS, st.integers(0, 3000))
def test_damaged_compressed_data_is_read_or_refused(
    compress: Compress, data: bytes, edits: list[tuple[int, int]], length: int
) -> None:
    contents(edited(compress(data) or b"x", edits)[:length])


@examples(300)
@given(
    st.sampled_from(
        [b"", b"\x1f\x8b\x08", b"BZh9", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd", b"\x1f\x9d\x90", b"PK"]
    ),
    st.binary(max_size=2000),
)
def test_random_bytes_are_read_or_refused(front: bytes, data: bytes) -> None:
    contents(front + data)


@given(TREES, TAR_FORMS, st.sampled_from(COMPRESSIONS[:-1]), st.integers(1, 1 << 16))
def test_a_truncated_archive_adds_nothing(
    tree: dict[str, bytes], form: int, compress: Compress, length: int
) -> None:
    # Without its padding, whose end nothing tells; nor does anything in a .Z.
    body = a_tar(tree, form).rstrip(b"\0")
    whole = compress(body)

    assert contents(whole[: min(length, len(whole))]) in (None, [])


@given(HOLES_AND_DATA, SPARSE_FORMS)
def test_a_sparse_file_is_what_the_standard_library_finds(
    parts: list[tuple[int, bytes]], form: str
) -> None:
    pieces, at = [], 0
    for hole_bytes, data in parts:
        pieces.append((at + hole_bytes, len(data)))
        at += hole_bytes + len(data)
    archive = sparse(form, pieces, at, b"".join(data for _, data in parts)) + END

    whole = b"".join(bytes(hole_bytes) + data for hole_bytes, data in parts)
    assert files(unpack(archive)) == {"s.h5": whole} == dict(found_by_tarfile(archive))


@examples(500)
@given(st.sampled_from(DIALECTS), EDITS)
def test_a_damaged_dialect_that_we_accept_is_the_same_to_the_standard_library(
    seed: bytes, edits: list[tuple[int, int]]
) -> None:
    damaged = with_checksums(edited(seed, edits))
    try:
        unpacked = unpack(damaged, a_budget(len(damaged), unpacked_bytes=1 << 20))
    except (ArchiveRefused, OverBudget):
        return
    if unpacked is None:
        return
    theirs = found_by_tarfile(damaged)
    for member in unpacked.members:
        if member.content is not None:
            with member.content.open() as file:
                assert (plain(member.sent_as or member.path), file.read()) in theirs


def found_by_tarfile(archive: bytes) -> list[tuple[str, bytes]]:
    """Regular files, sparse ones and hard links that lead to one; names that are not UTF-8 as
    Latin-1.
    """
    found = []
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        for info in tar:
            with suppress(KeyError):
                if not info.issym() and (file := tar.extractfile(info)) is not None:
                    name = decoded(info.name.encode("utf-8", "surrogateescape"))
                    found.append((plain(name), file.read()))
    return found
