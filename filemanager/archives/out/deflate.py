"""Deflate by hand (RFC 1951): blocks whose length and bytes no library decides.

What is made here stands between deflate streams that were compressed long ago, and its length has
to be known before it is made. So nothing is searched for: literals, and runs of one byte.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby

STORED_BLOCK_BYTES = 0xFFFF
STORED_HEAD_BYTES = 5

# Bits are kept as text, the first one first. Huffman codes are written highest bit first, all else
# lowest first (RFC 1951, 3.1.1).
_BLOCK_START = "010"  # not the last block; fixed Huffman codes
_BLOCK_END = "0000000" + "000"  # end of block; not the last block, stored
_EMPTY_STORED = b"\0\0\xff\xff"  # from the next byte border on: its length and the complement
_DISTANCE_ONE = "00000"

# RFC 1951, 3.2.6.
_LITERALS = (
    *(f"{0x30 + index:08b}" for index in range(144)),
    *(f"{0x190 + index:09b}" for index in range(112)),
)

# RFC 1951, 3.2.5: the shortest length of each length code, from code 257 on.
_LENGTH_BASES = (
    *range(3, 11),
    *(11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258),
)
_LONGEST_MATCH = 258
_SHORTEST_MATCH = 3
_EXTRA_BITS_FROM = 8  # the ninth code
_LONG_CODES_FROM = 23  # code 280, the first of eight bits


def block(pairs: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Encode what the pairs joined are: not the last block, and ending on a byte border.

    The first of a pair is taken byte by byte, so that an ASCII one adds its length and no more
    whatever it says; in the second, which should be one of few values, runs are coded as such.
    """
    coded = "".join(_literals(plain) + _runs(filler) for plain, filler in pairs)
    bits = _BLOCK_START + coded + _BLOCK_END
    return int(bits[::-1], 2).to_bytes(-(-len(bits) // 8), "little") + _EMPTY_STORED


@lru_cache(maxsize=512)
def zeros(count: int) -> bytes:
    """Encode *count* zero bytes as a block like ``block``."""
    return block([(b"", bytes(count))])


def wrapped_bytes(size: int) -> int:
    """How long *size* bytes are in stored blocks."""
    return size + STORED_HEAD_BYTES * -(-size // STORED_BLOCK_BYTES)


def wrapped(chunks: Iterable[bytes], first: int, size: int) -> Iterator[bytes]:
    """Put stored blocks around the chunks, which are those of *size* bytes from *first* on.

    *first* is the start of a block, and the chunks end where a block does or *size* does.
    """
    position = first
    for chunk in chunks:
        rest = memoryview(chunk)
        parts: list[bytes | memoryview] = []
        while rest:
            inside = position % STORED_BLOCK_BYTES
            if not inside:
                parts.append(_stored_head(min(STORED_BLOCK_BYTES, size - position)))
            part = rest[: STORED_BLOCK_BYTES - inside]
            parts.append(part)
            rest = rest[len(part) :]
            position += len(part)
        yield b"".join(parts)


def _stored_head(size: int) -> bytes:
    return b"\0" + size.to_bytes(2, "little") + (size ^ 0xFFFF).to_bytes(2, "little")


def _literals(plain: bytes) -> str:
    return "".join([_LITERALS[byte] for byte in plain])


@lru_cache(maxsize=2048)
def _runs(filler: bytes) -> str:
    return "".join(_run(byte, len(list(group))) for byte, group in groupby(filler))


def _run(byte: int, length: int) -> str:
    """One literal and matches at distance 1, or literals alone where a match would be too short."""
    if length <= _SHORTEST_MATCH:
        return _LITERALS[byte] * length
    bits = _LITERALS[byte]
    left = length - 1
    while left:
        match = min(_LONGEST_MATCH, left)
        if 0 < left - match < _SHORTEST_MATCH:
            match -= _SHORTEST_MATCH  # what is left over must be long enough for a match
        bits += _length(match) + _DISTANCE_ONE
        left -= match
    return bits


def _length(match: int) -> str:
    index = bisect_right(_LENGTH_BASES, match) - 1
    code = (
        f"{index + 1:07b}" if index < _LONG_CODES_FROM else f"{0xC0 + index - _LONG_CODES_FROM:08b}"
    )
    return code + _extra(index, match - _LENGTH_BASES[index])


def _extra(index: int, value: int) -> str:
    """Four codes for each number of bits from one on; length 258 has a code of its own."""
    if index < _EXTRA_BITS_FROM or _LENGTH_BASES[index] == _LONGEST_MATCH:
        return ""
    return f"{value:0{index // 4 - 1}b}"[::-1]
