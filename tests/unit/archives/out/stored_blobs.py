"""Blobs in memory, encoded in the two ways a store keeps them, and sets of files to pack."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from random import Random

from filemanager.domain.blobs.blob import Encoding, StoredBlob
from filemanager.domain.ids import digest_of
from filemanager.domain.trees.listing import PackedEntry
from filemanager.domain.trees.tree import locate

GZIP_HEADER = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"


@cache
def gzip_slice(data: bytes) -> bytes:
    """As the store writes it: the deflate stream ends in a sync flush, then an empty last block."""
    compressor = zlib.compressobj(1, zlib.DEFLATED, -15)
    body = compressor.compress(data) + compressor.flush(zlib.Z_SYNC_FLUSH)
    end = zlib.crc32(data).to_bytes(4, "little") + len(data).to_bytes(4, "little")
    return GZIP_HEADER + body + b"\x03\0" + end


@dataclass
class StoredBlobs:
    """``reads`` lists what was asked for as (path of the entry, start, stop)."""

    chunk_bytes: int = 1 << 20
    slices: dict[str, bytes] = field(default_factory=dict)
    reads: list[tuple[str, int, int]] = field(default_factory=list)

    def entry(self, path: str, data: bytes, encoding: Encoding = Encoding.GZIP) -> PackedEntry:
        if not data:
            return an_entry(path, b"", b"", Encoding.RAW)
        stored = gzip_slice(data) if encoding is Encoding.GZIP else data
        self.slices[path] = stored
        return an_entry(path, data, stored, encoding)

    def read(self, blob: StoredBlob, start: int, stop: int) -> Iterator[bytes]:
        self.reads.append((blob.object_key, start, stop))
        stored = self.slices[blob.object_key]
        assert 0 <= start < stop <= len(stored)
        for first in range(start, stop, self.chunk_bytes):
            yield stored[first : min(first + self.chunk_bytes, stop)]


def an_entry(path: str, data: bytes, stored: bytes, encoding: Encoding) -> PackedEntry:
    """An entry at a public path, whose blob lies in an object of the same name."""
    area, inside = locate(path)
    blob = StoredBlob(
        digest=digest_of(data),
        size_bytes=len(data),
        crc32=zlib.crc32(data),
        encoding=encoding,
        encoder="",
        object_key=path if stored else "",
        offset=0,
        stored_bytes=len(stored),
        stored_crc32=zlib.crc32(stored),
    )
    return PackedEntry(area, inside, blob)


def large_entry(path: str, size: int, encoding: Encoding, stored: int, crc: int = 0) -> PackedEntry:
    """An entry of any size, of which no byte exists."""
    area, inside = locate(path)
    blob = StoredBlob(
        digest=digest_of(b""),
        size_bytes=size,
        crc32=crc,
        encoding=encoding,
        encoder="",
        object_key="large",
        offset=0,
        stored_bytes=stored,
        stored_crc32=0,
    )
    return PackedEntry(area, inside, blob)


@cache
def noise(size: int) -> bytes:
    """The same bytes for the same size; no compressor makes them shorter."""
    return Random(size).randbytes(size)


EDGE_FILES: dict[str, tuple[bytes, Encoding]] = {
    "a-empty-first.tex": (b"", Encoding.RAW),
    **{f"text-{n}.txt": (b"tex \\foo\n" * n, Encoding.GZIP) for n in (1, 57, 500)},
    **{
        f"{form}-{size}.bin": (noise(size), form)
        for form in Encoding
        for size in (1, 511, 512, 513, 1024, 65_535, 65_536, 131_070)
    },
    "deep/" * 18 + "n" * 8: (b"a hundred bytes with ./", Encoding.GZIP),
    "deep/" * 18 + "n" * 9: (b"one more", Encoding.GZIP),
    "d" * 120 + "/" + "f" * 90: (b"split at the slash", Encoding.RAW),
    "p" * 153 + "/" + "f" * 99: (b"all that ustar holds", Encoding.GZIP),
    "q" * 150 + "/" + "f" * 101: (b"a last segment that is too long", Encoding.GZIP),
    "r" * 80 + "/" + "s" * 80 + "/" + "t" * 106: (b"268 bytes", Encoding.RAW),
    "über/naïve-文件.tex": ("Straße 文\n".encode() * 40, Encoding.GZIP),
    "ü" * 60 + "/" + "é" * 40: (b"long and not ASCII", Encoding.GZIP),
    "文" * 80 + "/" + "字" * 80: (b"too long for any field", Encoding.RAW),
    "with blank and 'quote'.txt": (b"x", Encoding.GZIP),
    "anc/d.txt": (b"ancillary", Encoding.GZIP),
    "z-empty-last.tex": (b"", Encoding.RAW),
}
"""Sizes and names around every border of the formats, by public path."""


def edge_entries(blobs: StoredBlobs) -> list[PackedEntry]:
    return [blobs.entry(path, data, form) for path, (data, form) in EDGE_FILES.items()]
