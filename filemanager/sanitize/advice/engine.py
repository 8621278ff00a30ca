"""Guessing the main files of a TeX source, and the engine they are for."""

import posixpath
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from filemanager.domain.trees.kinds import TEX_FAMILY, FileKind
from filemanager.sanitize.advice.tex.demands import Demand
from filemanager.sanitize.advice.tex.marks import Mark
from filemanager.sanitize.advice.tex.mentions import Family, Mention

_PARTS = frozenset({"subfiles", "standalone"})
"""Classes of files that are documents and parts of another at once."""

_USUAL = ("main", "ms", "paper", "article", "manuscript", "root", "thesis")
_UNICODE = frozenset({"fontspec", "unicode-math", "polyglossia", "xeCJK", "mathspec", "xltxtra"})
_LUA = frozenset({"luacode", "luatextra", "luatexja", "luatexja-fontspec", "luatexbase"})
_POSTSCRIPT = frozenset({"pstricks", "psfrag", "epsf", "pst-all", "auto-pst-pdf"})
_BITMAPS = (".pdf", ".png", ".jpg", ".jpeg")
_EPS = (".eps", ".ps")


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A TeX file: what it was taken for, and what was seen in it."""

    kind: FileKind
    marks: frozenset[Mark]
    mentions: tuple[Mention, ...]
    demands: tuple[Demand, ...] = ()
    written: tuple[str, ...] = ()

    def loads(self, packages: Collection[str]) -> bool:
        return any(one.family is Family.PACKAGE and one.name in packages for one in self.mentions)

    @property
    def is_document(self) -> bool:
        return Mark.CLASS in self.marks and Mark.BEGIN in self.marks

    @property
    def is_part(self) -> bool:
        return any(one.family is Family.CLASS and one.name in _PARTS for one in self.mentions)


class Engine(StrEnum):
    PDFLATEX = "pdflatex"
    LATEX = "latex"
    XELATEX = "xelatex"
    LUALATEX = "lualatex"
    TEX = "tex"


@dataclass(frozen=True, slots=True)
class Guess:
    """``why`` is the end of a sentence about the engine."""

    engine: Engine
    why: str


def main_files(texts: Mapping[str, Text]) -> list[str]:
    """Likeliest first: documents, else files with a class, else plain TeX that ends itself."""
    tiers = (
        [path for path, text in texts.items() if text.is_document and not text.is_part],
        [path for path, text in texts.items() if text.is_document],
        [path for path, text in texts.items() if Mark.CLASS in text.marks],
        [path for path, text in texts.items() if _is_plain(text)],
    )
    return sorted(next(filter(None, tiers), []), key=_likelihood)


def engine_of(texts: Iterable[Text], files: Iterable[str]) -> Guess:
    """From the texts that a main file leads to, and the files; figures may be missing still."""
    read = list(texts)
    missing = (m.name for text in read for m in text.mentions if m.family is Family.GRAPHICS)
    names = [*files, *missing]
    marks = frozenset[Mark]().union(*(text.marks for text in read))
    if Mark.LUA in marks or any(text.loads(_LUA) for text in read):
        return Guess(Engine.LUALATEX, "it runs Lua")
    if any(text.loads(_UNICODE) for text in read):
        return Guess(Engine.XELATEX, "it loads fonts of the system")
    if Mark.CLASS not in marks:
        return Guess(Engine.TEX, "it has no document class")
    return _by_figures(read, marks, names)


def _by_figures(texts: list[Text], marks: frozenset[Mark], figures: list[str]) -> Guess:
    if Mark.PDF_OUTPUT in marks:
        return Guess(Engine.PDFLATEX, "it asks for PDF")
    if any(name.lower().endswith(_BITMAPS) for name in figures):
        return Guess(Engine.PDFLATEX, "it includes PDF, PNG or JPEG figures")
    if any(name.lower().endswith(_EPS) for name in figures):
        return Guess(Engine.LATEX, "all of its figures are PostScript")
    if Mark.POSTSCRIPT in marks or any(text.loads(_POSTSCRIPT) for text in texts):
        return Guess(Engine.LATEX, "it draws with PostScript")
    return Guess(Engine.PDFLATEX, "nothing in it asks for another")


def _is_plain(text: Text) -> bool:
    return text.kind in TEX_FAMILY and Mark.PLAIN_END in text.marks


def _likelihood(path: str) -> tuple[int, int, str]:
    stem = posixpath.splitext(posixpath.basename(path))[0].lower()
    return path.count("/"), _USUAL.index(stem) if stem in _USUAL else len(_USUAL), path
