"""The kind of a text by its lines: TeX in its dialects, PostScript, HTML and what else is text."""

import re
from dataclasses import dataclass

from filemanager.domain.blobs.blob import Content
from filemanager.domain.trees.kinds import FileKind
from filemanager.sanitize.kinds.by_opening import (
    LAST_LINE,
    Opening,
    kind_of_opening,
    may_open,
)
from filemanager.sanitize.kinds.latex import latex_kind
from filemanager.sanitize.kinds.line_starts import at_start, lines_of, starts_line, without_comments
from filemanager.sanitize.pieces import Piece, pieces, without_mark

_STYLE = re.compile(rb"\\documentstyle")
_CLASS = re.compile(rb"\\documentclass")
_STARTER = re.compile(rb"\\(?:font|magnification|input|def|special|baselineskip|begin)")
_ENDER = re.compile(rb"\\(?:end|bye)(?!\S)")
_AMS = re.compile(rb"\\input[^\S\n]+amstex")
_MACROS = re.compile(rb"\\input(?:[^\S\n]*(?:harvmac|lanlmac)|[^\S\n]+phyzzx)")
_METAFONT = b"beginchar("
_BIBTEX = re.compile(rb"@(?:book|article|inbook|unpublished)\{", re.IGNORECASE)
_UUENCODED = re.compile(rb"begin [0-9]{1,4}\s+\S+(\r?)\n?")
_OTHER_FILE = re.compile(rb"\\begin[^\S\n]*\{filecontents")
_OTHER_FILE_END = re.compile(rb"\\end[^\S\n]*\{filecontents")
_REPLACED = b"paper deliberately replaced by what little"

_CANDIDATE = re.compile(
    rb"\\document(?:style|class)"
    rb"|\\(?:begin|end)[^\S\n]*\{filecontents"
    rb"|\\input[^\S\n]*(?:amstex|harvmac|lanlmac|phyzzx)"
    rb"|beginchar\("
    rb"|@(?:[bB][oO][oO]|[aA][rR][tT]|[iI][nN][bB]|[uU][nN][pP])"
    rb"|(?m:^)begin [0-9]"
    rb"|paper deliberately replaced by what little"
)
# Looked for before anything is cut or split: most large files are no text, and hold none of them.
# Cutting a comment never makes one of these, so a text without them says nothing.
_COMMAND = re.compile(
    rb"\\(?:font|magnification|input|def|special|baselineskip|begin|end|bye|document)"
)
_ENTRY = re.compile(rb"@(?:[bB][oO][oO]|[aA][rR][tT]|[iI][nN][bB]|[uU][nN][pP])")
_WORDS = (_METAFONT, b"begin ", _REPLACED)

_OPENING = re.compile(rb"(?:[^\n]*\n){%d}" % LAST_LINE)

LINES_BYTES = 16 << 20
"""Lines behind this are not looked at: no source is that long (decision 0006)."""


@dataclass(slots=True)
class Hints:
    r"""What was seen of TeX so far: its commands (A), ``\end`` or ``\bye`` at a line's start (B),
    and anywhere (C). The lines of a ``filecontents`` body are those of another file.
    """

    has_commands: bool = False
    has_end_at_start: bool = False
    has_end: bool = False
    is_in_other_file: bool = False
    is_called_postscript: bool = False

    def see(self, text: bytes) -> None:
        """*text* is without comments and begins with a line."""
        if b"\\" not in text:
            return
        self.has_commands = self.has_commands or at_start(_STARTER, text)
        if not self.has_end_at_start:
            self._see_ends(text)

    def _see_ends(self, text: bytes) -> None:
        for found in _ENDER.finditer(text):
            self.has_end = True
            if starts_line(text, found.start()):
                self.has_end_at_start = True
                return

    def verdict(self) -> FileKind:
        """For a text whose lines all left it open."""
        if self.has_end_at_start:
            return FileKind.TEX_PRIORITY
        if self.has_end:
            return FileKind.TEX_PRIORITY_2
        return FileKind.TEX if self.has_commands else FileKind.FAILED


