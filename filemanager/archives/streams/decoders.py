"""Decoders that give out bounded pieces: one interface over four libraries.

Policy: a decoder may hold 32 MiB. An ``xz -9`` or ``zstd --ultra`` window needs more and is
refused by name.
"""

import bz2
import lzma
from collections.abc import Iterator
from typing import Protocol

import zstandard
from zlib_ng import zlib_ng

from filemanager.archives.faults import Fault
from filemanager.domain.intake.unpacking import ArchiveRefused

MEMORY_BYTES = 32 << 20
PIECE_BYTES = 1 << 20

_ZSTD_WINDOW_BYTES = MEMORY_BYTES // 2
"""A zstd decoder holds the window and the pieces it writes."""

_ZSTD_FEED_BYTES = 256
"""The smallest block is four bytes and becomes 128 KiB, so this much input becomes 8 MiB."""

_ERRORS: tuple[type[Exception], ...] = (  # type: ignore[assignment]  # zlib-ng's stub says instance
    zlib_ng.error,
    lzma.LZMAError,
    zstandard.ZstdError,
    OSError,
)
"""What the libraries raise for bad input; ``bz2`` raises ``OSError``."""


class Decoder(Protocol):
    """One compressed stream. ``decompress`` keeps input that it had no room to decode."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


def pieces(decoder: Decoder, data: bytes) -> Iterator[bytes]:
    """What *data* decodes to, at least one piece, of which the last may be empty.

    Raises ``ArchiveRefused``.
    """
    while not decoder.eof:
        try:
            piece = decoder.decompress(data, PIECE_BYTES)
        except _ERRORS as error:
            raise _refusal(error) from error
        yield piece
        if len(piece) < PIECE_BYTES:
            return
        data = b""


def _refusal(error: Exception) -> ArchiveRefused:
    # Both libraries name the limit in the message only.
    if "memory" in str(error).lower():
        limit = f"decompressing it needs more than {MEMORY_BYTES >> 20} MiB of memory"
        return ArchiveRefused(Fault.TOO_MUCH_MEMORY, limit)
    return ArchiveRefused(Fault.DAMAGED, "its compressed data is damaged")


class Inflater:
    """Deflate, by zlib-ng: as strict as zlib, where ISA-L takes incomplete code tables and
    reserved gzip flags.
    """

    def __init__(self, window_bits: int) -> None:
        self._decoder = zlib_ng.decompressobj(window_bits)

    @property
    def eof(self) -> bool:
        return bool(self._decoder.eof)

    @property
    def unused_data(self) -> bytes:
        return bytes(self._decoder.unused_data)

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        kept = self._decoder.unconsumed_tail
        return bytes(self._decoder.decompress(kept + data if kept else data, max_length))


class ZstdFrame:
    """One zstd frame. A piece may be 8 MiB longer than was asked for."""

    def __init__(self) -> None:
        decoder = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW_BYTES)
        self._decoder = decoder.decompressobj()
        self._rest = memoryview(b"")

    @property
    def eof(self) -> bool:
        return self._decoder.eof

    @property
    def unused_data(self) -> bytes:
        return self._decoder.unused_data + bytes(self._rest)

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        rest = memoryview(bytes(self._rest) + data) if data else self._rest
        found: list[bytes] = []
        length = 0
        while rest and length < max_length and not self._decoder.eof:
            found.append(self._decoder.decompress(rest[:_ZSTD_FEED_BYTES]))
            length += len(found[-1])
            rest = rest[_ZSTD_FEED_BYTES:]
        self._rest = rest
        return b"".join(found)


def gzip_member() -> Decoder:
    return Inflater(31)


def raw_deflate() -> Decoder:
    return Inflater(-15)


def bzip2_stream() -> Decoder:
    return bz2.BZ2Decompressor()


def xz_stream() -> Decoder:
    return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=MEMORY_BYTES)


def lzma_alone() -> Decoder:
    """LZMA behind the 13 bytes that say its properties, dictionary and size."""
    return lzma.LZMADecompressor(lzma.FORMAT_ALONE, memlimit=MEMORY_BYTES)
