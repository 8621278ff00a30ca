"""Rules that look at the first forty lines only."""

import re
from dataclasses import dataclass

from filemanager.domain.trees.kinds import FileKind

LAST_LINE = 40
"""No rule of this module looks behind it."""

_COMMENTS = re.compile(rb"%(?:[!&]|auto-i)")
_TEXINFO_WORD, _MIME_WORD, _HTML_WORD = b"\\input texinfo", b"content-type: ", b"<html"
"""In lower case; every rule of this module needs one of them, or one of these comments."""

_AUTO_IGNORE = re.compile(rb"%auto-ignore")
_TEXINFO = re.compile(rb"\\input texinfo")
_MIME = re.compile(rb"(?:\A|\r)Content-type: ", re.IGNORECASE)
_FONT = re.compile(
    rb"^(?:.{6})?%!(?:PS-AdobeFont-1\.|FontType1|PS-Adobe-3\.0 Resource-Font)",
    re.DOTALL | re.MULTILINE,
)
_POSTSCRIPT = re.compile(rb"%! ?PS|%![ \t\f]*(?:[\r\n]|\Z)")
_CONTROL_D = re.compile(rb"%*\x04%!")
_FORMAT = re.compile(rb"\r?%&(\S+)")
_LATEX_FORMATS = frozenset({b"latex209", b"biglatex", b"latex", b"LaTeX"})
_HTML = re.compile(rb"<html[>\s]", re.IGNORECASE)
_AUTO_INCLUDE = re.compile(rb"%auto-include")

_FIRST_LINES = 10
_FONT_LINES = 7
_FORMAT_LINES = 12


def may_open(head: bytes) -> bool:
    """False where no rule of this module can hold for any line of *head*."""
    # Word by word this takes a tenth of what one pattern of all words does, but for the words of
    # two characters, whose search stops at each comment.
    lowered = head.lower()
    return (
        _TEXINFO_WORD in lowered
        or _MIME_WORD in lowered
        or _HTML_WORD in lowered
        or _COMMENTS.search(lowered) is not None
    )


@dataclass(frozen=True, slots=True)
class Opening:
    """What is known at a line besides it: everything up to its end, TeX's commands, the name."""

    read: bytes
    has_commands: bool
    is_called_postscript: bool


def opens_postscript(line: bytes, *, is_called_postscript: bool) -> bool:
    """``%!`` alone begins editors' comments too: ``%!TeX``, ``%! TEX root``, ``%!BIB``."""
    return line.startswith(b"%!") and (is_called_postscript or bool(_POSTSCRIPT.match(line)))


def kind_of_opening(line: bytes, number: int, opening: Opening) -> FileKind | None:
    """*line* is whole, its comment included.

    LATEX2E stands for the choice between LaTeX2e and pdfLaTeX, which is the caller's.
    """
    if number <= _FIRST_LINES and _AUTO_IGNORE.search(line):
        return FileKind.IGNORE
    if number <= _FIRST_LINES and _TEXINFO.search(line):
        return FileKind.TEXINFO
    if _MIME.search(line):
        return FileKind.MULTI_PART_MIME
    if number == 1 and line.startswith(b"%!TEX "):
        return FileKind.LATEX2E
    return _of_postscript(line, number, opening) or _of_rest(line, number)


def _of_postscript(line: bytes, number: int, opening: Opening) -> FileKind | None:
    if number <= _FONT_LINES and _FONT.search(opening.read):
        return FileKind.PS_FONT
    if number == 1:
        return _of_first_line(line, opening)
    is_header = number <= _FIRST_LINES and line.startswith(b"%!PS")
    return FileKind.PS_PC if is_header and not opening.has_commands else None


def _of_first_line(line: bytes, opening: Opening) -> FileKind | None:
    if opens_postscript(line, is_called_postscript=opening.is_called_postscript):
        return FileKind.POSTSCRIPT
    is_dented = _CONTROL_D.match(line) or b"%!PS-Adobe" in line
    return FileKind.PS_PC if is_dented else None


def _of_rest(line: bytes, number: int) -> FileKind | None:
    if number <= _FORMAT_LINES and (format_ := _FORMAT.match(line)):
        return FileKind.LATEX if format_[1] in _LATEX_FORMATS else FileKind.TEX_MAC
    if number <= _FIRST_LINES and _HTML.search(line):
        return FileKind.HTML
    if number <= _FIRST_LINES and _AUTO_INCLUDE.search(line):
        return FileKind.INCLUDE
    return None
