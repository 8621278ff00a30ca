"""Chunks of bytes on their way to a client: a range of them, and handy sizes."""

from collections.abc import Iterable, Iterator

JOINED_BYTES = 256 << 10
"""Chunks below this are joined, so that small files do not make many small writes."""

FIRST_BYTES = 16 << 10
"""The first chunk is given out from here on, so that a client does not wait for many files."""


def part_of(chunks: Iterable[bytes], start: int, stop: int) -> Iterator[bytes]:
    """Bytes ``[start, stop)`` of the chunks, all of which are read."""
    position = 0
    for chunk in chunks:
        first, last = max(0, start - position), min(len(chunk), stop - position)
        if first < last:
            yield chunk[first:last]
        position += len(chunk)


def joined(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in chunks of 256 KiB or more; the first, the last and those before a large one
    may have less.
    """
    small: list[bytes] = []
    waiting, enough = 0, FIRST_BYTES
    for chunk in chunks:
        if len(chunk) >= JOINED_BYTES:
            if small:
                yield b"".join(small)
                small, waiting = [], 0
            yield chunk  # not copied
            continue
        small.append(chunk)
        waiting += len(chunk)
        if waiting >= enough:
            yield b"".join(small)
            small, waiting, enough = [], 0, JOINED_BYTES
    if small:
        yield b"".join(small)
