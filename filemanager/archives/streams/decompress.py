"""Compressed streams in front of a tar, or of a single file.

====================================  =================================================
several members one after another     read as one, as gzip, bzip2, xz and zstd do
zeros behind the last member          padding
anything else behind the last member  refused (``trailing_data``)
an end inside a member                refused (``truncated``)
====================================  =================================================
"""

from collections.abc import Callable, Iterable, Iterator

from filemanager.archives.faults import Fault
from filemanager.archives.streams import lzw
from filemanager.archives.streams.byte_stream import ByteStream
from filemanager.archives.streams.decoders import (
    Decoder,
    ZstdFrame,
    bzip2_stream,
    gzip_member,
    pieces,
    xz_stream,
)
from filemanager.domain.intake.unpacking import ArchiveRefused

_COMPRESS = "compress"

_MAGIC = {
    "gzip": b"\x1f\x8b",
    "bzip2": b"BZh",
    "xz": b"\xfd7zXZ\0",
    "zstd": b"\x28\xb5\x2f\xfd",
    _COMPRESS: b"\x1f\x9d",
}

_DECODERS: dict[str, Callable[[], Decoder]] = {
    "gzip": gzip_member,
    "bzip2": bzip2_stream,
    "xz": xz_stream,
    "zstd": ZstdFrame,
}


def compression_of(head: bytes) -> str:
    """The word of ``Unpacked.compression`` for the first bytes of a file; empty for none."""
    return next((name for name, magic in _MAGIC.items() if head.startswith(magic)), "")


def decompressed(compression: str, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Pieces of at most 9 MiB, some of them empty: at least one comes for each chunk and member,
    so that the consumer can look at the clock.

    Raises ``ArchiveRefused``.
    """
    source = ByteStream(chunks)
    if compression == _COMPRESS:
        return lzw.decompressed(source)
    return _members(compression, source)


def _members(compression: str, source: ByteStream) -> Iterator[bytes]:
    magic = _MAGIC[compression]
    while source.peek(len(magic)) == magic:
        yield from _member(_DECODERS[compression](), source)
    if not source.holds_only_zeros():
        raise ArchiveRefused(Fault.TRAILING_DATA, f"data follows the end of its {compression} data")


def _member(decoder: Decoder, source: ByteStream) -> Iterator[bytes]:
    while not decoder.eof:
        data = source.take_some()
        if not data:
            raise ArchiveRefused(Fault.TRUNCATED, "its compressed data ends too early")
        yield from pieces(decoder, data)
    source.give_back(decoder.unused_data)
