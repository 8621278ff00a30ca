"""Guesses at main files and engines."""

from collections.abc import Mapping

import pytest

from filemanager.domain.trees.kinds import FileKind
from filemanager.sanitize.advice.engine import Engine, Text, engine_of, main_files
from filemanager.sanitize.advice.tex.marks import marks_in
from filemanager.sanitize.advice.tex.mentions import mentions_in

PAPER = r"\documentclass{article}\begin{document}\end{document}"


def a_text(text: str, kind: FileKind = FileKind.LATEX2E) -> Text:
    return Text(kind=kind, marks=marks_in(text.encode()), mentions=tuple(mentions_in(text)))


def mains(texts: Mapping[str, str]) -> str:
    return " ".join(main_files({path: a_text(text) for path, text in texts.items()}))


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        ({"b.tex": PAPER, "part.tex": r"\section{One}"}, "b.tex"),
        ({"a.tex": PAPER, "main.tex": PAPER, "sub/main.tex": PAPER}, "main.tex a.tex sub/main.tex"),
        ({"a.tex": PAPER.replace("article", "standalone"), "b.tex": PAPER}, "b.tex"),
        ({"a.tex": PAPER.replace("article", "standalone")}, "a.tex"),
        ({"a.tex": r"\documentclass{article}\input{b}", "b.tex": r"\begin{document}"}, "a.tex"),
        ({"a.tex": r"Hello.\bye", "b.tex": r"\def\x{y}"}, "a.tex"),
        ({"a.tex": r"Hello. \end"}, "a.tex"),
        ({"a.tex": r"\begin{x}\end {x}"}, ""),
    ],
)
def test_main_files_come_likeliest_first(texts: Mapping[str, str], found: str) -> None:
    assert mains(texts) == found


def test_a_file_of_another_kind_is_no_plain_tex() -> None:
    assert main_files({"a.txt": a_text(r"\bye", FileKind.FAILED)}) == []


@pytest.mark.parametrize(
    ("text", "files", "engine"),
    [
        (PAPER, [], Engine.PDFLATEX),
        (PAPER, ["a.eps", "b.PNG"], Engine.PDFLATEX),
        (PAPER, ["a.eps", "b.ps"], Engine.LATEX),
        (PAPER + r"\includegraphics{missing.eps}", [], Engine.LATEX),
        (PAPER + r"\pdfoutput=1", ["a.eps"], Engine.PDFLATEX),
        (PAPER + r"\usepackage{pstricks}", [], Engine.LATEX),
        (PAPER + r"\special{ps: x}", [], Engine.LATEX),
        (PAPER + r"\usepackage{fontspec}", ["a.eps"], Engine.XELATEX),
        (PAPER + r"\usepackage{fontspec}\directlua{x}", [], Engine.LUALATEX),
        (PAPER + r"\usepackage{luacode}", [], Engine.LUALATEX),
        (r"Hello.\bye", ["a.eps"], Engine.TEX),
    ],
)
def test_the_engine_follows_from_text_and_figures(
    text: str, files: list[str], engine: Engine
) -> None:
    assert engine_of([a_text(text)], files).engine is engine
