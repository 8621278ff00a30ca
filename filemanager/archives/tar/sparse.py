"""The maps of sparse files: which pieces of a file are stored; between them are zeros.

=====================================  ====================================================
pieces out of order or overlapping     refused (``contradiction``)
a last piece that does not end where   refused (``contradiction``)
the file does
pieces that are not the stored data    refused (``contradiction``)
more than 100,000 pieces               refused (``bad_size``)
=====================================  ====================================================
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from filemanager.archives.faults import Fault
from filemanager.archives.streams.byte_stream import ByteStream
from filemanager.archives.tar.ustar import BLOCK_BYTES, Header, number
from filemanager.domain.intake.unpacking import ArchiveRefused

MAX_PIECES = 100_000

Piece = tuple[int, int]
"""Offset and length."""

_CHUNK_BYTES = 24
_IN_HEADER = slice(386, 482)
_MORE_IN_HEADER = 482
_SIZE_IN_HEADER = slice(483, 495)
_IN_BLOCK = slice(0, 504)
_MORE_IN_BLOCK = 504
_NUMBER = re.compile(rb"[0-9]{1,20}")


@dataclass(frozen=True, slots=True)
class SparseMap:
    """A map that adds up: made by ``checked_map`` only."""

    size_bytes: int
    stored_bytes: int
    pieces: Sequence[Piece]

    @property
    def hole_bytes(self) -> int:
        return self.size_bytes - self.stored_bytes


def checked_map(size_bytes: int, stored_bytes: int, pieces: Sequence[Piece]) -> SparseMap:
    """Raises ``ArchiveRefused``."""
    end = 0
    for offset, length in pieces:
        if offset < end:
            raise ArchiveRefused(Fault.CONTRADICTION, "the pieces of a sparse file overlap")
        end = offset + length
    if end != size_bytes or sum(length for _, length in pieces) != stored_bytes:
        raise disagreement()
    return SparseMap(size_bytes, stored_bytes, pieces)


def old_gnu_map(header: Header, stored_bytes: int, stream: ByteStream) -> SparseMap:
    """Read the blocks of the map that follow *header*. Raises ``ArchiveRefused``."""
    pieces = _pieces_in(header.block[_IN_HEADER])
    has_more = header.block[_MORE_IN_HEADER]
    while has_more:
        block = _block(stream)
        pieces += _pieces_in(block[_IN_BLOCK])
        check_count(len(pieces))
        has_more = block[_MORE_IN_BLOCK]
    return checked_map(number(header.block[_SIZE_IN_HEADER]), stored_bytes, pieces)


def map_in_front(size_bytes: int, stored_bytes: int, stream: ByteStream) -> SparseMap:
    """Read the map in front of the data: lines with numbers, their count first.

    Raises ``ArchiveRefused``.
    """
    numbers: list[int] = []
    rest = b""
    while not numbers or len(numbers) <= 2 * numbers[0]:
        *lines, rest = (rest + _block(stream)).split(b"\n")
        stored_bytes -= BLOCK_BYTES
        numbers += map(decimal, lines)
        check_count(numbers[0] if numbers else 0)
        if not lines or stored_bytes < 0:
            raise disagreement()
    if len(numbers) != 2 * numbers[0] + 1 or rest.strip(b"\0"):
        raise ArchiveRefused(Fault.HIDDEN_DATA, "data stands behind the map of a sparse file")
    return checked_map(
        size_bytes, stored_bytes, list(zip(numbers[1::2], numbers[2::2], strict=True))
    )


def _pieces_in(field: bytes) -> list[Piece]:
    chunks = (field[at : at + _CHUNK_BYTES] for at in range(0, len(field), _CHUNK_BYTES))
    return [(number(chunk[:12]), number(chunk[12:])) for chunk in chunks if any(chunk)]


def _block(stream: ByteStream) -> bytes:
    block = stream.take(BLOCK_BYTES)
    if len(block) < BLOCK_BYTES:
        raise ArchiveRefused(Fault.TRUNCATED, "it ends in the map of a sparse file")
    return block


def decimal(text: bytes) -> int:
    """Raises ``ArchiveRefused``."""
    if not _NUMBER.fullmatch(text):
        raise ArchiveRefused(Fault.BAD_NUMBER, "the map of a sparse file cannot be read")
    return int(text)


def check_count(pieces: int) -> None:
    """Raises ``ArchiveRefused`` for too many."""
    if pieces > MAX_PIECES:
        raise ArchiveRefused(Fault.BAD_SIZE, f"a sparse file has more than {MAX_PIECES} pieces")


def disagreement() -> ArchiveRefused:
    return ArchiveRefused(Fault.CONTRADICTION, "the map of a sparse file does not add up")
