"""Previews inside PostScript: found and stripped, whole lines, in bounded memory."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from filemanager.domain.blobs.blob import Content
from filemanager.domain.intake.scratch import Scratch
from filemanager.sanitize.checks.binary_sections import binary_sections
from filemanager.sanitize.pieces import assembled, pieces


@dataclass(frozen=True, slots=True)
class Marks:
    """How a kind of preview is announced, begun and ended."""

    hint: bytes
    begin: bytes
    end: bytes


class Preview(Enum):
    THUMBNAIL = Marks(rb"Thumbnail:", rb"Thumbnail", rb"%%EndData")
    PREVIEW = Marks(rb"BeginPreview", rb"^%%BeginPreview", rb"^%%EndPreview")
    PHOTOSHOP = Marks(rb"BeginPhotoshop", rb"^%BeginPhotoshop", rb"^%EndPhotoshop")

    @property
    def title(self) -> str:
        return self.name.capitalize()


@dataclass(frozen=True, slots=True)
class Stripped:
    """``content`` is None where a preview has a beginning and no end, and nothing was stripped.

    Lines count from 1; those of the last preview of the kind, ``last_line`` 0 without an end.
    """

    content: Content | None
    first_line: int
    last_line: int


@dataclass(frozen=True, slots=True)
class _Section:
    """Lines ``first`` to ``last`` (0: it does not end) at bytes ``start`` to ``stop``."""

    start: int
    stop: int
    first: int
    last: int


_HINTS = re.compile(b"|".join(preview.value.hint for preview in Preview))
_BY_HINT = {preview.value.hint: preview for preview in Preview}
_PATTERNS = {
    preview: re.compile(
        b"(" + preview.value.begin + b")|(" + preview.value.end + b")", re.MULTILINE
    )
    for preview in Preview
}


def announced(content: Content, _scratch: Scratch) -> tuple[Preview, ...]:
    """The kinds of previews that the file speaks of, in the order of their first mention."""
    found: dict[Preview, None] = {}
    for piece in pieces(content):
        for hint in _HINTS.findall(piece.data):
            found.setdefault(_BY_HINT[hint])
            if len(found) == len(Preview):
                return tuple(found)
    return tuple(found)


def stripped(content: Content, scratch: Scratch, preview: Preview) -> Stripped | None:
    """The content without its previews of that kind.

    None where none begins, or where one holds, or is in, what is announced as binary data.
    """
    last, kept_bytes = None, binary_sections(content, scratch)
    for last in _sections(content, preview):
        if any(start < last.stop and last.start < stop for start, stop in kept_bytes):
            return None
    if last is None:
        return None
    if not last.last:
        return Stripped(None, last.first, 0)
    kept = _kept_ranges(content, preview)
    return Stripped(assembled(content, scratch, kept), last.first, last.last)


def _kept_ranges(content: Content, preview: Preview) -> Iterator[tuple[int, int]]:
    at = 0
    for section in _sections(content, preview):
        yield at, section.start
        at = section.stop
    yield at, content.size_bytes


def _sections(content: Content, preview: Preview) -> Iterator[_Section]:
    """One after another and none kept, since a hostile file has millions."""
    opened: _Section | None = None
    for start, stop, number, is_end in _marked_lines(content, preview):
        if opened is None and not is_end:
            opened = _Section(start, content.size_bytes, number, 0)
        elif opened is not None and is_end:
            yield _Section(opened.start, stop, opened.first, number)
            opened = None
    if opened is not None:
        yield opened


def _marked_lines(content: Content, preview: Preview) -> Iterator[tuple[int, int, int, bool]]:
    """(start, stop, number, whether it is an end) of each line with a mark, by its first mark."""
    for piece in pieces(content):
        data, counted, number = piece.data, 0, piece.number
        for found in _PATTERNS[preview].finditer(data):
            if found.start() < counted:
                continue
            start = data.rfind(b"\n", counted, found.start()) + 1 or counted
            stop = data.find(b"\n", found.end()) + 1 or len(data)
            number += data.count(b"\n", counted, start)
            yield piece.offset + start, piece.offset + stop, number, found[2] is not None
            number += data.count(b"\n", start, stop)
            counted = stop
