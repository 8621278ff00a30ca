"""``content.tar.gz``: one gzip member, put together from stored blobs and never recompressed."""

from collections.abc import Iterable, Iterator

from zlib_ng.zlib_ng import crc32, crc32_combine

from filemanager.archives.out.deflate import zeros
from filemanager.archives.out.pieces import (
    DeflatedBody,
    Made,
    Piece,
    ReadStored,
    WrappedBody,
    assembled,
)
from filemanager.archives.out.tar_headers import (
    BLOCK_BYTES,
    END_BYTES,
    directory_header,
    file_header,
    file_header_bytes,
)
from filemanager.domain.blobs.blob import Encoding, StoredBlob
from filemanager.domain.blobs.gzip_member import GZIP_HEADER, gzip_end
from filemanager.domain.trees.areas import public_path
from filemanager.domain.trees.listing import PackedEntry

EMPTY_TAR_GZ_BYTES = 116
"""The length of the archive of no entry; each entry adds its ``packed_bytes``."""

FIRST_ENTRY_AT = 92
"""The byte that the first entry begins at. Each begins a deflate block of its own, at the border of
a byte, and refers to nothing before it: it can be inflated alone.
"""


def packed_bytes(path: str, blob: StoredBlob) -> int:
    """What an entry at the public *path* adds to ``content.tar.gz``; nothing is read."""
    header_bytes = file_header_bytes(_member(path), blob.size_bytes)
    return header_bytes + _body(blob).length + len(_padding(blob))


def tar_gz(
    entries: Iterable[PackedEntry], read: ReadStored, start: int = 0, stop: int | None = None
) -> Iterator[bytes]:
    """Bytes ``[start, stop)`` of the archive of *entries*, in chunks of about 1 MiB at most.

    The entries follow a directory ``./`` in the order given, as ``./<public path>``; they are
    asked for as the archive gets to them. Equal stored blobs make equal bytes, on any node and
    with any version of a compressor. Whatever *read* raises goes through.
    """
    return assembled(_pieces(entries), read, start, stop)


def _pieces(entries: Iterable[PackedEntry]) -> Iterator[Piece]:
    """The checksum of the whole follows from those of the parts, so bodies are not looked at."""
    top = directory_header("./")
    yield Made(GZIP_HEADER + top.deflated)
    crc, size = crc32(top.tar), len(top.tar)
    for entry in entries:
        blob = entry.blob
        header = file_header(_member(public_path(entry.area, entry.path)), blob.size_bytes)
        padding = bytes(-blob.size_bytes % BLOCK_BYTES)
        yield Made(header.deflated)
        yield _body(blob)
        yield Made(_padding(blob))
        crc = crc32_combine(crc32(header.tar, crc), blob.crc32, blob.size_bytes)
        crc = crc32(padding, crc)
        size += len(header.tar) + blob.size_bytes + len(padding)
    yield Made(zeros(END_BYTES) + gzip_end(crc32(bytes(END_BYTES), crc), size + END_BYTES))


def _member(path: str) -> str:
    """Tools of the submission system expect the names that ``tar c .`` gives."""
    return f"./{path}"


def _body(blob: StoredBlob) -> Piece:
    if not blob.size_bytes:
        return Made(b"")  # an empty blob has no stored bytes
    return DeflatedBody(blob) if blob.encoding is Encoding.GZIP else WrappedBody(blob)


def _padding(blob: StoredBlob) -> bytes:
    count = -blob.size_bytes % BLOCK_BYTES
    return zeros(count) if count else b""
