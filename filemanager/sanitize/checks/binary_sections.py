"""Parts of PostScript that hold bytes and no lines (``%%BeginBinary``, ``%%BeginData``)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from filemanager.domain.blobs.blob import CHUNK_BYTES, Content
from filemanager.domain.intake.scratch import Scratch
from filemanager.sanitize.pieces import chunks

Range = tuple[int, int]

_MARK = re.compile(rb"(?<=[\r\n])%%(?:Begin(Binary|Data):([^\r\n]{0,80})|End(Binary|Data))")
_LONGEST_MARK = 128
_LINES_OF = re.compile(rb"\s*\d*\s*(?:hex|ascii)", re.IGNORECASE)
_COUNT = re.compile(rb"\s*(\d{1,12})(?![^\r\n]*lines)", re.IGNORECASE)
_PLAIN = bytes([*range(0x20, 0x7F), *b"\t\n\r\f"])
_MOST = 10_000
"""A file with more sections is no picture; what is behind them is left alone."""


@dataclass(frozen=True, slots=True)
class _Mark:
    """``start`` and ``stop`` of a comment, ``begins`` or ``ends`` what it speaks of."""

    start: int
    stop: int
    begins: bytes | None
    ends: bytes | None
    terms: bytes

    @property
    def counted_stop(self) -> int:
        """No end is before this: that many bytes are announced."""
        count = _COUNT.match(self.terms)
        return self.stop + (int(count[1]) if count else 0)

    @property
    def begins_bytes(self) -> bool:
        """Hexadecimal digits and base 85 are lines."""
        return self.begins is not None and not (
            self.begins == b"Data" and _LINES_OF.match(self.terms)
        )


def binary_sections(content: Content, _scratch: Scratch) -> tuple[Range, ...]:
    """What is kept to the byte, from the end of the opening comment to the closing one.

    A section that does not end, or that another begins in, goes on to the end of the file. One
    of plain characters alone (base 85, as image editors write it) holds lines after all.
    """
    with content.open() as reader:
        return tuple(one for one in _sections(content) if _holds_bytes(reader, one))


def _sections(content: Content) -> list[Range]:
    found: list[Range] = []
    opened: _Mark | None = None
    for mark in _marks(content):
        if opened is None:
            opened = mark if mark.begins_bytes else None
        elif mark.start < opened.counted_stop:
            continue
        elif mark.ends == opened.begins and len(found) < _MOST:
            found.append((opened.stop, mark.start))
            opened = None
        elif mark.begins_bytes or mark.ends == opened.begins:
            break
    if opened is not None:
        found.append((opened.stop, content.size_bytes))
    return found


def _holds_bytes(reader: BinaryIO, section: Range) -> bool:
    start, stop = section
    reader.seek(start)
    while start < stop and (part := reader.read(min(CHUNK_BYTES, stop - start))):
        if part.translate(None, _PLAIN):
            return True
        start += len(part)
    return False


def _marks(content: Content) -> Iterator[_Mark]:
    """By whole chunks and what a mark at their border needs of the one before."""
    held, offset, seen = b"\n", -1, 0
    for chunk in chunks(content):
        data = held + chunk
        for found in _MARK.finditer(data):
            is_whole = found.start() <= len(data) - _LONGEST_MARK or (
                offset + len(data) == content.size_bytes
            )
            if is_whole and offset + found.start() >= seen:
                seen = offset + found.end()
                yield _Mark(offset + found.start(), seen, found[1], found[3], found[2] or b"")
        kept = min(len(data), _LONGEST_MARK)
        offset, held = offset + len(data) - kept, data[len(data) - kept :]