def kind_of_lines(content: Content, *, is_called_postscript: bool = False) -> FileKind:
    """Decide at the first line that tells; linear in the size, in bounded memory."""
    hints = Hints(is_called_postscript=is_called_postscript)
    for piece in without_mark(pieces(content)):
        if piece.offset >= LINES_BYTES:
            break
        if kind := _of_piece(piece, content, hints):
            return kind
    return hints.verdict()


def _of_piece(piece: Piece, content: Content, hints: Hints) -> FileKind | None:
    opening_end = 0
    if piece.offset == 0:
        opening_end = _end_of_opening(piece.data)
        if may_open(piece.data[:opening_end]):
            if kind := _of_opening(piece.data, opening_end, content, hints):
                return kind
        else:
            opening_end = 0
    text = piece.data[opening_end:] if opening_end else piece.data
    if not _may_tell(text):
        return None
    number = piece.number + piece.data.count(b"\n", 0, opening_end)
    return _of_body(Piece(0, number, without_comments(text)), content, hints)


def _may_tell(text: bytes) -> bool:
    return (
        _COMMAND.search(text) is not None
        or _ENTRY.search(text) is not None
        or any(word in text for word in _WORDS)
    )


def _end_of_opening(data: bytes) -> int:
    found = _OPENING.match(data)
    return len(data) if found is None else found.end()


def _of_opening(data: bytes, end: int, content: Content, hints: Hints) -> FileKind | None:
    """Line by line, since the first lines have rules of their own before the common ones."""
    read = 0
    for number, line in enumerate(lines_of(data[:end]), 1):
        read += len(line)
        opening = Opening(data[:read], hints.has_commands, hints.is_called_postscript)
        kind = kind_of_opening(line, number, opening)
        if kind is FileKind.LATEX2E:
            return latex_kind(content, number)
        kind = kind or _of_line(without_comments(line), number, content, hints)
        if kind:
            return kind
    return None


def _of_body(body: Piece, content: Content, hints: Hints) -> FileKind | None:
    """Only lines with a word that can decide are looked at by themselves."""
    text, seen, number = body.data, 0, body.number
    for found in _CANDIDATE.finditer(text):
        if found.start() < seen:
            continue
        start = text.rfind(b"\n", seen, found.start()) + 1 or seen
        end = text.find(b"\n", found.end()) + 1 or len(text)
        hints.see(text[seen:start])
        number += text.count(b"\n", seen, start)
        if kind := _of_line(text[start:end], number, content, hints):
            return kind
        seen, number = end, number + 1
    hints.see(text[seen:])
    return None


def _of_line(line: bytes, number: int, content: Content, hints: Hints) -> FileKind | None:
    """The common rules in their order; *line* is without its comment."""
    if _is_of_other_file(line, hints):
        hints.see(line)
        return None
    if at_start(_STYLE, line):
        return FileKind.LATEX
    if at_start(_CLASS, line):
        return latex_kind(content, number)
    if _AMS.search(line) and at_start(_STARTER, line):
        return FileKind.TEX_PRIORITY
    hints.see(line)
    return _of_other_line(line, hints)


def _is_of_other_file(line: bytes, hints: Hints) -> bool:
    was_in_other_file = hints.is_in_other_file
    if at_start(_OTHER_FILE, line):
        hints.is_in_other_file = True
    if _OTHER_FILE_END.search(line):
        hints.is_in_other_file = False
    return was_in_other_file or hints.is_in_other_file


def _of_other_line(line: bytes, hints: Hints) -> FileKind | None:
    if _MACROS.search(line):
        return FileKind.TEX_MAC
    if _METAFONT in line:
        return FileKind.MF
    if any(_opens_entry(line, found.start()) for found in _BIBTEX.finditer(line)):
        return FileKind.BIBTEX
    if uuencoded := _UUENCODED.fullmatch(line):
        return _of_uuencoded(hints, ends_in_return=bool(uuencoded[1]))
    return FileKind.ALWAYS_IGNORE if _REPLACED in line else None


def _opens_entry(line: bytes, at: int) -> bool:
    return at == 0 or line[at - 1 : at] == b"\r"


def _of_uuencoded(hints: Hints, *, ends_in_return: bool) -> FileKind:
    if hints.has_end_at_start:
        return FileKind.TEX_PRIORITY
    if hints.has_commands:
        return FileKind.TEX
    return FileKind.PC if ends_in_return else FileKind.UUENCODED
