"""Reading and copying contents of any size in bounded memory."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from filemanager.domain.blobs.blob import CHUNK_BYTES, Content
from filemanager.domain.intake.scratch import Scratch

BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some lines of a content: where they begin, and the number of the first, from 1."""

    offset: int
    number: int
    data: bytes


def chunks(content: Content) -> Iterator[bytes]:
    with content.open() as reader:
        while chunk := reader.read(CHUNK_BYTES):
            yield chunk


def pieces(content: Content) -> Iterator[Piece]:
    """The content as pieces that end with a line.

    A line longer than a mebibyte comes in several pieces of the same number, each looked at as if
    it began a line: no text has such lines, and memory stays bounded.
    """
    offset, number, carried, before = 0, 1, b"", b""
    for chunk in chunks(content):
        data = carried + chunk
        end = data.rfind(b"\n") + 1
        if not end and len(data) >= CHUNK_BYTES:
            end = len(data)
        carried = data[end:]
        if end:
            # Counted once something follows: of most contents there is one piece.
            number += before.count(b"\n")
            before = data[:end] if carried else data
            yield Piece(offset, number, before)
            offset += end
    if carried:
        yield Piece(offset, number + before.count(b"\n"), carried)


def without_mark(found: Iterable[Piece]) -> Iterator[Piece]:
    """The same pieces, but that UTF-8's mark in front of them is no part of the first line."""
    for piece in found:
        data = piece.data if piece.offset else piece.data.removeprefix(BYTE_ORDER_MARK)
        yield Piece(piece.offset, piece.number, data)


def assembled(
    content: Content, scratch: Scratch, ranges: Iterable[tuple[int, int]], before: bytes = b""
) -> Content:
    """A new content: *before*, then the ranges (start, stop) of *content*."""
    writer = scratch.writer()
    writer.write(before)
    with content.open() as reader:
        for start, stop in ranges:
            if start == stop:
                continue
            reader.seek(start)
            left = stop - start
            while left > 0 and (chunk := reader.read(min(left, CHUNK_BYTES))):
                writer.write(chunk)
                left -= len(chunk)
    return writer.finish()
