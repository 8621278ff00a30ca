"""Compressed streams in front of a tar, or of a single file.

====================================  =================================================
several members one after another     read as one, as gzip, bzip2, xz and zstd do
zstd's skippable frames (pzstd)       passed over
zeros behind the last member          padding
anything else behind a gzip           counted, as gzip(1) ignores it with a warning, unless
                                      a member (1F 8B) follows zeros (``trailing_data``)
anything else behind another kind     refused (``trailing_data``)
an end inside a member                refused (``truncated``)
====================================  =================================================
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from filemanager.archives.faults import Fault
from filemanager.archives.streams import lzw
from filemanager.archives.streams.byte_stream import ByteStream
from filemanager.archives.streams.decoders import (
    HEAD_BYTES,
    Decoder,
    bzip2_stream,
    gzip_member,
    pieces,
    xz_stream,
    zstd_frame,
)
from filemanager.domain.intake.budget import Budget
from filemanager.domain.intake.unpacking import ArchiveRefused

_COMPRESS = "compress"
_GZIP = "gzip"
_ZSTD = "zstd"

_MAGIC = {
    _GZIP: b"\x1f\x8b",
    "bzip2": b"BZh",
    "xz": b"\xfd7zXZ\0",
    _ZSTD: b"\x28\xb5\x2f\xfd",
    _COMPRESS: b"\x1f\x9d",
}

_DECODERS: Mapping[str, Callable[[bytes, Budget], Decoder]] = {
    _GZIP: gzip_member,
    "bzip2": bzip2_stream,
    "xz": xz_stream,
    _ZSTD: zstd_frame,
}

_CHECKSUM_BITS = {"xz": (7, 0x0F), _ZSTD: (4, 0x04)}
"""Where a head says whether its member ends with a checksum; those of the others always do."""

_SKIPPABLE = b"\x2a\x4d\x18"
_SKIPPABLE_FIRST = range(0x50, 0x60)
_SKIPPABLE_HEAD_BYTES = 8


def compression_of(head: bytes) -> str:
    """The word of ``Unpacked.compression`` for the first bytes of a file; empty for none.

    The more of a file *head* is, the more skippable frames it tells from other formats that have
    them too.
    """
    at = 0
    while (size_bytes := _skippable_bytes(head[at : at + _SKIPPABLE_HEAD_BYTES])) is not None:
        at += size_bytes
    if at:
        return _ZSTD if head.startswith(_MAGIC[_ZSTD], at) else ""
    return next((name for name, magic in _MAGIC.items() if head.startswith(magic)), "")


class Decompression:
    """Pieces of at most 9 MiB, some of them empty: at least one comes for each chunk and member,
    so that the consumer can look at the clock. They raise ``ArchiveRefused`` and what a budget
    raises.

    ``trailing_bytes`` and ``has_checksum`` are right once all pieces came.
    """

    def __init__(self, compression: str, chunks: Iterable[bytes], budget: Budget) -> None:
        self.trailing_bytes = 0
        self.has_checksum = compression != _COMPRESS
        self._compression = compression
        self._source = ByteStream(chunks)
        self._budget = budget

    def __iter__(self) -> Iterator[bytes]:
        if self._compression == _COMPRESS:
            return lzw.decompressed(self._source)
        return self._members()

    def _members(self) -> Iterator[bytes]:
        magic = _MAGIC[self._compression]
        yield from self._skippable_frames()
        while self._source.peek(len(magic)) == magic:
            head = self._source.peek(HEAD_BYTES)
            self.has_checksum &= _has_checksum(self._compression, head)
            yield from self._member(_DECODERS[self._compression](head, self._budget))
            yield from self._skippable_frames()
        yield from self._rest()

    def _member(self, decoder: Decoder) -> Iterator[bytes]:
        while not decoder.eof:
            data = self._source.take_some()
            if not data:
                raise ArchiveRefused(Fault.TRUNCATED, "its compressed data ends too early")
            yield from pieces(decoder, data)
        self._source.give_back(decoder.unused_data)

    def _skippable_frames(self) -> Iterator[bytes]:
        if self._compression != _ZSTD:
            return
        while (
            size_bytes := _skippable_bytes(self._source.peek(_SKIPPABLE_HEAD_BYTES))
        ) is not None:
            for _ in self._source.pieces(size_bytes):
                yield b""

    def _rest(self) -> Iterator[bytes]:
        """Behind the last member."""
        count, is_padding = 0, True
        while chunk := self._source.take_some():
            if is_padding and (rest := chunk.lstrip(b"\0")):
                is_padding = False
                self._check_rest(rest + self._source.peek(1))
            count += len(chunk)
            yield b""
        self.trailing_bytes = 0 if is_padding else count

    def _check_rest(self, rest: bytes) -> None:
        # gzip(1) stops at zeros, other readers look for a member behind them.
        if self._compression != _GZIP or rest.startswith(_MAGIC[_GZIP]):
            raise ArchiveRefused(
                Fault.TRAILING_DATA, f"data follows the end of its {self._compression} data"
            )


def _has_checksum(compression: str, head: bytes) -> bool:
    if compression not in _CHECKSUM_BITS:
        return True
    at, bits = _CHECKSUM_BITS[compression]
    return len(head) > at and bool(head[at] & bits)


def _skippable_bytes(head: bytes) -> int | None:
    """How long a skippable frame is whose first bytes are *head*; None where it is none."""
    if len(head) < _SKIPPABLE_HEAD_BYTES or head[0] not in _SKIPPABLE_FIRST:
        return None
    if head[1:4] != _SKIPPABLE:
        return None
    return _SKIPPABLE_HEAD_BYTES + int.from_bytes(head[4:8], "little")
