"""PostScript whose header is dented: junk before it, or characters that do not belong to it."""

import re
from dataclasses import dataclass, field

from filemanager.domain.blobs.blob import Content
from filemanager.domain.intake.scratch import Scratch
from filemanager.sanitize.kinds.line_starts import lines_of
from filemanager.sanitize.pieces import assembled, pieces

_LINES = 12
_SHOWN_BYTES = 75
_NO_HEADER = b"%!\n"

_CONTROL_D = (re.compile(rb"\A%*\x04%!"), b"%!", "Removed carriage return from PSheader.")
_DOUBLE = (re.compile(rb"\A%%!"), b"%!", "Removed extra '%' from PS header.")
_BEFORE = (
    re.compile(rb"\A.*?%!PS-Adobe-", re.DOTALL),
    b"%!PS-Adobe-",
    "Removed extraneous characters before PS header.",
)
_LINES_DROPPED = "Removed extraneous lines in front of PS header."


@dataclass(frozen=True, slots=True)
class Header:
    """``content`` is None where nothing had to be repaired.

    ``dropped`` is what stood in whole lines before the header, ``shown`` the header's beginning.
    """

    content: Content | None
    shown: bytes
    parts: tuple[str, ...] = ()
    dropped: Content | None = None


@dataclass(slots=True)
class _Search:
    """Where the header is: ``start`` and ``stop`` of its line, what the line becomes, and why."""

    start: int = 0
    stop: int = 0
    line: bytes = _NO_HEADER
    parts: list[str] = field(default_factory=list)


def repaired_header(content: Content, scratch: Scratch) -> Header:
    """Look at the first dozen lines until one begins ``%!``.

    A proper ``%!PS-Adobe-`` counts as repaired too, since the original says so of every file that
    gets here.
    """
    search = _found(content)
    shown = search.line[:_SHOWN_BYTES]
    if not search.parts:
        return Header(None, shown)
    rest = [(search.stop, content.size_bytes)]
    result = assembled(content, scratch, rest, before=search.line)
    if not search.start:
        return Header(result, shown, tuple(search.parts))
    dropped = assembled(content, scratch, [(0, search.start)])
    return Header(result, shown, (*search.parts, _LINES_DROPPED), dropped)


def _found(content: Content) -> _Search:
    search = _Search()
    first = next(pieces(content), None)
    lines = lines_of(first.data) if first else iter(())
    for line, _ in zip(lines, range(_LINES), strict=False):
        search.start, search.stop = search.stop, search.stop + len(line)
        repaired = _repaired(line, search.parts)
        if repaired.startswith(b"%!"):
            search.line = repaired
            return search
    return _Search()


def _repaired(line: bytes, parts: list[str]) -> bytes:
    for pattern, replacement, part in (_CONTROL_D, _DOUBLE, _BEFORE):
        line, changes = pattern.subn(replacement, line, count=1)
        if changes:
            parts.append(part)
    return line
