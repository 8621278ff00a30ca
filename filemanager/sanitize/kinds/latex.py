"""Whether a LaTeX2e source is made for pdflatex."""

import re

from filemanager.domain.blobs.blob import Content
from filemanager.domain.trees.kinds import FileKind
from filemanager.sanitize.pieces import pieces

_COMMENT = re.compile(rb"%[^\n]*")
_GRAPHICS = re.compile(rb"\\includegraphics([^\n]*)", re.IGNORECASE)
_BITMAP = re.compile(rb"\.(?:pdf|png|gif|jpg)[^\S\n]*\}", re.IGNORECASE)
_OUTPUT = re.compile(rb"\\pdfoutput[^\S\n]*=[^\S\n]*1")
_LINES_FOR_OUTPUT = 4
r"""``\pdfoutput`` counts on lines numbered below that of the class plus five."""


def latex_kind(content: Content, class_line: int) -> FileKind:
    r"""PDFLATEX or LATEX2E; the whole content is read from the top.

    A line takes part up to its first ``%``. The rest of a line behind ``\includegraphics`` is
    looked through once, however often the word comes.
    """
    for piece in pieces(content):
        text = _COMMENT.sub(b"", piece.data) if b"%" in piece.data else piece.data
        if any(_BITMAP.search(rest) for rest in _GRAPHICS.findall(text)):
            return FileKind.PDFLATEX
        last = class_line + _LINES_FOR_OUTPUT
        if piece.number <= last and _outputs_pdf(text, last - piece.number + 1):
            return FileKind.PDFLATEX
    return FileKind.LATEX2E


def _outputs_pdf(text: bytes, lines: int) -> bool:
    found = _OUTPUT.search(text)
    return found is not None and text.count(b"\n", 0, found.start()) < lines
