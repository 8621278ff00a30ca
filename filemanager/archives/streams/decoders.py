"""Decoders that give out bounded pieces: one interface over four libraries.

What a stream announces decides how much memory its decoder may use: up to 32 MiB anyone may, more
only whose turn it is, and beyond the limit of the budget it is refused by name.
"""

import bz2
import lzma
from collections.abc import Iterator
from typing import Protocol

import zstandard
from zlib_ng import zlib_ng

from filemanager.archives.faults import Fault
from filemanager.domain.intake.budget import SMALL_DECODER_BYTES, Budget
from filemanager.domain.intake.unpacking import ArchiveRefused

PIECE_BYTES = 1 << 20
HEAD_BYTES = 2048
"""As much of a stream as its announcements need: a block header of xz has up to 1024 bytes."""

_ZSTD_LEAST_BYTES = 1 << 20
"""A window that every decoder may have."""

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
            if _is_about_memory(error):
                detail = "it needs more memory in its middle than it announces at its beginning"
                raise ArchiveRefused(Fault.TOO_MUCH_MEMORY, detail) from error
            raise ArchiveRefused(Fault.DAMAGED, "its compressed data is damaged") from error
        yield piece
        if len(piece) < PIECE_BYTES:
            return
        data = b""


def _is_about_memory(error: Exception) -> bool:
    # Both libraries name the limit in the message only.
    return "memory" in str(error).lower()


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

    def __init__(self, window_bytes: int) -> None:
        decoder = zstandard.ZstdDecompressor(max_window_size=window_bytes)
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


def gzip_member(_head: bytes, _budget: Budget) -> Decoder:
    return Inflater(31)


def raw_deflate(_head: bytes, _budget: Budget) -> Decoder:
    return Inflater(-15)


def bzip2_stream(_head: bytes, _budget: Budget) -> Decoder:
    return bz2.BZ2Decompressor()


def zstd_frame(head: bytes, budget: Budget) -> Decoder:
    try:
        window_bytes = zstandard.get_frame_parameters(head).window_size
    except zstandard.ZstdError as error:
        raise ArchiveRefused(Fault.DAMAGED, "its compressed data is damaged") from error
    # A decoder holds the window and the pieces it writes.
    if window_bytes > _small_bytes(budget) // 2:
        _take_turn(budget, is_enough=window_bytes <= budget.limits.decoder_bytes)
    return ZstdFrame(max(window_bytes, _ZSTD_LEAST_BYTES))


def xz_stream(head: bytes, budget: Budget) -> Decoder:
    return _lzma(lzma.FORMAT_XZ, head, budget)


def lzma_alone(head: bytes, budget: Budget) -> Decoder:
    """LZMA behind the 13 bytes that say its properties, dictionary and size."""
    return _lzma(lzma.FORMAT_ALONE, head, budget)


def _lzma(form: int, head: bytes, budget: Budget) -> Decoder:
    limit_bytes = _small_bytes(budget)
    if not _is_enough(limit_bytes, form, head):
        limit_bytes = budget.limits.decoder_bytes
        _take_turn(budget, is_enough=_is_enough(limit_bytes, form, head))
    return lzma.LZMADecompressor(form, memlimit=limit_bytes)


def _is_enough(memory_bytes: int, form: int, head: bytes) -> bool:
    """Whether what *head* announces fits; what is damaged shows when it is decoded."""
    try:
        lzma.LZMADecompressor(form, memlimit=memory_bytes).decompress(head, 1)
    except lzma.LZMAError as error:
        return not _is_about_memory(error)
    return True


def _small_bytes(budget: Budget) -> int:
    return min(SMALL_DECODER_BYTES, budget.limits.decoder_bytes)


def _take_turn(budget: Budget, *, is_enough: bool) -> None:
    """Raises ``ArchiveRefused`` where not even the whole limit *is_enough*."""
    if not is_enough:
        limit_bytes = budget.limits.decoder_bytes
        limit = f"decompressing it needs more than {limit_bytes >> 20} MiB of memory"
        raise ArchiveRefused(Fault.TOO_MUCH_MEMORY, limit)
    budget.turn.take()
